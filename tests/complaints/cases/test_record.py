"""What happens to a case is one entry of its history."""

import json

import pytest
from django.db import transaction

from complaints import documents
from complaints.cases import record
from complaints.models import StaffMember
from complaints.refusal import Refused
from complaints.staff import access
from evidence import holdfast_verify as verifier
from evidence import ledger
from tests.support import cast, office


def test_an_entry_names_the_case_who_did_it_and_the_parts_of_the_document(
    borrower: cast.Filed, investigator: StaffMember
) -> None:
    body, digest = documents.document("note", text="Their log is late.")
    with transaction.atomic():
        record.note(borrower.case, "note.written", by=investigator, document=body, note=digest, kind="any", case=1)
    entry = ledger.history(borrower.case.thread)[-1]
    content = ledger.content_of(entry)
    assert (entry.kind, entry.subject) == ("note.written", borrower.case.thread)
    assert content["by"] == {"role": "investigator", "id": str(investigator.uid)}
    parts = {digest: verifier.parts_root(json.loads(body))}
    assert content["data"] == {"note": digest, "kind": "any", "case": 1, "parts": parts}


def test_an_entry_without_a_document_has_no_parts(borrower: cast.Filed) -> None:
    with transaction.atomic():
        record.note(borrower.case, "code.renewed", by=ledger.BORROWER)
    assert office.last_of(borrower.case, "code.renewed")["data"] == {}


def test_only_investigators_of_the_team_and_supervisors_may_act(
    borrower: cast.Filed, supervisor: StaffMember, auditor: StaffMember, investigator_north: StaffMember
) -> None:
    access.must_act(supervisor, borrower.case)
    for member in (auditor, investigator_north):
        with pytest.raises(Refused, match="Only investigators of the case's team"):
            access.must_act(member, borrower.case)
