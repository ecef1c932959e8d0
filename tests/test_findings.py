"""A decision: one finding with its reasons, frozen, on the ledger by its digest alone."""

import hashlib
import json
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection

from complaints import access, findings, lifecycle
from complaints.lifecycle import Refused
from complaints.models import Case, Finding, StaffMember, Team
from evidence import ledger
from tests import cast


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    """Under investigation."""
    lifecycle.advance(borrower.case, "route", by=ledger.SYSTEM, changes={"team": south, "assignee": investigator})
    borrower.case.refresh_from_db()
    return lifecycle.advance(borrower.case, "begin", by=access.actor(investigator), staff=investigator)


def decide(case: Case, by: StaffMember, **fields: Any) -> Finding:
    words = {"allegation": "C04", "outcome": "substantiated", "reasons": " The recording has it. ", **fields}
    return findings.decide(case, by=by, **words)


def test_a_finding_decides_the_case(case: Case, investigator: StaffMember) -> None:
    exhibit = case.exhibits.get()
    finding = decide(case, investigator, relied_on=[exhibit])
    case.refresh_from_db()
    assert case.state == Case.State.DECIDED
    assert (finding.reasons, finding.found_by, list(finding.relied_on.all())) == (
        "The recording has it.",
        investigator,
        [exhibit],
    )


def test_its_document_is_frozen_and_only_its_digest_is_on_the_ledger(
    case: Case, investigator: StaffMember
) -> None:
    finding = decide(case, investigator, relied_on=case.exhibits.all())
    kept = bytes(Finding.objects.get().document)
    entry = ledger.history(case.thread)[-1]
    assert hashlib.sha256(kept).hexdigest() == finding.sha256
    assert ledger.opened(entry)["data"] == {
        "finding": finding.sha256,
        "allegation": "C04",
        "outcome": "substantiated",
    }
    assert b"recording" not in bytes(entry.body)
    told = json.loads(kept)
    assert (told["reasons"], told["reference"]) == ("The recording has it.", case.reference)
    assert told["relied_on"] == [{"exhibit": "E-1", "sha256": case.exhibits.get().item.sha256}]


def test_a_finding_without_reasons_is_refused(case: Case, investigator: StaffMember) -> None:
    with pytest.raises(Refused, match="Write the reasons"):
        decide(case, investigator, reasons="  \n")


def test_a_finding_relies_on_exhibits_of_its_own_case(
    case: Case, second_borrower: cast.Filed, investigator: StaffMember
) -> None:
    with pytest.raises(Refused, match="exhibits of its own case"):
        decide(case, investigator, relied_on=second_borrower.case.exhibits.all())


def test_a_finding_on_something_else_leaves_nothing_behind(case: Case, investigator: StaffMember) -> None:
    with pytest.raises(Refused, match="something the borrower complained of"):
        decide(case, investigator, allegation="C12")
    case.refresh_from_db()
    assert (case.state, Finding.objects.count()) == (Case.State.INVESTIGATING, 0)


def test_an_unknown_outcome_is_an_error_and_leaves_nothing_behind(case: Case, investigator: StaffMember) -> None:
    with pytest.raises(ValueError, match="guilty"):
        decide(case, investigator, outcome="guilty")
    assert not Finding.objects.exists()


def test_the_second_to_decide_is_told_and_overwrites_nothing(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    seen_by_second = Case.objects.get(pk=case.pk)
    decide(case, investigator)
    with pytest.raises(Refused, match="acted before you"):
        decide(seen_by_second, supervisor, outcome="not")
    assert Finding.objects.get().outcome == "substantiated"


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_in_the_same_instant_make_one_finding(case: Case, investigator: StaffMember) -> None:
    start, answers = Barrier(2), []

    def run(outcome: str) -> None:
        seen = Case.objects.get(pk=case.pk)
        start.wait(timeout=30)
        try:
            answers.append(decide(seen, investigator, outcome=outcome).outcome)
        except Refused:
            answers.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=run, args=(outcome,)) for outcome in ("partly", "not")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(answers) == sorted(["refused", Finding.objects.get().outcome])
    assert [entry.kind for entry in ledger.history(case.thread)].count("case.decided") == 1


def test_nobody_outside_the_team_decides(
    case: Case, investigator_north: StaffMember, auditor: StaffMember, administrator: StaffMember
) -> None:
    for outsider in (investigator_north, auditor, administrator):
        with pytest.raises(Refused, match="Only investigators"):
            decide(case, outsider)
    assert not Finding.objects.exists()


def test_the_database_keeps_one_finding_an_allegation(case: Case, investigator: StaffMember) -> None:
    finding = decide(case, investigator)
    finding.pk = None
    with pytest.raises(IntegrityError):
        finding.save(force_insert=True)


def test_where_the_borrower_named_no_kind_a_finding_can_be_about_any(
    south: Team, investigator: StaffMember
) -> None:
    filed = cast.file_a_complaint(files=[], conduct={"conduct": []}, story={"story": "They keep calling."})
    lifecycle.advance(filed.case, "route", by=ledger.SYSTEM, changes={"team": south})
    case = Case.objects.get(pk=filed.case.pk)
    case = lifecycle.advance(case, "begin", by=access.actor(investigator), staff=investigator)
    assert decide(case, investigator, allegation="C06").allegation == "C06"
