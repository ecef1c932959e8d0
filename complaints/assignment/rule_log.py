"""Records each change of a routing rule in the ledger, made at the desk or directly in the database.

Rules decide which team gets a case, so changes must be visible. An entry has the digest of the rule's content,
with which an auditor can compare the current rule, or one of an old backup.
"""

import hashlib
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from complaints.models import RoutingRule, event_kinds
from complaints.staff.role_log import THREAD
from evidence import ledger
from evidence.holdfast_verify import canonical
from evidence.ledger import Actor
from evidence.models import LedgerEntry, LedgerHead

CHANGED = event_kinds.RULE_CHANGED
GONE: dict[str, Any] = {"version": 0, "sha256": ""}


def record(rule: RoutingRule, *, by: Actor) -> None:
    """Append the rule's version and digest if they differ from those last recorded."""
    _append(rule.pk, _current(rule), by)


def record_all() -> None:
    """The sweep: record rules that were changed, added or deleted directly in the database."""
    now = {rule.pk: _current(rule) for rule in RoutingRule.objects.all()}
    before = _recorded()
    for pk in sorted(now.keys() | before.keys()):
        if now.get(pk, GONE) != before.get(pk):
            _append(pk, now.get(pk, GONE), ledger.SYSTEM)


def _current(rule: RoutingRule) -> dict[str, Any]:
    content = {**model_to_dict(rule), "version": rule.version}
    return {"version": rule.version, "sha256": hashlib.sha256(canonical(content)).hexdigest()}


def _recorded() -> dict[int, dict[str, Any]]:
    """Key of each rule -> the version and digest last recorded."""
    entries = LedgerEntry.objects.filter(thread=THREAD, kind=CHANGED).order_by("seq")
    return {data.pop("rule"): data for data in (ledger.content_of(entry)["data"] for entry in entries)}


def _append(pk: int, current: dict[str, Any], by: Actor) -> None:
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get_or_create(pk=1)  # or two processes would both append it
        if current != _recorded().get(pk):
            data, subject = {"rule": pk, **current}, f"rule:{pk}"
            ledger.append(ledger.Event(kind=CHANGED, thread=THREAD, subject=subject, by=by, data=data))
