"""Assign cases to somebody else: by a decision, because a member is away, or because they may not go on."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import documents
from complaints.cases import lifecycle
from complaints.models import Case, Conflict, Reassignment, Review, Role, StaffMember, Team
from complaints.refusal import Refused
from complaints.staff import access, conflicts
from evidence import ledger
from evidence.models import LedgerEntry

from . import routing
from .routing import Candidate

log = logging.getLogger(__name__)
UNDONE_WITHIN = timedelta(seconds=15)  # ten for the person, and the way to the page and back


@dataclass(frozen=True)
class Offer:
    """A case of an absent member, and the member who would get it; None if nobody free can.

    `others` may be chosen instead: the team's members whom no conflict and no review rules out, also those who are
    away or have no room.
    """

    case: Case
    to: StaffMember | None
    others: tuple[Candidate, ...] = ()


@transaction.atomic
def reassign(
    case: Case, *, by: StaffMember, reason: str, to: StaffMember | None = None, team: Team | None = None
) -> Reassignment:
    """Assign the case to `to`, to another team, or (if neither is given) to its team's queue.

    In another team, the investigator with the least load gets it. A case that no rule took is routed by this. The
    reason is a frozen document; the ledger has its digest. Raises Refused.
    """
    row = lifecycle.lock_for(case, step_for(case), staff=by)
    if not reason.strip():
        raise Refused(_("Write why the case changes hands."))
    goes_to = team or row.team or _only_team(to)
    if goes_to is None:
        raise Refused(_("This case has no team yet. Give it on its own page, where you choose the team."))
    conflicts.record_for_case(row)  # one may have been declared while the case had no team
    if goes_to != row.team and not access.has_role(by, Role.SUPERVISOR):
        raise Refused(_("Only a supervisor gives a case to another team."))
    if to is None and goes_to != row.team:
        chosen = routing.choose(routing.candidates(goes_to, row), row.language)
        to = chosen.member if chosen else None
    if (goes_to, to) == (row.team, row.assignee):
        raise Refused(_("The case is in these hands already."))
    return _hand_over(row, by=by, to=to, team=goes_to, reason=reason.strip())


def can_be_undone(case: Case, by: StaffMember) -> bool:
    """Whether `by` gave the case away just now, and nothing has happened in it since."""
    made = case.reassignments.last()
    if made is None or made.by != by or timezone.now() - made.made_at > UNDONE_WITHIN:
        return False
    last = LedgerEntry.objects.filter(thread=case.thread).order_by("seq").last()
    is_last = last is not None and ledger.content_of(last)["data"].get("reassignment") == made.sha256
    return is_last and _team_before(case, made) is not None


@transaction.atomic
def undo(case: Case, *, by: StaffMember) -> Reassignment:
    """Put the case back where it was before `by` gave it away just now: by a record of its own, nothing is erased.
    Raises Refused."""
    row = lifecycle.lock_for(case, "assign", staff=by)
    made = row.reassignments.last()
    team = _team_before(row, made) if made else None
    if made is None or team is None or not can_be_undone(row, by):
        raise Refused(_("This can no longer be undone. Give the case again, with a reason."))
    return _hand_over(row, by=by, to=made.before, team=team, reason=_("Undone at once."))


def _team_before(case: Case, made: Reassignment) -> Team | None:
    """The team that had the case before; None if it had none."""
    before = case.reassignments.filter(pk__lt=made.pk).last() or case.routings.order_by("pk").last()
    return before.team if before else None


def step_for(case: Case) -> str:
    """The step that puts the case into somebody's hands: a filed case is routed, any other assigned."""
    return "route" if case.state == Case.State.FILED else "assign"


def _only_team(member: StaffMember | None) -> Team | None:
    """The member's team, if they have exactly one."""
    teams = list(member.teams.all()[:2]) if member else []
    return teams[0] if len(teams) == 1 else None


def _hand_over(row: Case, *, by: StaffMember, to: StaffMember | None, team: Team, reason: str) -> Reassignment:
    now, investigator = timezone.now(), str(to.uid) if to else None
    document, sha256 = documents.document(
        "reassignment",
        reference=row.reference,
        team=team.pk,
        investigator=investigator,
        before=str(row.assignee.uid) if row.assignee else None,
        reason=reason,
        by=str(by.uid),
        made_at=ledger.rfc3339(now),
    )
    made = Reassignment.objects.create(
        case=row,
        team=team,
        investigator=to,
        before=row.assignee,
        by=by,
        reason=reason,
        made_at=now,
        document=document,
        sha256=sha256,
    )
    data = {"reassignment": sha256, "team": team.pk, "investigator": investigator}
    changes = {"team": team, "assignee": to}
    lifecycle.advance(row, step_for(row), by=access.actor(by), staff=by, data=data, changes=changes)
    return made


def offers(member: StaffMember, *, by: StaffMember) -> list[Offer]:
    """Offers to distribute the member's open cases, of those that `by` may see, among the rest of each team.

    The most severe and most urgent cases come first; each goes to the member with the least load, which includes
    the offers before it.
    """
    assigned = Case.objects.visible_to(by).open().filter(assignee=member).select_related("team", "complaint")
    cases = list(assigned.order_by("-severity", "decide_by", "pk"))
    kept_out = _kept_out(cases)
    teams = {case.team for case in cases if case.team}
    mates = {team: [one for one in routing.weigh(team) if one.member != member] for team in teams}
    free = {team: {one.member.pk: one for one in those if not one.hindrance} for team, those in mates.items()}
    return [_deal(case, mates[case.team], free[case.team], kept_out) for case in cases if case.team]


def _deal(case: Case, mates: list[Candidate], free: dict[int, Candidate], kept_out: set[tuple[int, int]]) -> Offer:
    """Make the offer, and add the case to the load of the chosen member."""
    others = tuple(one for one in mates if (case.pk, one.member.pk) not in kept_out)
    here = [free[one.member.pk] for one in others if one.member.pk in free]
    chosen = routing.choose([one for one in here if one.load < one.member.capacity], case.language)
    if chosen is None:
        return Offer(case, None, others)
    free[chosen.member.pk] = Candidate(chosen.member, chosen.load + 1)
    return Offer(case, chosen.member, others)


def _kept_out(cases: list[Case]) -> set[tuple[int, int]]:
    """Pairs of keys (case, member) that a conflict or a review rules out, by two SQL statements."""
    apart = Conflict.objects.filter(case__in=cases).values_list("case", "member")
    reviews = Review.objects.filter(case__in=cases, barred__isnull=False).values_list("case", "barred")
    return {*apart, *reviews}


def balance(
    member: StaffMember, *, by: StaffMember, reason: str, chosen: Iterable[tuple[Case, StaffMember]]
) -> tuple[int, list[str]]:
    """Carry out the offers that a supervisor confirmed, each with its own record. Returns how many cases were
    reassigned, and the refusals of the others. Raises Refused if `by` is no supervisor."""
    if not access.may_balance(by):
        raise Refused(_("Only a supervisor deals somebody’s cases to the others."))
    done, refused = 0, []
    for case, to in chosen:
        try:
            reassign(case, by=by, reason=reason, to=to)
            done += 1
        except Refused as why:
            refused.append(f"{case.reference}: {why}")
    return done, refused


def release_stranded(member: StaffMember | None = None) -> None:
    """Return open cases to their team's queue if their investigator may not go on: they left, changed role or
    team, or have a conflict of interest. Cases of one member, or of all. A member whose role waits for
    confirmation keeps their cases."""
    mates = StaffMember.teams.through.objects.filter(staffmember=OuterRef("assignee"), team=OuterRef("team"))
    conflict = Conflict.objects.filter(member=OuterRef("assignee"), case=OuterRef("pk"))
    assigned = Case.objects.open().filter(assignee__isnull=False).select_related("assignee")

    def works(role: str) -> Q:
        return Q(**{role: Role.SUPERVISOR}) | Q(Exists(mates), **{role: Role.INVESTIGATOR})

    waits = Q(assignee__role="") & works("assignee__asked_role")
    may_go_on = Q(assignee__is_active=True, assignee__is_staff=True) & (works("assignee__role") | waits)
    theirs = assigned.filter(assignee=member) if member else assigned
    for case in theirs.filter(Exists(conflict) | ~may_go_on):
        why = "conflict" if case.assignee and conflicts.has_conflict(case, case.assignee) else "left"
        data = {"team": case.team_id, "investigator": None, "why": why}
        try:
            lifecycle.advance(case, "assign", by=ledger.SYSTEM, data=data, changes={"assignee": None})
        except Exception:  # does not stop the rest; the sweep tries again
            log.exception("case %s stays with somebody who may not go on with it", case.pk)
