"""Visits: looking at evidence at the desk. The reason goes on the ledger before the first byte is sent.

A visit is of one item in one sign-in and ends thirty minutes after the last look. So the many range requests of a
player are one visit with one entry.
"""

import time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from complaints.models import event_kinds
from complaints.staff import access
from evidence.ledger import custody
from evidence.models import EvidenceItem

SECONDS = 30 * 60
VIEWED, DOWNLOADED = event_kinds.EVIDENCE_VIEWED, event_kinds.EVIDENCE_DOWNLOADED
KEY = "visits"  # session key: item -> kind -> [reason, until]


def begin(request: HttpRequest, item: EvidenceItem, kind: str, reason: str) -> None:
    """Begin or extend a visit. It is recorded unless a visit with the same reason is still open."""
    if not access.has_role(request.user):
        raise PermissionDenied
    visits, now = _running(request), time.time()
    mine = visits.setdefault(str(item.pk), {})
    if mine.get(kind, [""])[0] != reason:
        custody.record(item, kind, by=access.actor(request.user), reason=reason)
    mine[kind] = [reason, now + SECONDS]
    request.session[KEY] = visits


def is_open(request: HttpRequest, item: EvidenceItem, kind: str = VIEWED) -> bool:
    """Whether a visit of this kind is open. A visit for downloading also allows viewing."""
    mine = _running(request).get(str(item.pk), {})
    return kind in mine or (kind == VIEWED and DOWNLOADED in mine)


def needed(request: HttpRequest, item: EvidenceItem, kind: str = VIEWED) -> None:
    """Extend the open visit. Raises PermissionDenied without one."""
    if not is_open(request, item, kind):
        raise PermissionDenied
    visits, now = _running(request), time.time()
    for lasting in visits[str(item.pk)].values():
        if lasting[1] - now < SECONDS / 2:  # rarely, because it writes the session
            lasting[1] = now + SECONDS
            request.session[KEY] = visits


def _running(request: HttpRequest) -> dict[str, dict[str, list[Any]]]:
    """The visits that are still open."""
    now = time.time()
    kept = {
        item: {kind: lasting for kind, lasting in kinds.items() if lasting[1] > now}
        for item, kinds in request.session.get(KEY, {}).items()
    }
    return {item: kinds for item, kinds in kept.items() if kinds}
