"""What `check --deploy` says about the servers and files that the portal needs."""

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from evidence import pulses, troubles
from evidence.ledger import checkpoints
from evidence.storage import sentinel
from evidence.witnesses import configured as witnesses

from . import catalogue, connections, environment, readiness
from .run import broker


@register(Tags.security, deploy=True)
def there_are_enough_connections(
    app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """PostgreSQL's connections are enough for all web processes and workers. Says too when it does not answer."""
    if not connections.is_postgres(settings.DATABASES["default"]):
        return []
    try:
        needed, available = connections.needed(), connections.available()
    except DatabaseError as problem:
        first = str(problem).partition("\n")[0]
        return [Error(f"The database does not answer: {first}", id="portal.E001")]
    if needed <= available:
        return []
    return [
        Error(
            f"{settings.WEB_PROCESSES} web processes with {settings.DATABASE_POOL} connections each, workers and "
            f"commands may need {needed} connections, but PostgreSQL gives this role {available}.",
            hint="Lower DATABASE_POOL, or raise max_connections of PostgreSQL.",
            id="portal.E002",
        )
    ]


@register(Tags.security, deploy=True)
def everything_was_prepared(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Static files, translations and tables are there, as `portal.up` makes them."""
    found: list[CheckMessage] = []
    if not readiness.static_files_are_there():
        hint = "Run manage.py collectstatic, then start the web servers again."
        found.append(Error("The static files are missing: every page is an error.", hint=hint, id="portal.E003"))
    if not readiness.translations_are_there():
        hint = f"Run: {catalogue.COMMAND}"
        found.append(
            Error("The translations were not compiled: every page is English.", hint=hint, id="portal.E004")
        )
    with suppress(DatabaseError):  # portal.E001
        if not readiness.tables_are_up_to_date():
            found.append(Error("Tables are missing or old.", hint="Run manage.py migrate.", id="portal.E005"))
    return found


@register(Tags.security, deploy=True)
def others_cannot_read_the_data(
    app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    folder = settings.DATA_DIR
    if not folder.exists() or not folder.stat().st_mode & 0o077:
        return []
    return [
        Warning(
            f"Other users of this machine can look into {folder}, which may hold statements and keys.",
            hint=f"chmod 700 {folder}",
            id="portal.W003",
        )
    ]


@register
def names_are_spelt_as_settings(
    app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    return [Warning(sentence, id="portal.W004") for sentence in environment.misspelt(os.environ)]


@register(Tags.security, deploy=True)
def https_can_be_seen(app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    if settings.BEHIND_PROXY or not settings.SECURE_SSL_REDIRECT:
        return []
    return [
        Warning(
            "BEHIND_PROXY is not set: if a proxy ends TLS, every page leads to itself without end.",
            hint="Set BEHIND_PROXY=1, and have the proxy set X-Forwarded-Proto (README, In front of it).",
            id="portal.W005",
        )
    ]


@register(Tags.security, deploy=True)
def the_storage_is_the_portals(
    app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    try:
        sentinel.prove(making=False)
    except sentinel.Unproven as problem:
        return [Error(str(troubles.SENTENCES[problem.code]), id="portal.E006")]
    except (DatabaseError, ImproperlyConfigured):
        pass  # other checks say so
    return []


@register(Tags.security, deploy=True)
def the_work_behind_the_pages_is_done(
    app_configs: Sequence[AppConfig] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Redis answers, workers serve all queues, the ledger can be signed, and ADMINS get a mail if not."""
    found: list[CheckMessage] = []
    if readiness.answers(broker.ping) != "ok":
        found.append(Error("Redis does not answer: nothing is sealed, routed or sent.", id="portal.E007"))
    with suppress(DatabaseError):
        if trouble := checkpoints.trouble():
            message = f"The ledger cannot be signed, so no complaint can be filed: {trouble}."
            found.append(Error(message, id="portal.E008"))
        for witness in witnesses.contradicting():
            message = f"The witness {witness} has seen another ledger: {witnesses.REASONS[witness.reason]}."
            found.append(Error(message, id="portal.E009"))
        for witness in witnesses.failing():
            message = f"The witness {witness} does not cosign: {witnesses.REASONS[witness.reason]}."
            found.append(Warning(message, id="portal.W006"))
        if silent := [queue for queue, state in pulses.states().items() if state != "ok"]:
            message = f"No worker serves: {', '.join(silent)}. Or beat does not run."
            found.append(Warning(message, id="portal.W001"))
    if not (settings.ADMINS and settings.EMAIL_URL):
        missing = "EMAIL_URL" if settings.ADMINS else "ADMINS"
        message = f"{missing} is empty: nobody is told by mail when signing, storage, workers or pages fail."
        found.append(Warning(message, id="portal.W002"))
    if readiness.disk() == "low":
        message = "The disk is nearly full: less than MIN_FREE_BYTES would stay free, so no file can be uploaded."
        found.append(Warning(message, id="portal.W007"))
    return found
