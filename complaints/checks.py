"""What `check` says of the ways to reach borrowers."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.utils.module_loading import import_string


@register
def the_gateway_is_there(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    try:
        import_string(settings.SMS_BACKEND or "complaints.sms.Console")
    except ImportError:
        return [
            Error(f"SMS_BACKEND names {settings.SMS_BACKEND!r}, which cannot be imported.", id="complaints.E001")
        ]
    return []


@register(Tags.security, deploy=True)
def borrowers_can_be_told(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    if settings.EMAIL_URL:
        return []
    return [
        Warning(
            "EMAIL_URL is not set: nobody who asked for it is told by e-mail that there is an answer, and nobody"
            " gets a new access code by e-mail.",
            hint="Set EMAIL_URL, such as smtp+tls://user:password@host:587 (README, Settings).",
            id="complaints.W001",
        )
    ]
