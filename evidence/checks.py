"""Django's system checks: `check` tests STORAGE_URL and the keys of the ledger and its witnesses, `check --deploy`
the timestamp authorities."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured

from .holdfast_verify import Broken, parse_vkey
from .ledger import signing
from .storage import vault
from .timestamps import authorities
from .viewing.confined import calls
from .witnesses import configured


@register
def the_storage_can_be_used(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    try:
        vault.place()
    except ImproperlyConfigured as problem:
        return [Error(str(problem), id="evidence.E002")]
    return []


@register
def the_ledgers_key_can_be_used(
    app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Both verifiers accept the key that receipts and bundles name."""
    try:
        parse_vkey(signing.vkey())
    except Broken as problem:
        sentence = f"No receipt could be verified, because of LEDGER_ORIGIN or LEDGER_SIGNING_KEY: {problem}."
        return [Error(sentence, id="evidence.E003")]
    return []


@register
def the_witnesses_can_be_asked(
    app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    return [Error(problem, id="evidence.E004") for problem in configured.problems()]


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


@register(Tags.security, deploy=True)
def previews_are_made_behind_a_filter(
    app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    problem = calls.missing()
    return (
        [
            Warning(
                f"The programs that open what strangers sent can make any system call here: {problem}.",
                hint="Run the workers of the queue `previews` on Linux 4.14 or later, on x86-64 or arm64.",
                id="evidence.W001",
            )
        ]
        if problem
        else []
    )
