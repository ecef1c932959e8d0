"""Changing how one can be reached: a new frozen document, and the old ones stay."""

import hashlib
import json

import pytest

from complaints.models import Case, FormerReporter, Reporter
from complaints.rights import contact_details
from evidence import ledger
from tests.support import cast, office


@pytest.fixture
def case(borrower: cast.Filed) -> Case:
    return borrower.case


def document(reporter: Reporter | FormerReporter) -> dict[str, object]:
    told: dict[str, object] = json.loads(bytes(reporter.document))
    return told


def test_a_change_is_a_new_document_whose_digest_is_on_the_ledger(case: Case) -> None:
    before = bytes(case.reporter.document)
    reporter = contact_details.change(case, phone="199 0000 0042", email="")
    assert (reporter.phone, reporter.email, reporter.name) == ("199 0000 0042", "", "李小梅")
    assert hashlib.sha256(bytes(reporter.document)).hexdigest() == reporter.sha256
    entry = ledger.history(case.thread)[-1]
    assert entry.kind == "reporter.changed"
    assert office.in_short(ledger.content_of(entry)["data"]) == {"reporter": reporter.sha256}
    assert b"199 0000" not in bytes(entry.body)
    former = FormerReporter.objects.get()
    assert bytes(former.document) == before
    assert document(reporter)["name"] == document(former)["name"]
    assert document(reporter)["salt"] != document(former)["salt"]


def test_the_document_given_at_filing_stays_the_one_of_the_receipt(case: Case) -> None:
    filed = json.loads(bytes(case.receipt))["reporter"]
    contact_details.change(case, name="")
    contact_details.change(case, name="李梅")
    assert FormerReporter.objects.first().sha256 == filed  # type: ignore[union-attr]
    assert FormerReporter.objects.count() == 2


def test_the_same_again_changes_nothing(case: Case) -> None:
    for _click in range(2):
        contact_details.change(case, name="李梅", phone=case.reporter.phone)
    assert office.told(case).count("reporter.changed") == FormerReporter.objects.count() == 1


def test_what_the_document_holds_besides_is_carried_on(case: Case) -> None:
    before = document(case.reporter)
    after = document(contact_details.change(case, notify=["email"], safe_words="reference"))
    assert (after["notify"], after["safe_words"]) == (["email"], "reference")
    assert before["may_see_name"] == after["may_see_name"]
    assert set(before) <= set(after)


def test_a_second_borrower_is_untouched(case: Case, second_borrower: cast.Filed) -> None:
    before = second_borrower.case.reporter.sha256
    contact_details.change(case, name="李梅")
    assert Reporter.objects.get(case=second_borrower.case).sha256 == before
