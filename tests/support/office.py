"""Takes a case through the steps of the office in one call, and lets time pass."""

from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from complaints.cases import decision_rules, lifecycle
from complaints.conversation import messaging
from complaints.decisions import findings
from complaints.decisions.findings import Written
from complaints.models import Case, Role, StaffMember, Team, Withdrawal
from complaints.reference.conduct import Severity
from complaints.staff import access
from evidence import ledger

from . import cast


def now(case: Case) -> Case:
    """The case as it is in the database now."""
    return Case.objects.get(pk=case.pk)


def routed(case: Case, team: Team, investigator: StaffMember | None = None) -> Case:
    return lifecycle.advance(case, "route", by=ledger.SYSTEM, changes={"team": team, "assignee": investigator})


def step(case: Case, action: str, member: StaffMember) -> Case:
    return lifecycle.advance(now(case), action, by=access.actor(member), staff=member)


def written(allegation: str = "C04", **fields: Any) -> Written:
    """A complete finding: substantiated, with reasons and a broken rule."""
    whole = {"outcome": "substantiated", "reasons": "E-1 shows it.", "other_rule": "The agency's own code, no. 4"}
    return Written(allegation=allegation, **{**whole, **fields})


def on_all(case: Case, **fields: Any) -> list[Written]:
    """A complete finding on each allegation of the case."""
    return [written(code, **fields) for code in decision_rules.allegations(case)]


def decided_by(member: StaffMember, case: Case, outcome: str = "substantiated") -> Case:
    """Begin and decide the case. If that needs two people, another person confirms."""
    case = step(case, "begin", member)
    case = findings.decide(case, by=member, written=on_all(case, outcome=outcome))
    return confirmed(case) if case.state == Case.State.PROPOSED else now(case)


def proposed_by(member: StaffMember, case: Case) -> Case:
    """Make the case urgent, begin it and propose a decision."""
    Case.objects.filter(pk=case.pk).update(severity=Severity.URGENT)
    case = step(case, "begin", member)
    return now(findings.decide(case, by=member, written=on_all(case)))


def confirmed(case: Case, by: StaffMember | None = None) -> Case:
    """Confirm the proposal: by `by`, else by a supervisor made for this."""
    second = by or StaffMember.objects.filter(username="second").first() or cast.staff("second", Role.SUPERVISOR)
    waits = case.proposals.open().get()
    return now(findings.confirm(now(case), by=second, proposal=waits.sha256))


def answered_by(member: StaffMember, case: Case, text: str = "We looked into it.") -> Case:
    """Begin, decide and answer the case."""
    messaging.reply(decided_by(member, case), by=member, text=text)
    return now(case)


def closed_by(member: StaffMember, case: Case) -> Case:
    return step(answered_by(member, case), "close", member)


def three_days_pass(case: Case) -> Case:
    """Let the time pass in which a withdrawal can be taken back."""
    over = timezone.now() - timedelta(seconds=1)
    Withdrawal.objects.filter(case=case).update(due_at=over)
    Case.objects.filter(pk=case.pk, withdraw_at__isnull=False).update(withdraw_at=over)
    return now(case)


def time_passes(case: Case, how_long: timedelta) -> Case:
    """Move the starts of the case's running clocks back by `how_long`."""
    moved = {name: F(name) - how_long for name in ("started_at", "due_at", "wake_at", "paused_since")}
    case.clocks.running().update(**moved)
    Case.objects.filter(pk=case.pk).update(
        decide_by=F("decide_by") - how_long, replied_at=F("replied_at") - how_long
    )
    return now(case)


def told(case: Case) -> list[str]:
    """The kinds of the case's entries, in the order of the ledger."""
    return [entry.kind for entry in ledger.history(case.thread)]


def last_of(case: Case, kind: str) -> dict[str, Any]:
    """The content of the newest entry of this kind."""
    return next(
        content
        for content in map(ledger.content_of, reversed(ledger.history(case.thread)))
        if content["kind"] == kind
    )


def in_short(data: dict[str, Any]) -> dict[str, Any]:
    """An entry's data without the clocks it moved and the parts of its documents."""
    return {name: said for name, said in data.items() if name not in ("clocks", "parts")}
