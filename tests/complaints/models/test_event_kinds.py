"""The kinds of ledger entries are in one place, and everything that reads entries handles each or says why not."""

import ast
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pytest

from complaints.admin import sentences as desk
from complaints.admin.office import appointments
from complaints.bundles.report import words as report
from complaints.cases import lifecycle
from complaints.clocks import book
from complaints.decisions import overlooked
from complaints.filing import receipt_pdf
from complaints.models import event_kinds as of_complaints
from complaints.views.follow import timeline as borrower
from evidence import holdfast_verify as verifier
from evidence.ledger import kinds as of_evidence
from tests.support.services import ROOT

IN_A_HISTORY = of_complaints.OF_A_CASE | of_evidence.OF_AN_ITEM
ELSEWHERE = of_complaints.OF_THE_OFFICE | of_evidence.OF_THE_LEDGER
KIND = re.compile(r"[a-z]+\.[a-z_]+")


@dataclass(frozen=True)
class Reader:
    """A place that reads entries: which kinds it handles, and why it leaves out the others that it can meet."""

    name: str
    handles: Iterable[str]
    leaves_out: Mapping[str, str] = field(default_factory=dict)  # reason -> kinds, separated by spaces
    meets: frozenset[str] = IN_A_HISTORY

    @property
    def exceptions(self) -> list[str]:
        return [kind for named in self.leaves_out.values() for kind in named.split()]

    def forgets(self, kinds: frozenset[str]) -> set[str]:
        return set(kinds.difference(self.handles, self.exceptions))


def of_the_clocks() -> set[str]:
    """The kinds that move a clock of any country: "case.reopened:review.asked" names two."""
    clocks = tomllib.loads(book.SHIPPED.read_text())["clock"]
    moves = ("starts", "ends", "stops", "pauses", "resumes")
    events = [event for clock in clocks for move in moves for event in clock.get(move, ())]
    return {kind for event in events for kind in event.split(":")}


OF_A_FILE = (
    "evidence.received evidence.sealed evidence.fault evidence.restored evidence.quarantined evidence.released"
    " evidence.derived evidence.copy_fault evidence.copy_restored"
)
LOOKED_AT = "evidence.viewed evidence.downloaded message.read"
IN_THE_DATABASE = "document.fault document.restored"
GIVEN_AWAY = "bundle.exported bundle.approved bundle.downloaded grant.given grant.opened grant.revoked"
WAY_OF_AN_ENQUIRY = (
    "enquiry.printed enquiry.opened enquiry.reminded enquiry.overdue"
    " enquiry.assessed enquiry.revoked enquiry.renewed"
)
CONSENTS = "consent.given consent.withdrawn code.renewed"

READERS = (
    Reader("the desk's timeline", desk.SENTENCES),
    Reader("the report of a bundle", report.EVENTS),
    Reader(
        "the borrower's timeline",
        borrower.SENTENCES,
        {
            "the borrower learns of it when more time is given": "clock.extension_asked",
            "the date that the borrower knows stays": "clock.extension_declined",
            "the finding says what the other side supplied": "enquiry.assessed",
            "only the office needs to follow how an enquiry goes on": (
                "enquiry.opened enquiry.printed enquiry.reminded enquiry.renewed enquiry.revoked"
            ),
            "the decision is shown with all its findings": "finding.made",
            "notes and tasks are the office's own": "note.written task.set task.done",
            "the head of the case says how urgent it is": "severity.changed",
            "copies can be made again": "evidence.copy_fault evidence.copy_restored",
            "copies are shown with their exhibit": "evidence.derived",
        },
    ),
    Reader(
        "the printed receipt",
        receipt_pdf.PAPERS,
        {
            "the whole receipt is about it": "complaint.filed",
            "the receipt has a table of the files": OF_A_FILE,
            "reading leaves no document": LOOKED_AT,
            "a step of the case that has no document": (
                "case.routed case.assigned case.begun case.closed case.withdrawn case.reopened clock.overdue"
            ),
            "a wish of the borrower that has no document": f"{CONSENTS} withdrawal.taken_back",
            "the entry names the reasons by digest only, and they stay in the office": (
                "withdrawal.declined severity.changed"
            ),
            "the enquiry is the document": WAY_OF_AN_ENQUIRY,
            "a bundle brings its own proofs": GIVEN_AWAY,
            "the document had an entry of its own": IN_THE_DATABASE,
            "a task has no document": "task.set task.done",
        },
    ),
    Reader(
        "the check that a decision has seen what came",
        overlooked.CAME,
        {
            "nobody prepares a decision when it happens": "complaint.filed review.asked case.reopened",
            "the office does it": (
                "case.routed case.assigned case.begun case.proposed case.sent_back case.decided case.replied"
                " case.closed case.withdrawn case.referred severity.changed finding.made"
                " measure.ordered measure.ended redress.promised redress.ended question.asked"
                " withdrawal.declined enquiry.sent note.written"
                " task.set task.done clock.extension_asked clock.extended clock.extension_declined"
            ),
            "time passes": "clock.overdue",
            "it says nothing about what happened": f"{CONSENTS} reporter.changed withdrawal.taken_back",
            "the answer itself counts": WAY_OF_AN_ENQUIRY,
            "files come with an entry of their own": OF_A_FILE,
            "reading adds nothing": LOOKED_AT,
            "a bundle adds nothing to its case": GIVEN_AWAY,
            "nobody said anything new": IN_THE_DATABASE,
        },
    ),
    Reader(
        "the clocks, and with them the calendar",
        of_the_clocks(),
        {
            "handing a case on leaves its time as it was": "case.routed case.assigned",
            "dates that run already stay": "severity.changed",
            "the clock runs until the decision": "case.proposed case.sent_back finding.made",
            "the reply has ended the clocks": "case.closed",
            "a measure, redress or referral has its own date": (
                "measure.ordered measure.ended redress.promised redress.ended case.referred"
            ),
            "what the borrower sends puts no date off": (
                f"addendum.added evidence.added reporter.changed {CONSENTS}"
            ),
            "an enquiry has its own date": f"enquiry.sent enquiry.answered {WAY_OF_AN_ENQUIRY}",
            "an entry about a clock is written by the clocks": (
                "clock.overdue clock.extension_asked clock.extended clock.extension_declined"
            ),
            "a file is no step of its case": OF_A_FILE,
            "reading is no step of a case": LOOKED_AT,
            "a bundle is no step of its case": GIVEN_AWAY,
            "a fault of the database stops no clock": IN_THE_DATABASE,
            "notes and tasks are the office's own": "note.written task.set task.done",
        },
    ),
    Reader(
        "the list of changes in the office",
        appointments.SENTENCES,
        {
            "the list says which role and which teams it is": "staff.changed",
            "call-backs have a list of their own": "callback.asked callback.done",
            "a routing rule has a history of its own": "rule.changed",
            "the operator keeps the rules of the clocks in a file": "clocks.changed",
            "the operator sets the proofs": "proof.settings",
            "the ledger's page lists its keys": "ledger.key_changed",
            "the command that accepts a restored ledger prints it": "ledger.restored",
        },
        ELSEWHERE,
    ),
)
each_reader = pytest.mark.parametrize("reader", [pytest.param(one, id=one.name) for one in READERS])


@each_reader
def test_a_reader_handles_every_kind_or_says_why_not(reader: Reader) -> None:
    assert reader.forgets(reader.meets) == set()


@each_reader
def test_an_exception_is_a_kind_that_the_reader_does_not_handle_and_is_named_once(reader: Reader) -> None:
    assert set(reader.exceptions) <= reader.meets.difference(reader.handles)
    assert len(reader.exceptions) == len(set(reader.exceptions))


@each_reader
def test_a_new_kind_that_a_reader_does_not_handle_is_noticed(reader: Reader) -> None:
    assert reader.forgets(reader.meets | {"case.frozen"}) == {"case.frozen"}


def test_every_kind_has_a_name_and_belongs_to_one_history() -> None:
    for module, histories in (
        (of_complaints, (of_complaints.OF_A_CASE, of_complaints.OF_THE_OFFICE)),
        (of_evidence, (of_evidence.OF_AN_ITEM, of_evidence.OF_THE_LEDGER)),
    ):
        names = {name: value for name, value in vars(module).items() if not name.startswith("__")}
        named = [value for value in names.values() if isinstance(value, str) and KIND.fullmatch(value)]
        assert sorted(named) == sorted(kind for history in histories for kind in history)


def test_the_receipt_names_the_documents_that_the_verifier_looks_for() -> None:
    assert set(verifier.DOCUMENTS) - {of_complaints.COMPLAINT_FILED} == set(receipt_pdf.PAPERS)


def test_every_kind_that_moves_a_clock_is_one() -> None:
    assert of_the_clocks() <= of_complaints.OF_A_CASE


def test_every_kind_that_the_verifier_knows_is_one() -> None:
    assert {*verifier.DOCUMENTS, *verifier.STATES} <= IN_A_HISTORY


def test_every_step_of_a_case_has_its_kind() -> None:
    assert {step.kind for step in lifecycle.STEPS.values()} <= of_complaints.OF_A_CASE


def test_no_kind_is_spelled_out_beside_its_name() -> None:
    known = IN_A_HISTORY | ELSEWHERE
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
