"""Whether the frozen documents of cases are still those whose digests the ledger has.

The database has the documents' bytes: somebody who can write there could alter or remove one.
"""

import hashlib
import logging
from collections.abc import Iterator

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from complaints.models import (
    Case,
    Complaint,
    Declaration,
    Enquiry,
    EnquiryAnswer,
    Extension,
    Finding,
    FormerReporter,
    Grant,
    Message,
    Note,
    Proposal,
    Reassignment,
    Referral,
    Reporter,
    Retaliation,
    Review,
    SeverityChange,
    Undertaking,
    Withdrawal,
    event_kinds,
)
from evidence import holdfast_verify as verifier
from evidence import ledger
from evidence.models import LedgerEntry, LedgerHead

from . import record

log = logging.getLogger(__name__)
FROZEN = (
    *(Complaint, Reporter, FormerReporter, Finding, Message, Review, Retaliation, Withdrawal),
    *(Enquiry, EnquiryAnswer, Proposal, Undertaking, Referral, Extension, Note),
)  # what a bundle can contain
OUTSIDE_BUNDLES = {  # name of a document that no bundle contains -> kinds of the entries with its digest
    "reassignment": (event_kinds.CASE_ROUTED, event_kinds.CASE_ASSIGNED),
    "severity_change": (event_kinds.SEVERITY_CHANGED,),
    "grant": (event_kinds.GRANT_GIVEN,),
}
AT_ONCE = 50  # cases that one sweep checks
RECEIPT = "receipt"
THREAD = "portal"  # the ledger's history of the portal itself


def kept(case: Case) -> dict[str, bytes]:
    """SHA-256 (hex) -> each frozen document of the case that the database has."""
    rows = [
        row
        for model in (*FROZEN, Reassignment, SeverityChange)
        for row in model._default_manager.filter(case=case)
    ]
    documents = [
        bytes(document)
        for row in (*rows, *Grant.objects.filter(export__case=case))
        for document in (getattr(row, column) for column in row.FROZEN_IN)
        if document is not None
    ]
    return {hashlib.sha256(document).hexdigest(): document for document in documents}


def faulty(case: Case) -> dict[str, str]:
    """Name -> digest (hex) in the ledger, of each document that is missing or was altered. The receipt, which
    signs itself, has none."""
    entries, there = [entry.opened() for entry in ledger.history(case.thread)], kept(case)
    named = verifier.documents_of(entries)
    for name, kinds in OUTSIDE_BUNDLES.items():
        digests = filter(None, (entry.data.get(name) for entry in entries if entry.kind in kinds))
        named |= {f"{name.replace('_', '-')}-{number}": digest for number, digest in enumerate(digests, 1)}
    found = {name: digest for name, digest in named.items() if digest not in there}
    return found if _is_its_receipt(bytes(case.receipt), case) else {**found, RECEIPT: ""}


def _is_its_receipt(receipt: bytes, case: Case) -> bool:
    try:
        return verifier.open_receipt(receipt).case == case.thread
    except verifier.Broken:
        return False


def check(case: Case, recording: bool) -> list[str]:
    """Names of the case's documents that are missing or altered. If `recording`, put what has changed on the
    ledger."""
    found = faulty(case)
    if recording:
        _record(case, found)
    return sorted(found)


@transaction.atomic
def _record(case: Case, found: dict[str, str]) -> None:
    before = _recorded(Case.objects.locked(case).thread)
    for name in sorted(found.keys() - before):
        log.error("case %s: the document %s is missing or was altered", case.pk, name)
        record.note(case, event_kinds.DOCUMENT_FAULT, by=ledger.SYSTEM, name=name, sha256=found[name])
    for name in sorted(before - found.keys()):
        record.note(case, event_kinds.DOCUMENT_RESTORED, by=ledger.SYSTEM, name=name)
    Case.objects.filter(pk=case.pk).update(documents_checked_at=timezone.now(), documents_faulty=len(found))


def _recorded(thread: str) -> set[str]:
    """Names of the documents whose last entry in the thread says that they are missing or altered."""
    kinds = (event_kinds.DOCUMENT_FAULT, event_kinds.DOCUMENT_RESTORED)
    told = LedgerEntry.objects.filter(thread=thread, kind__in=kinds).order_by("seq")
    last = {ledger.content_of(entry)["data"]["name"]: entry.kind for entry in told}
    return {name for name, kind in last.items() if kind == event_kinds.DOCUMENT_FAULT}


def faulty_declarations() -> dict[str, str]:
    """Name -> digest (hex) in the ledger, of each declaration of a conflict that is missing or was altered."""
    documents = Declaration.objects.values_list("document", flat=True)
    there = {hashlib.sha256(bytes(one)).hexdigest() for one in documents}
    declared = LedgerEntry.objects.filter(thread=THREAD, kind=event_kinds.CONFLICT_DECLARED).order_by("seq")
    digests = (str(ledger.content_of(entry)["data"]["declaration"]) for entry in declared)
    return {f"declaration-{place}": one for place, one in enumerate(digests, 1) if one not in there}


@transaction.atomic
def record_declarations() -> dict[str, str]:
    """Put on the ledger which declarations have become faulty or whole. Returns the faulty ones."""
    LedgerHead.objects.select_for_update().get_or_create(pk=1)  # or two sweeps would both append it
    found, before = faulty_declarations(), _recorded(THREAD)
    for name in sorted(found.keys() - before):
        log.error("the document %s is missing or was altered", name)
        _note(event_kinds.DOCUMENT_FAULT, name=name, sha256=found[name])
    for name in sorted(before - found.keys()):
        _note(event_kinds.DOCUMENT_RESTORED, name=name)
    return found


def _note(kind: str, **data: str) -> None:
    ledger.append(ledger.Event(kind=kind, thread=THREAD, subject=THREAD, by=ledger.SYSTEM, data=data))


def check_all(recording: bool) -> Iterator[str]:
    """Check every case and the declarations, and yield one sentence for each faulty document."""
    for name in record_declarations() if recording else faulty_declarations():
        yield f"the document {name} of the portal is missing or was altered"
    for case in Case.objects.order_by("pk").iterator(chunk_size=AT_ONCE):
        try:
            for name in check(case, recording):
                yield f"the document {name} of {case} is missing or was altered"
        except (verifier.Broken, UnicodeDecodeError) as error:
            yield f"the ledger's entries of {case} cannot be read: {error}"


def sweep() -> None:
    """Check the declarations, and the AT_ONCE cases that were checked longest ago, and record what has changed."""
    record_declarations()
    for case in Case.objects.order_by(F("documents_checked_at").asc(nulls_first=True))[:AT_ONCE]:
        try:
            check(case, True)
        except (verifier.Broken, UnicodeDecodeError):
            log.exception("case %s: its ledger entries cannot be read", case.pk)  # check_ledger says why
            Case.objects.filter(pk=case.pk).update(documents_checked_at=timezone.now())
