"""The outcome of a case, on the case page: findings, an open proposal, redress, measures, referrals."""

from dataclasses import dataclass

from django.db.models import Prefetch, prefetch_related_objects

from complaints.admin.timeline import TimelineRow
from complaints.decisions import findings, undertakings
from complaints.models import Case, Finding, Proposal, Referral, Undertaking, event_kinds

from . import unopened
from .decision_forms import EndForm, ReferralForm, SecondForm, UndertakingForm
from .section import Opened, Section
from .unopened import Unopened

UNDERTAKEN = {event_kinds.MEASURE_ORDERED, event_kinds.REDRESS_PROMISED}


def look_up(case: Case, kinds: set[str]) -> None:
    """Load once what several sections need. Tables are queried only if the ledger has an entry of the kind."""
    if event_kinds.CASE_DECIDED in kinds:
        found = Finding.objects.select_related("found_by", "confirmed_by")
        prefetch_related_objects([case], Prefetch("findings", found))
    if event_kinds.CASE_PROPOSED in kinds:
        prefetch_related_objects([case], "proposals")
    if kinds & UNDERTAKEN:
        undertaken = Undertaking.objects.select_related("ordered_by", "ended_by", "proof_exhibit")
        prefetch_related_objects([case], Prefetch("undertakings", undertaken))


@dataclass(frozen=True)
class Group:
    """All redress or all measures, and the form for another one."""

    sort: Undertaking.Sort
    undertakings: list[Undertaking]
    form: UndertakingForm | None


@dataclass(frozen=True)
class Decision(Section):
    """The section. `came_since` is what came after the proposal was made."""

    found: list[Finding]
    proposal: Proposal | None
    came_since: list[TimelineRow]
    second_form: SecondForm | None
    unopened: Unopened | None  # for the person who confirms
    groups: list[Group]
    referrals: list[Referral]
    referral_form: ReferralForm | None

    @property
    def ids(self) -> list[str]:
        groups = [str(group.sort) for group in self.groups if group.form or group.undertakings]
        return ["decision", *groups, *(["referrals"] if self.referral_form or self.referrals else [])]


def of(opened: Opened) -> Decision:
    """Prepare the section with the forms of the offered steps. A refused form is shown as it was sent."""
    case, kinds, offered = opened.case, opened.kinds, opened.offered
    undertaken = _undertaken(opened) if kinds & UNDERTAKEN else []
    proposal = findings.last_proposal(case) if event_kinds.CASE_PROPOSED in kinds else None
    confirms = proposal if proposal and "confirm" in offered else None
    return Decision(
        opened,
        found=_found(case) if event_kinds.CASE_DECIDED in kinds else [],
        proposal=proposal,
        came_since=_came_since(proposal, opened.timeline_rows) if proposal and not proposal.outcome else [],
        second_form=_second_form(opened, confirms) if confirms else None,
        unopened=(unopened.of(case, opened.exhibits, opened.user, confirms.proposed_by) if confirms else None),
        groups=[_group(opened, sort, undertaken) for sort in (Undertaking.Sort.REDRESS, Undertaking.Sort.MEASURE)],
        referrals=list(case.referrals.select_related("referred_by")) if event_kinds.CASE_REFERRED in kinds else [],
        referral_form=(opened.mended(ReferralForm) or ReferralForm()) if "refer" in offered else None,
    )


def _found(case: Case) -> list[Finding]:
    return sorted(case.findings.all(), key=lambda finding: (-finding.round, finding.pk))


def _undertaken(opened: Opened) -> list[Undertaking]:
    """The measures and promises. Open ones have the form to end them."""
    found, form = list(opened.case.undertakings.all()), opened.mended(EndForm)
    for one in found:
        mine = form if form and form.undertaking == one else None
        may_end = not one.outcome and undertakings.ENDED[Undertaking.Sort(one.sort)] in opened.offered
        fresh = EndForm(undertaking=one, exhibits=opened.exhibits) if may_end else None
        vars(one)["end_form"] = mine if may_end and mine else fresh
    return found


def _group(opened: Opened, sort: Undertaking.Sort, undertaken: list[Undertaking]) -> Group:
    return Group(
        sort=sort,
        undertakings=[one for one in undertaken if one.sort == sort],
        form=_undertaking_form(opened, sort) if undertakings.ORDERED[sort] in opened.offered else None,
    )


def _came_since(proposal: Proposal, timeline_rows: list[TimelineRow]) -> list[TimelineRow]:
    """What came after the proposal was made, oldest first."""
    return [row for row in timeline_rows if row.came and row.at > proposal.proposed_at][::-1]


def _second_form(opened: Opened, proposal: Proposal) -> SecondForm:
    seen = max(index for row in opened.timeline_rows for index in row.indexes)
    fresh = SecondForm(prefix="second", initial={"proposal": proposal.sha256, "seen": seen})
    return opened.mended(SecondForm) or fresh


def _undertaking_form(opened: Opened, sort: Undertaking.Sort) -> UndertakingForm:
    form = opened.mended(UndertakingForm)
    return form if form and form.sort == sort else UndertakingForm(sort=sort)
