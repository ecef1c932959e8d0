"""What works and what does not, by part: for /readyz, for `check --deploy`, and for the mail to ADMINS."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage, staticfiles_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.utils import timezone

from complaints.models import Case, Notice
from evidence import pulses
from evidence.ledger import checkpoints
from evidence.models import EvidenceItem, Trouble
from evidence.receiving import room
from evidence.timestamps import authorities
from evidence.witnesses import configured as witnesses

from .catalogue import po_path
from .run import broker

log = logging.getLogger(__name__)
LATE = timedelta(minutes=10)  # for evidence to be sealed, cases to be routed, and mail to be sent
FILING_NEEDS = ("database", "tables", "static", "signing")
Parts = dict[str, object]


def parts() -> Parts:
    """A word for each part: `ok`, or what is wrong. No word is about a person.

    `filing` says whether a complaint can be filed now. It alone decides whether the portal is ready.
    """
    found: Parts = {
        "database": answers(_ask_the_database),
        "broker": answers(broker.ping),
        "static": "ok" if static_files_are_there() else "missing",
        "translations": "ok" if translations_are_there() else "missing",
        "disk": disk(),
    }
    if found["database"] == "ok":
        found |= _from_the_database()
    missing = [part for part in FILING_NEEDS if found.get(part, "ok") != "ok"]
    return {"filing": f"down: {', '.join(missing)}" if missing else "ok", **found}


def _from_the_database() -> Parts:
    if not tables_are_up_to_date():
        return {"tables": "migrations are missing"}
    unsealed = EvidenceItem.objects.awaiting_seal().aggregate(at=Min("received_at"))["at"]
    unrouted = Case.objects.awaiting_routing().aggregate(at=Min("filed_at"))["at"]
    unsent = Notice.objects.waiting().aggregate(at=Min("next_try_at"))["at"]
    troubles = dict(Trouble.objects.exclude(code="").values_list("name", "code"))
    return {
        "tables": "ok",
        "signing": "stopped" if checkpoints.trouble() else "ok",
        "sealing": _late(unsealed),
        "oldest_unsealed_seconds": _age(unsealed),
        "timestamps": "away" if authorities.away() else "ok",
        "witnesses": _witnesses(),
        "routing": _late(unrouted),
        "oldest_unrouted_seconds": _age(unrouted),
        "mail": _mail(troubles, unsent),
        "storage": troubles.get("storage") or troubles.get("faults") or "ok",
        "workers": pulses.states(),
    }


def _mail(troubles: dict[str, str], unsent: datetime | None) -> str:
    if not (settings.EMAIL_URL or settings.SMS_BACKEND):
        return "not set up"
    return troubles.get("email") or troubles.get("sms") or _late(unsent)


def _witnesses() -> str:
    if witnesses.contradicting():
        return "contradict"
    return "away" if witnesses.failing() else "ok"


def answers(ask: Callable[[], object]) -> str:
    try:
        ask()
    except (DatabaseError, redis.RedisError) as problem:
        log.warning("not ready: %s", problem)
        return "down"
    return "ok"


def _ask_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


class _Tables:
    """Once they were up to date, this process does not look again."""

    are_up_to_date = False


def tables_are_up_to_date() -> bool:
    if not _Tables.are_up_to_date:
        executor = MigrationExecutor(connection)
        _Tables.are_up_to_date = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _Tables.are_up_to_date


def static_files_are_there() -> bool:
    """Whether `collectstatic` ran before this process started. Otherwise every page is an error."""
    return not isinstance(staticfiles_storage, ManifestStaticFilesStorage) or bool(
        staticfiles_storage.hashed_files
    )


def translations_are_there() -> bool:
    """Whether the Chinese texts were compiled. Otherwise every page is English."""
    return po_path().with_suffix(".mo").exists()


def disk() -> str:
    try:
        return "ok" if room.has_room() else "low"
    except (OSError, DatabaseError):  # the database knows what is reserved
        return "unknown"


def _age(at: datetime | None) -> int:
    return max(0, int((timezone.now() - at).total_seconds())) if at else 0


def _late(at: datetime | None) -> str:
    return "late" if at and timezone.now() - at > LATE else "ok"
