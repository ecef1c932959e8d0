"""The admin site of the office."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class Desk(AdminSite):
    site_header = site_title = _("Holdfast desk")
    index_title = _("Desk")
    site_url = "/"
