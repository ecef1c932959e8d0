"""The table of steps: what it allows works, and all else is refused and leaves no trace."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from complaints.cases import decision_rules, lifecycle
from complaints.cases.lifecycle import STEPS
from complaints.documents import document
from complaints.models import Case, Finding, Message, Proposal, Review, Role, StaffMember, Team, Withdrawal
from complaints.refusal import Refused
from complaints.staff import access
from evidence import ledger
from evidence.models import LedgerEntry
from tests.support import cast, office

State = Case.State

# Who may take a step, and where it leads from each state ("=": the state stays; "-": refused).
#
#   b  the borrower        i  an investigator of the team       p  one of the team who proposed what waits
#   s  the system          o  an investigator of another team   x  one of the team who decided before a review
#   v  a supervisor        a  an auditor                        m  an administrator
#
# Nobody is allowed anything by `o`, `a` or `m`: that they are in no row is the point of having them here.
TABLE = """
step                by         filed   routed         investigating  proposed       decided  replied  closed
route               s,i,p,x,v  routed  -              -              -              -        -        -
assign              s,i,p,v    -       =              =              =              =        =        -
set_severity        i,p,v      =       =              =              =              =        =        -
begin               i,p,v      -       investigating  -              -              -        -        -
decide              i,p,v      -       -              decided        -              -        -        -
propose             i,p,v      -       -              proposed       -              -        -        -
confirm             i,v        -       -              -              decided        -        -        -
send_back           i,v        -       -              -              investigating  -        -        -
enquire             i,p,v      -       =              =              -              -        -        -
reply               i,p,v      -       -              -              -              replied  -        -
close               i,p,v      -       -              -              -              -        closed   -
order_measure       i,p,v      -       -              =              -              =        =        =
end_measure         i,p,x,v    -       =              =              =              =        =        =
promise_redress     i,p,v      -       -              =              -              =        =        =
end_redress         i,p,x,v    -       =              =              =              =        =        =
refer               i,p,v      -       =              =              =              =        =        =
ask_withdrawal      b          =       =              =              =              =        =        -
take_back           b          =       =              =              =              =        =        -
keep                v          =       =              =              =              =        =        -
withdraw            s,v        -       closed         closed         closed         closed   closed   -
ask_review          b          -       -              -              -              -        =        =
report_retaliation  b          =       =              =              =              =        =        =
reopen              b          -       -              -              -              -        routed   routed
"""
HEAD, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
STATES = HEAD[2:]
WHO = {row[0]: set(row[1].split(",")) for row in ROWS}
LEADS = {
    (row[0], state): state if target == "=" else target
    for row in ROWS
    for state, target in zip(STATES, row[2:], strict=True)
    if target != "-"
}


def a_finding(case: Case, by: StaffMember, allegation: str = "C04", **told: Any) -> Finding:
    """One that lacks nothing."""
    whole = {
        **{"allegation": allegation, "outcome": "substantiated", "reasons": "The recording has it."},
        **{"relied_on": [], "set_aside": [], "norms": [], "other_rule": "The agency's own code, no. 4"},
        "added_because": "",
    }
    body, sha256 = document("finding", reference=case.reference, **{**whole, **told})
    finding: Finding = Finding.objects.create(
        case=case,
        round=case.round,
        allegation=allegation,
        outcome="substantiated",
        reasons="The recording has it.",
        found_by=by,
        found_at=case.filed_at,
        document=body,
        sha256=sha256,
    )
    return finding


def a_proposal(case: Case, by: StaffMember, found: list[Finding]) -> Proposal:
    """Of these findings."""
    told = [
        {name: said for name, said in one.content.items() if name not in ("v", "kind", "salt")} for one in found
    ]
    body, sha256 = document("proposal", findings=told)
    proposal: Proposal = Proposal.objects.create(
        case=case, round=case.round, proposed_by=by, proposed_at=case.filed_at, document=body, sha256=sha256
    )
    return proposal


def a_message(case: Case, by: StaffMember) -> Message:
    body, sha256 = document("message", reference=case.reference)
    message: Message = Message.objects.create(
        case=case,
        kind=Message.Kind.REPLY,
        text="We wrote.",
        written_by=by,
        written_at=case.filed_at,
        document=body,
        sha256=sha256,
    )
    return message


def in_state(state: str, team: Team, case: Case) -> Case:
    """The case as if it had come that far, without the road there."""
    at = case.filed_at
    closed_at, replied_at = (
        at if state == State.CLOSED else None,
        at if state in (State.REPLIED, State.CLOSED) else None,
    )
    Case.objects.filter(pk=case.pk).update(state=state, team=team, closed_at=closed_at, replied_at=replied_at)
    return office.now(case)


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return in_state(State.ROUTED, south, borrower.case)


def step(case: Case, action: str, staff: StaffMember, **more: Any) -> Case:
    return lifecycle.advance(case, action, by=access.actor(staff), staff=staff, **more)


@pytest.fixture
def people(
    south: Team,
    investigator: StaffMember,
    investigator_north: StaffMember,
    supervisor: StaffMember,
    auditor: StaffMember,
    administrator: StaffMember,
) -> dict[str, StaffMember | None]:
    """By the letters of the table; None is nobody of the office."""
    return {
        **{"b": None, "s": None, "i": investigator, "o": investigator_north, "v": supervisor},
        **{"a": auditor, "m": administrator},
        "p": cast.staff("proposer", Role.INVESTIGATOR, south),
        "x": cast.staff("barred", Role.INVESTIGATOR, south),
    }


def papers(case: Case, people: dict[str, StaffMember | None]) -> dict[str, Any]:
    """Everything any guard could ask for, so that only the table can refuse: a second round, in which `x` may
    decide nothing; findings and what was proposed of them; a reply; a withdrawal that can take effect."""
    proposer, barred = people["p"], people["x"]
    assert proposer
    assert barred
    past = case.filed_at - timedelta(days=4)
    Case.objects.filter(pk=case.pk).update(round=2)
    case.round = 2
    review = Review.objects.create(case=case, round=2, asked_at=past, document=b"", sha256="0" * 64)
    review.barred.add(barred)
    words = {"pressed": "no", "pressure": b"", "document": b"", "sha256": "0" * 64}
    Withdrawal.objects.create(case=case, asked_at=past, due_at=past, **words)
    found = [a_finding(case, proposer, code) for code in ("C04", "C05")]
    proposal, message = a_proposal(case, proposer, found), a_message(case, proposer)
    digests = {"proposal": proposal.sha256, "message": message.sha256}
    return {"findings": [one.sha256 for one in found], **digests}


def take(case: Case, action: str, letter: str, member: StaffMember | None, data: dict[str, Any]) -> Case:
    by = access.actor(member) if member else ledger.BORROWER if letter == "b" else ledger.SYSTEM
    return lifecycle.advance(case, action, by=by, staff=member, data=data)


def counted() -> dict[str, int]:
    """How many rows each table has."""
    tables = [model._meta.db_table for model in apps.get_models()]
    asked = ", ".join(f'(SELECT COUNT(*) FROM "{table}")' for table in tables)  # at once: it is asked very often
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}")
        return dict(zip(tables, cursor.fetchone(), strict=True))


def kept(case: Case) -> dict[str, Any]:
    """The case's row."""
    return dict(Case.objects.values().get(pk=case.pk))


@contextmanager
def undone() -> Iterator[None]:
    """What happens here is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("action", STEPS)
def test_every_step_in_every_state_by_everybody(
    action: str, borrower: cast.Filed, south: Team, people: dict[str, StaffMember | None]
) -> None:
    """What the table allows leads where it says and is on the ledger; all else is refused without a trace."""
    data, wrong = papers(borrower.case, people), []
    ready = None if action == "close" else borrower.case.filed_at  # nothing closes while a withdrawal waits
    for state in STATES:
        Case.objects.filter(pk=borrower.case.pk).update(withdraw_at=ready)
        case = in_state(state, south, borrower.case)
        for letter, member in people.items():
            target = LEADS.get((action, state)) if letter in WHO[action] else None
            with undone():
                said = attempt(case, action, letter, member, data, target)
            wrong += [f"{action} from {state} by {letter}: {said}"] if said else []
    assert not wrong


def attempt(
    case: Case,
    action: str,
    letter: str,
    member: StaffMember | None,
    data: dict[str, Any],
    target: str | None,
) -> str:
    """What went otherwise than it should; nothing when all is well. `target` is None where it is to be refused."""
    before, rows, entries = kept(case), counted(), LedgerEntry.objects.count()
    try:
        after = take(case, action, letter, member, data)
    except Refused:
        if target is not None:
            return "refused"
        unchanged = (before, rows, entries) == (kept(case), counted(), LedgerEntry.objects.count())
        return "" if unchanged else "refused, and yet something changed"
    if target is None:
        return f"allowed, to {after.state}"
    entry = ledger.content_of(ledger.history(case.thread)[-1])
    closed = (after.closed_at is not None) == (after.state == State.CLOSED)
    said = office.in_short(entry["data"])
    same = (entry["kind"], entry["subject"], said) == (STEPS[action].kind, case.thread, data)
    by = access.actor(member) if member else ledger.BORROWER if letter == "b" else ledger.SYSTEM
    well = (after.state, office.now(case).state, LedgerEntry.objects.count()) == (target, target, entries + 1)
    return "" if well and closed and same and entry["by"] == by else f"went to {after.state}, recorded as {entry}"


def test_the_table_knows_every_step_and_every_state() -> None:
    assert set(WHO) == set(STEPS)
    assert set(STATES) == set(State.values)


@pytest.mark.parametrize(
    ("action", "letter", "said"),
    [
        ("begin", "o", "Only investigators"),
        ("begin", "x", "somebody else look"),
        ("keep", "i", "Only a supervisor"),
        ("ask_review", "v", "Only the borrower"),
        ("begin", "s", "Only investigators"),
    ],
)
def test_a_refusal_says_why(
    action: str,
    letter: str,
    said: str,
    borrower: cast.Filed,
    south: Team,
    people: dict[str, StaffMember | None],
) -> None:
    data = papers(borrower.case, people)
    case = in_state(State.ROUTED, south, borrower.case)
    with pytest.raises(Refused, match=said):
        take(case, action, letter, people[letter], data)


# What the papers rule out


def test_a_case_is_not_routed_to_nowhere(borrower: cast.Filed) -> None:
    with pytest.raises(Refused, match="none was named"):
        lifecycle.advance(borrower.case, "route", by=ledger.SYSTEM)


def test_a_decision_needs_findings_of_this_very_case(
    case: Case, second_borrower: cast.Filed, south: Team, investigator: StaffMember
) -> None:
    case = in_state(State.INVESTIGATING, south, case)
    elsewhere = [a_finding(second_borrower.case, investigator, code).sha256 for code in ("C04", "C05")]
    papers: list[dict[str, Any]] = [{}, {"findings": []}, {"findings": elsewhere}]
    for data in papers:
        with pytest.raises(Refused, match="A decision needs a finding"):
            step(case, "decide", investigator, data=data)


def test_a_decision_needs_a_finding_on_each_allegation(case: Case, south: Team, investigator: StaffMember) -> None:
    case = in_state(State.INVESTIGATING, south, case)
    one = a_finding(case, investigator)
    with pytest.raises(Refused, match="no finding yet on: Called or wrote between 10 at night"):
        step(case, "decide", investigator, data={"findings": [one.sha256]})


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"outcome": "insufficient", "missing": "", "missing_from": "agency"}, "names what is missing"),
        ({"outcome": "insufficient", "missing": "The log.", "missing_from": ""}, "who did not supply"),
        ({"other_rule": ""}, "which rule was departed from"),
        ({"set_aside": [{"exhibit": "E-1", "sha256": ""}], "why_set_aside": ""}, "why exhibits were set aside"),
        ({"reasons": ""}, "Write the reasons"),
    ],
)
def test_what_a_finding_lacks_keeps_the_case_from_being_decided(
    told: dict[str, Any], said: str, case: Case, south: Team, investigator: StaffMember
) -> None:
    case = in_state(State.INVESTIGATING, south, case)
    found = [a_finding(case, investigator, "C04", **told), a_finding(case, investigator, "C05")]
    with pytest.raises(Refused, match=said):
        step(case, "decide", investigator, data={"findings": [one.sha256 for one in found]})


def test_an_urgent_case_is_not_decided_by_one(case: Case, south: Team, investigator: StaffMember) -> None:
    Case.objects.update(severity=3)
    case = in_state(State.INVESTIGATING, south, case)
    found = [a_finding(case, investigator, code).sha256 for code in ("C04", "C05")]
    with pytest.raises(Refused, match="takes two people"):
        step(case, "decide", investigator, data={"findings": found})


def test_what_is_confirmed_is_what_was_proposed(
    case: Case, south: Team, investigator: StaffMember, supervisor: StaffMember
) -> None:
    case = in_state(State.PROPOSED, south, case)
    found = [a_finding(case, investigator, code) for code in ("C04", "C05")]
    proposal = a_proposal(case, investigator, found)
    Finding.objects.filter(pk=found[0].pk).delete()
    found[0] = a_finding(case, investigator, "C04", reasons="Something else.")
    found.reverse()
    data = {"findings": [one.sha256 for one in found], "proposal": proposal.sha256}
    with pytest.raises(Refused, match="not the ones that were proposed"):
        step(case, "confirm", supervisor, data=data)


def test_a_reply_needs_its_message(case: Case, south: Team, investigator: StaffMember) -> None:
    case = in_state(State.DECIDED, south, case)
    with pytest.raises(Refused, match="Write the reply"):
        step(case, "reply", investigator)


def test_a_case_closes_only_with_a_finding_on_each_allegation_and_a_reply_of_this_round(
    case: Case, south: Team, investigator: StaffMember
) -> None:
    case = in_state(State.REPLIED, south, case)
    for code in ("C04", "C05"):
        with pytest.raises(Refused, match="no finding yet on"):
            step(case, "close", investigator)
        a_finding(case, investigator, code)
    with pytest.raises(Refused, match="no reply yet"):
        step(case, "close", investigator)
    a_message(case, investigator)
    Case.objects.update(replied_at=None)  # that reply is of an earlier round
    with pytest.raises(Refused, match="no reply yet"):
        step(case, "close", investigator)
    Case.objects.update(replied_at=timezone.now())
    assert step(case, "close", investigator).state == State.CLOSED


def test_what_was_found_besides_in_an_earlier_round_needs_a_finding_again(
    case: Case, south: Team, investigator: StaffMember
) -> None:
    a_finding(case, investigator, "C12")
    Case.objects.update(round=2)
    assert decision_rules.allegations(office.now(case)) == ["C04", "C05", "C12"]


# Two at once, and faults


def test_of_two_who_act_at_once_the_second_is_told(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    seen_by_second = Case.objects.get(pk=case.pk)
    step(case, "begin", investigator)
    with pytest.raises(Refused, match=r"the case is “Being investigated”\. Somebody may have acted before you"):
        step(seen_by_second, "begin", supervisor)


def test_a_case_that_changed_hands_meanwhile_is_not_overwritten(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    seen_by_second = Case.objects.get(pk=case.pk)
    step(case, "assign", supervisor, changes={"assignee": investigator})
    with pytest.raises(Refused, match="while you were looking"):
        step(seen_by_second, "assign", supervisor, changes={"assignee": supervisor})
    case.refresh_from_db()
    assert case.assignee == investigator


def test_when_the_ledger_fails_the_state_stays(
    case: Case, investigator: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(*events: ledger.Event) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(ledger, "append", full_disk)
    with pytest.raises(OSError, match="no space"), transaction.atomic():
        step(case, "begin", investigator)
    case.refresh_from_db()
    assert case.state == State.ROUTED


def test_possible_steps_are_those_of_the_state_and_the_person(
    case: Case, investigator: StaffMember, auditor: StaffMember, south: Team
) -> None:
    assert lifecycle.possible(case, investigator) == ["begin"]
    assert lifecycle.possible(case, auditor) == []
    closed = in_state(State.CLOSED, south, case)
    assert lifecycle.possible(closed, investigator) == []
    assert "end_redress" in lifecycle.offered(closed, investigator)
    assert lifecycle.offered(closed, auditor) == []


def test_who_proposed_is_not_offered_to_confirm(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    waits = office.proposed_by(investigator, case)
    assert lifecycle.possible(waits, investigator) == []
    assert lifecycle.possible(waits, supervisor) == ["confirm", "send_back"]


def test_a_step_takes_few_statements(
    case: Case, supervisor: StaffMember, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(16, connection=connection):
        step(case, "begin", supervisor)
