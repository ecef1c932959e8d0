"""Checks of the app.

`check` refuses helplines, clocks and a message gateway that cannot be used. `check --deploy` also demands that
people have confirmed the numbers and the clocks, that mail can be sent, and that idle staff are signed out.
"""

import re
from collections.abc import Sequence
from typing import Any

from babel.numbers import get_territory_currencies
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.utils import timezone
from django.utils.module_loading import import_string

from .clocks import book
from .decisions import norms, replies
from .reference import regions, workdays
from .reference.wishes import own_currency
from .safety import helplines


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
        return []  # the check above reports it
    if country.is_confirmed and country.confirmed_on and country.confirmed_on <= timezone.localdate():
        return []
    return [
        Error(
            f"Nobody has confirmed the numbers to call in {country.name}: somebody in danger would rely on them.",
            hint="Copy complaints/safety/helplines.toml, check each number, fill in confirmed_by and confirmed_on,"
            " and name the copy in HELPLINES.",
            id="complaints.E002",
        )
    ]


@register
def the_clocks_can_be_used(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    try:
        book.in_force()
    except book.Unusable as problem:
        return [Error(str(problem), id="complaints.E004")]
    return []


@register(Tags.security, deploy=True)
def a_lawyer_has_confirmed_the_clocks(
    app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    try:
        if book.in_force().is_confirmed:
            return []
    except book.Unusable:
        return []  # the check above reports it
    return [
        Warning(
            f"No lawyer has confirmed how long things may take in {settings.COUNTRY}.",
            hint="Copy complaints/clocks/clocks.toml, let a lawyer check it, fill in confirmed_by and"
            " confirmed_on, and name the copy in CLOCKS.",
            id="complaints.W002",
        )
    ]


@register(Tags.security, deploy=True)
def the_country_is_whole(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Names what the portal does not know of COUNTRY."""
    country = settings.COUNTRY
    there = {
        "regions that rules and borrowers could name": regions.are_known(),
        "rules that a finding could name as broken": norms.own_first()[0].source.country == country,
        "other places that a reply could name": country in replies.ROUTES,
        "public holidays": workdays.is_known(country),
        "money of its own": own_currency() in get_territory_currencies(country),
    }
    missing = [what for what, is_there in there.items() if not is_there]
    if not missing:
        return []
    return [
        Warning(
            f"For COUNTRY {country} the portal has no {', no '.join(missing)}.",
            hint="It works without; rules of other countries can still be named. The tables that could be"
            " filled are in the README under “Where do I change …?”.",
            id="complaints.W003",
        )
    ]


@register
def the_gateway_is_there(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    try:
        import_string(settings.SMS_BACKEND or "complaints.notices.sms.Console")
    except ImportError:
        return [
            Error(f"SMS_BACKEND names {settings.SMS_BACKEND!r}, which cannot be imported.", id="complaints.E003")
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


@register(Tags.security, deploy=True)
def the_desk_closes_by_itself(
    app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    if 0 < settings.STAFF_IDLE_MINUTES <= 240 and 0 < settings.STAFF_SESSION_HOURS <= 24:
        return []
    return [
        Error(
            "A desk that somebody left stays open too long, or closes at once.",
            hint="Set STAFF_IDLE_MINUTES from 1 to 240 and STAFF_SESSION_HOURS from 1 to 24.",
            id="complaints.E005",
        )
    ]


SAID_ON_THE_PAGES = (
    "OFFICE_NAME",
    "OFFICE_ADDRESS",
    "OFFICE_PHONE",
    "OFFICE_EMAIL",
    "PRIVACY_FROM",
    "PRIVACY_PLACE",
)


USABLE = {"OFFICE_PHONE": re.compile(r"\d{3}"), "OFFICE_EMAIL": re.compile(r".@.+\.")}


@register(Tags.security, deploy=True)
def people_can_see_who_runs_this(
    app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """The pages “Who runs this” and the privacy notice name the office (PIPL art. 17: name and contact)."""
    empty = [name for name in SAID_ON_THE_PAGES if not str(getattr(settings, name) or "").strip()]
    empty += [
        name for name, needs in USABLE.items() if name not in empty and not needs.search(getattr(settings, name))
    ]
    if not empty:
        return []
    hint = f"Set {', '.join(empty)}: the privacy notice has to say who holds the data, where, and whom to ask."
    return [Error("The pages do not say who runs this portal.", hint=hint, id="complaints.E006")]
