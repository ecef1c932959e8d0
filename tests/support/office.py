"""How far the office takes a case, in one call; and time that passes."""

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
    """The case as the database has it."""
    return Case.objects.get(pk=case.pk)


def routed(case: Case, team: Team, investigator: StaffMember | None = None) -> Case:
    return lifecycle.advance(case, "route", by=ledger.SYSTEM, changes={"team": team, "assignee": investigator})


def step(case: Case, action: str, member: StaffMember) -> Case:
    return lifecycle.advance(now(case), action, by=access.actor(member), staff=member)


def written(allegation: str = "C04", **fields: Any) -> Written:
    """A finding that lacks nothing: substantiated, with its reasons and the rule departed from."""
    whole = {"outcome": "substantiated", "reasons": "E-1 shows it.", "other_rule": "The agency's own code, no. 4"}
    return Written(allegation=allegation, **{**whole, **fields})


def on_all(case: Case, **fields: Any) -> list[Written]:
    """Such a finding on each allegation of the case."""
    return [written(code, **fields) for code in decision_rules.allegations(case)]


def decided_by(member: StaffMember, case: Case, outcome: str = "substantiated") -> Case:
    """Begun and decided by the member; where that takes two, somebody else confirms it."""
    case = step(case, "begin", member)
    case = findings.decide(case, by=member, written=on_all(case, outcome=outcome))
    return confirmed(case) if case.state == Case.State.PROPOSED else now(case)


def proposed_by(member: StaffMember, case: Case) -> Case:
    """An urgent case, begun by the member, who proposes what they found."""
    Case.objects.filter(pk=case.pk).update(severity=Severity.URGENT)
    case = step(case, "begin", member)
    return now(findings.decide(case, by=member, written=on_all(case)))


def confirmed(case: Case, by: StaffMember | None = None) -> Case:
    """What is proposed, confirmed by the one who is named, or by a supervisor of its own."""
    second = by or StaffMember.objects.filter(username="second").first() or cast.staff("second", Role.SUPERVISOR)
    waits = case.proposals.open().get()
    return now(findings.confirm(now(case), by=second, proposal=waits.sha256))


def answered_by(member: StaffMember, case: Case, text: str = "We looked into it.") -> Case:
    """Begun, decided and answered by the member."""
    messaging.reply(decided_by(member, case), by=member, text=text)
    return now(case)


def closed_by(member: StaffMember, case: Case) -> Case:
    return step(answered_by(member, case), "close", member)


def three_days_pass(case: Case) -> Case:
    """The time in which a withdrawal can be taken back is over."""
    over = timezone.now() - timedelta(seconds=1)
    Withdrawal.objects.filter(case=case).update(due_at=over)
    Case.objects.filter(pk=case.pk, withdraw_at__isnull=False).update(withdraw_at=over)
    return now(case)


def time_passes(case: Case, how_long: timedelta) -> Case:
    """What the case's running clocks count from lies so much longer ago."""
    moved = {name: F(name) - how_long for name in ("started_at", "due_at", "wake_at", "paused_since")}
    case.clocks.running().update(**moved)
    Case.objects.filter(pk=case.pk).update(
        decide_by=F("decide_by") - how_long, replied_at=F("replied_at") - how_long
    )
    return now(case)


def told(case: Case) -> list[str]:
    """The kinds of the case's entries, in the ledger's order."""
    return [entry.kind for entry in ledger.history(case.thread)]


def last_of(case: Case, kind: str) -> dict[str, Any]:
    """The content of the newest entry of a kind."""
    return next(
        content
        for content in map(ledger.content_of, reversed(ledger.history(case.thread)))
        if content["kind"] == kind
    )


def in_short(data: dict[str, Any]) -> dict[str, Any]:
    """What an entry says of everything but the clocks it moved and the parts of its documents."""
    return {name: said for name, said in data.items() if name not in ("clocks", "parts")}
