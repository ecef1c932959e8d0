"""What `check` refuses: numbers to call that cannot be used; and `check --deploy`: ones that nobody confirmed."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils import timezone

from . import helplines


@register
def the_numbers_to_call_can_be_used(
    app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    try:
        helplines.here()
    except helplines.Unusable as problem:
        return [Error(str(problem), id="complaints.E001")]
    return []


@register(Tags.security, deploy=True)
def a_person_has_confirmed_the_numbers(
    app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    try:
        country = helplines.here()
    except helplines.Unusable:
        return []  # the check above says so
    if country.is_confirmed and country.confirmed_on and country.confirmed_on <= timezone.localdate():
        return []
    return [
        Error(
            f"Nobody has confirmed the numbers to call in {country.name}: somebody in danger would rely on them.",
            hint="Copy complaints/helplines.toml, check each number, fill in confirmed_by and confirmed_on, "
            "and name the copy in HELPLINES.",
            id="complaints.E002",
        )
    ]
