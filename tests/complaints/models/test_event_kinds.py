"""The kinds of ledger entries: in one place, and told by everybody who reads entries to people."""

import ast
from collections.abc import Mapping

import pytest

from complaints.admin import sentences as desk
from complaints.admin.office import appointments
from complaints.bundles.report import words as report
from complaints.cases import lifecycle
from complaints.clocks import book
from complaints.filing import receipt_pdf
from complaints.models import event_kinds as of_complaints
from complaints.views.follow import timeline as borrower
from evidence import holdfast_verify as verifier
from evidence.ledger import kinds as of_evidence
from tests.support.services import ROOT

IN_A_HISTORY = of_complaints.OF_A_CASE | of_evidence.OF_AN_ITEM
FOR_THE_OFFICE_ALONE = {  # the borrower's timeline has what concerns the borrower
    of_complaints.CLOCK_EXTENSION_ASKED: "the borrower hears of it when it is given",
    of_complaints.CLOCK_EXTENSION_DECLINED: "the date stays as the borrower knows it",
    of_complaints.ENQUIRY_ASSESSED: "the finding says what was supplied",
    of_complaints.ENQUIRY_OPENED: "the other side's doing",
    of_complaints.ENQUIRY_PRINTED: "how the enquiry went out",
    of_complaints.ENQUIRY_REMINDED: "how the enquiry went on",
    of_complaints.ENQUIRY_RENEWED: "how the enquiry went on",
    of_complaints.ENQUIRY_REVOKED: "how the enquiry went on",
    of_complaints.FINDING_MADE: "the decision is shown with all its findings",
    of_complaints.NOTE_WRITTEN: "the office's own",
    of_complaints.TASK_DONE: "the office's own",
    of_complaints.TASK_SET: "the office's own",
    of_evidence.EVIDENCE_COPY_FAULT: "copies can be made again",
    of_evidence.EVIDENCE_COPY_RESTORED: "copies can be made again",
    of_evidence.EVIDENCE_DERIVED: "copies are shown where the exhibit is",
}


@pytest.mark.parametrize(
    ("sentences", "left_out"),
    [
        pytest.param(desk.SENTENCES, {}, id="the desk's timeline"),
        pytest.param(report.EVENTS, {}, id="the report of a bundle"),
        pytest.param(borrower.SENTENCES, FOR_THE_OFFICE_ALONE, id="the borrower's timeline"),
    ],
)
def test_a_reader_has_words_for_every_kind_or_says_why_not(
    sentences: Mapping[str, object], left_out: Mapping[str, str]
) -> None:
    assert IN_A_HISTORY - set(sentences) == set(left_out)


def test_the_receipt_names_every_kind_that_can_bring_a_document() -> None:
    """A receipt lists documents, so the kinds it names are those whose entries freeze one."""
    assert set(receipt_pdf.PAPERS) <= IN_A_HISTORY
    without_one = IN_A_HISTORY - set(receipt_pdf.PAPERS)
    assert not {kind for kind in without_one if kind.endswith((".written", ".answered", ".replied"))}


def test_the_changes_of_the_office_are_listed_or_shown_elsewhere() -> None:
    elsewhere = {
        of_complaints.STAFF_CHANGED: "the list says which role and which teams it is",
        of_complaints.CALLBACK_ASKED: "the list of call-backs",
        of_complaints.CALLBACK_DONE: "the list of call-backs",
        of_complaints.RULE_CHANGED: "the versions of a routing rule",
        of_complaints.CLOCKS_CHANGED: "the rules of the clocks are a file of the operator",
    }
    assert of_complaints.OF_THE_OFFICE - set(appointments.SENTENCES) == set(elsewhere)


def test_every_kind_that_moves_a_clock_is_one() -> None:
    moving = {part for event in book.in_force().events for part in event.split(":")}
    assert moving <= of_complaints.OF_A_CASE


def test_every_kind_that_the_verifier_knows_is_one() -> None:
    assert {*verifier.DOCUMENTS, *verifier.STATES} <= IN_A_HISTORY


def test_every_step_of_a_case_has_its_kind() -> None:
    assert {step.kind for step in lifecycle.STEPS.values()} <= of_complaints.OF_A_CASE


def test_no_kind_is_spelled_out_beside_its_name() -> None:
    known = IN_A_HISTORY | of_complaints.OF_THE_OFFICE | of_evidence.OF_THE_LEDGER
    built = {f"{kind.partition('.')[0]}." for kind in known}  # the beginning of f"task.{past}"
    named = {"complaints/models/event_kinds.py", "evidence/ledger/kinds.py", "evidence/holdfast_verify.py"}
    for house in ("complaints", "evidence", "portal"):
        for file in (ROOT / house).rglob("*.py"):
            if file.relative_to(ROOT).as_posix() in named or "migrations" in file.parts:
                continue
            words = (
                node.value for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Constant)
            )
            text = [word for word in words if isinstance(word, str)]
            assert not known.intersection(text), file
            assert not built.intersection(text), file


def test_a_refusal_of_who_may_not_act_stands_in_one_place() -> None:
    sentence = "Only investigators of the case"
    files = [file for file in (ROOT / "complaints").rglob("*.py") if sentence in file.read_text()]
    assert [file.relative_to(ROOT).as_posix() for file in files] == ["complaints/staff/access.py"]
