"""Looking at evidence at the desk: the reason goes on the ledger once an item and visit, before the first byte.

A visit is one sign-in at one item, until thirty minutes after the last look: all range requests of a player are
one visit.
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
KEY = "visits"  # of the session: item -> kind -> [reason, until]


def begin(request: HttpRequest, item: EvidenceItem, kind: str, reason: str) -> None:
    """Record who looks and why; nothing more while a visit with this reason lasts."""
    if not access.has_role(request.user):
        raise PermissionDenied
    visits, now = _running(request), time.time()
    mine = visits.setdefault(str(item.pk), {})
    if mine.get(kind, [""])[0] != reason:
        custody.record(item, kind, by=access.actor(request.user), reason=reason)
    mine[kind] = [reason, now + SECONDS]
    request.session[KEY] = visits


def is_open(request: HttpRequest, item: EvidenceItem, kind: str = VIEWED) -> bool:
    """Whether a visit of this kind is running; who downloads may view."""
    mine = _running(request).get(str(item.pk), {})
    return kind in mine or (kind == VIEWED and DOWNLOADED in mine)


def needed(request: HttpRequest, item: EvidenceItem, kind: str = VIEWED) -> None:
    """Refuse without a visit; while it is used it goes on."""
    if not is_open(request, item, kind):
        raise PermissionDenied
    visits, now = _running(request), time.time()
    for lasting in visits[str(item.pk)].values():
        if lasting[1] - now < SECONDS / 2:  # not at each request: it writes the session
            lasting[1] = now + SECONDS
            request.session[KEY] = visits


def _running(request: HttpRequest) -> dict[str, dict[str, list[Any]]]:
    """The visits that have not ended."""
    now = time.time()
    kept = {
        item: {kind: lasting for kind, lasting in kinds.items() if lasting[1] > now}
        for item, kinds in request.session.get(KEY, {}).items()
    }
    return {item: kinds for item, kinds in kept.items() if kinds}
