"""Changes how the borrower can be reached. Each change makes a new frozen document; the old ones are kept."""

import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from complaints import documents
from complaints.cases import links, record
from complaints.models import Case, FormerReporter, Reporter, event_kinds
from complaints.staff import conflicts
from evidence import ledger

CHANGEABLE = ("name", "phone", "email", "channels", "safe_times", "contact_note", "notify", "safe_words")
OWN = ("v", "kind", "salt")  # fields that `documents.document` adds


@transaction.atomic
def change(case: Case, **given: Any) -> Reporter:
    """Replace the given fields of `CHANGEABLE` in the case's reporter. Other names are ignored.

    If nothing differs, nothing is recorded.
    """
    case = Case.objects.locked(case)
    reporter: Reporter = case.reporter
    offered = {name: given[name] for name in CHANGEABLE if name in given}
    changed = {name: value for name, value in offered.items() if value != getattr(reporter, name)}
    if changed:
        _replace(case, reporter, changed)
    return reporter


def _replace(case: Case, reporter: Reporter, changed: dict[str, Any]) -> None:
    before, now = bytes(reporter.document), timezone.now()
    FormerReporter.objects.create(case=case, document=before, sha256=reporter.sha256, replaced_at=now)
    content = {name: value for name, value in json.loads(before).items() if name not in OWN}
    content |= {**changed, "changed_at": ledger.rfc3339(now)}
    reporter.document, reporter.sha256 = documents.document("reporter", **content)
    for name, value in changed.items():
        setattr(reporter, name, value)
    reporter.save()
    links.write(case)
    conflicts.record_for_case(case)
    changed_to = {"document": reporter.document, "reporter": reporter.sha256}
    record.note(case, event_kinds.REPORTER_CHANGED, by=ledger.BORROWER, **changed_to)
