from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.core.mail.utils import DNS_NAME
from django.core.signals import got_request_exception


class DeskConfig(AdminConfig):
    """django.contrib.admin with the portal's own site as its default."""

    default_site = "portal.desk.site.Desk"


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from . import catalogue, checks, watch  # noqa: F401 (once the models are there; registers the checks)

        catalogue.keep_compiled()
        got_request_exception.connect(watch.page_broke)
        # Message-IDs of mail end in the sender's domain: many filters refuse those of localhost.
        DNS_NAME._fqdn = settings.EMAIL_FROM.rpartition("@")[2].rstrip(">")
