"""A frozen document that the database lacks or has altered is noticed, recorded and shown."""

import io
import json
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command

from complaints import tasks
from complaints.assignment import declarations
from complaints.bundles import grants
from complaints.bundles.options import Options
from complaints.cases import frozen
from complaints.models import Case, Complaint, Grant, Message, Reporter, StaffMember
from complaints.oversight import alarms
from evidence import ledger
from evidence.models import LedgerEntry
from tests.support import cast, conversation
from tests.support.append_only import triggers_lifted


def statement_altered(filed: cast.Filed) -> None:
    document = bytes(Complaint.objects.get(case=filed.case).document)
    Complaint.objects.filter(case=filed.case).update(document=document.replace(b'"story":"', b'"story":"Not '))


def statement_and_reporter_swapped(filed: cast.Filed) -> None:
    """Each row then has the other's document, together with its digest."""
    first, second = Complaint.objects.get(case=filed.case), Reporter.objects.get(case=filed.case)
    Complaint.objects.filter(pk=first.pk).update(document=second.document, sha256=second.sha256)


def message_removed(filed: cast.Filed) -> None:
    Message.objects.filter(case=filed.case).delete()


def receipt_altered(filed: cast.Filed) -> None:
    receipt = bytes(filed.case.receipt).replace(b'"issued_at":"2', b'"issued_at":"3')
    Case.objects.filter(pk=filed.case.pk).update(receipt=receipt)


HARM: dict[str, tuple[Callable[[cast.Filed], None], str]] = {
    "the statement is altered": (statement_altered, "statement"),
    "the statement is replaced by another document": (statement_and_reporter_swapped, "statement"),
    "a message is removed": (message_removed, "message-1"),
    "the receipt is altered": (receipt_altered, "receipt"),
}


@pytest.fixture
def writing(borrower: cast.Filed) -> cast.Filed:
    conversation.sent(borrower.case, "message", "I found more.", [])
    return borrower


def recorded() -> list[str]:
    return [entry.kind for entry in LedgerEntry.objects.filter(kind__startswith="document.").order_by("index")]


@pytest.mark.parametrize("harm", HARM)
def test_a_faulty_document_is_named_and_recorded_only_when_somebody_says_so(
    writing: cast.Filed, second_borrower: cast.Filed, harm: str
) -> None:
    change, name = HARM[harm]
    call_command("check_integrity", stdout=io.StringIO())
    change(writing)
    with pytest.raises(CommandError, match=f"the document {name} of {writing.case} is missing or was altered"):
        call_command("check_integrity")
    assert recorded() == []
    for _ in range(2):
        with pytest.raises(CommandError, match=name):
            call_command("check_integrity", "--record")
    assert recorded() == ["document.fault"]


def test_the_sweep_records_a_fault_and_its_end_and_the_desk_shows_it(writing: cast.Filed) -> None:
    whole = bytes(Complaint.objects.get(case=writing.case).document)
    statement_altered(writing)
    tasks.recheck_documents()
    entry = LedgerEntry.objects.get(kind="document.fault")
    assert ledger.content_of(entry)["data"]["name"] == "statement"
    assert "1 document of a case is missing from the database or was altered there." in alarms.sounding()
    Complaint.objects.filter(case=writing.case).update(document=whole)
    tasks.recheck_documents()
    assert recorded() == ["document.fault", "document.restored"]
    assert Case.objects.get(pk=writing.case.pk).documents_faulty == 0


def test_a_grant_that_was_altered_is_named(writing: cast.Filed) -> None:
    options = Options.usual("legal_aid").kept()
    grants.give(writing.case, options, grants.Terms(recipient="Mr Wang", days=7, downloads=2), language="en")
    assert "grant-1" not in frozen.faulty(writing.case)
    Grant.objects.update(document=b"{}")
    assert list(frozen.faulty(writing.case)) == ["grant-1"]


def test_a_declaration_that_was_altered_is_recorded_once(investigator: StaffMember) -> None:
    declared = declarations.declare(investigator, by=investigator, kind="organisation", name="Yunqian Finance")
    call_command("check_integrity", stdout=io.StringIO())
    whole = bytes(declared.document)
    type(declared).objects.update(document=whole.replace(b"Yunqian", b"Qianyun"))
    with pytest.raises(CommandError, match="the document declaration-1 of the portal is missing or was altered"):
        call_command("check_integrity")
    for _ in range(2):
        tasks.recheck_documents()
    assert recorded() == ["document.fault"]
    type(declared).objects.update(document=whole)
    tasks.recheck_documents()
    assert recorded() == ["document.fault", "document.restored"]


def test_the_sweep_takes_the_cases_that_were_checked_longest_ago(
    writing: cast.Filed, second_borrower: cast.Filed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frozen, "AT_ONCE", 1)
    for left in (1, 0):
        tasks.recheck_documents()
        assert Case.objects.filter(documents_checked_at=None).count() == left


def test_a_case_whose_entries_cannot_be_read_keeps_no_other_from_being_checked(
    transactional_db: None, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = cast.file_a_complaint(files=[]), cast.file_a_complaint(files=[])
    with triggers_lifted():
        LedgerEntry.objects.filter(thread=first.case.thread).update(body=b"{}")
    statement_altered(second)
    tasks.recheck_documents()
    assert Case.objects.get(pk=second.case.pk).documents_faulty == 1
    assert "its ledger entries cannot be read" in caplog.text
    with pytest.raises(CommandError, match=f"ledger's entries of {first.case} cannot be read"):
        call_command("check_integrity")


def test_nothing_personal_is_recorded(writing: cast.Filed) -> None:
    statement_altered(writing)
    tasks.recheck_documents()
    data = json.loads(bytes(LedgerEntry.objects.get(kind="document.fault").body))["data"]
    assert set(data) == {"name", "sha256"}
