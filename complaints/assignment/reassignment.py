"""Cases into other hands: by somebody's decision, because somebody is away, or because somebody may not go on."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

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

from . import routing
from .routing import Candidate

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Offer:
    """One case of somebody who is away, and who would get it; nobody, where nobody can."""

    case: Case
    to: StaffMember | None

    @property
    def key(self) -> str:
        """How a form names it: chosen again later, it is the same offer or none."""
        return f"{self.case.pk}:{self.to.pk if self.to else ''}"


@transaction.atomic
def reassign(
    case: Case, *, by: StaffMember, reason: str, to: StaffMember | None = None, team: Team | None = None
) -> Reassignment:
    """Give the case to somebody of its team, to the team's queue (neither named), or to another team.

    In another team the lightest who can take it gets it. The reason is frozen; its digest goes on the ledger.
    Raises Refused.
    """
    row = lifecycle.lock_for(case, "assign", staff=by)
    if not reason.strip():
        raise Refused(_("Write why the case changes hands."))
    goes_to = team or row.team
    if goes_to is None:  # for mypy: only a filed case has no team, and that is refused above
        raise Refused(_("A case is routed to a team: none was named."))
    if goes_to != row.team and not access.has_role(by, Role.SUPERVISOR):
        raise Refused(_("Only a supervisor gives a case to another team."))
    if to is None and goes_to != row.team:
        chosen = routing.choose(routing.candidates(goes_to, row), row.language)
        to = chosen.member if chosen else None
    if (goes_to, to) == (row.team, row.assignee):
        raise Refused(_("The case is in these hands already."))
    return _hand_over(row, by=by, to=to, team=goes_to, reason=reason.strip())


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
    lifecycle.advance(row, "assign", by=access.actor(by), staff=by, data=data, changes=changes)
    return made


def offers(member: StaffMember, *, by: StaffMember) -> list[Offer]:
    """The member's open cases, as far as the reader sees them, dealt to the others of each team.

    The gravest and the most pressing first, each to who is lightest with what they have been dealt before.
    """
    assigned = Case.objects.visible_to(by).open().filter(assignee=member).select_related("team", "complaint")
    cases = list(assigned.order_by("-severity", "decide_by", "pk"))
    kept_out = _kept_out(cases)
    others = {team: _others(team, member) for team in {case.team for case in cases} if team}
    return [_deal(case, others[case.team], kept_out) for case in cases if case.team]


def _others(team: Team, member: StaffMember) -> dict[int, Candidate]:
    return {one.member.pk: one for one in routing.weigh(team) if one.member != member and not one.hindrance}


def _deal(case: Case, others: dict[int, Candidate], kept_out: set[tuple[int, int]]) -> Offer:
    """Choose, and count the case to who gets it."""
    able = [
        one for key, one in others.items() if one.load < one.member.capacity and (case.pk, key) not in kept_out
    ]
    chosen = routing.choose(able, case.language)
    if chosen is None:
        return Offer(case, None)
    others[chosen.member.pk] = Candidate(chosen.member, chosen.load + 1)
    return Offer(case, chosen.member)


def _kept_out(cases: list[Case]) -> set[tuple[int, int]]:
    """Case and member, where a conflict or a review keeps them apart; two statements for all of them."""
    apart = Conflict.objects.filter(case__in=cases).values_list("case", "member")
    reviews = Review.objects.filter(case__in=cases, barred__isnull=False).values_list("case", "barred")
    return {*apart, *reviews}


def balance(
    member: StaffMember, *, by: StaffMember, reason: str, chosen: Iterable[tuple[Case, StaffMember]]
) -> tuple[int, list[str]]:
    """Carry out the offers that a supervisor confirmed, each recorded with its reason. What cannot be done any
    more, since somebody acted meanwhile, is told and left. Returns how many changed hands, and the refusals."""
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
    """Back to its team's queue with each open case whose investigator may not go on: who has left, has another
    role or team, or a conflict of interest. Of one member, or of everybody. Who lost their second factor keeps
    theirs until a supervisor has decided whether to confirm them again."""
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
        except Exception:  # one that cannot be given back holds up no other, and the sweep tries again
            log.exception("case %s stays with somebody who may not go on with it", case.pk)
