"""What `check --deploy` refuses: a portal whose proof would prove nothing."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register

from . import authorities


@register(Tags.security, deploy=True)
def timestamps_come_from_outside(
    app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    return [
        Error(
            f"The timestamp authority {authority.name!r} is this machine's own clock: it proves nothing against "
            "the operator.",
            hint="Name outside authorities with their roots in TIMESTAMP_AUTHORITIES.",
            id="evidence.E001",
        )
        for authority in authorities.configured()
        if authority.is_local_clock
    ]
