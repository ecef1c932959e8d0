"""Fills an empty portal with staff, teams, rules and the six stories.

It calls the same functions as the views do, so that demo cases are like real ones.
"""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from complaints.assignment import declarations, routing
from complaints.cases import lifecycle
from complaints.conversation import messaging
from complaints.decisions import findings, replies, undertakings
from complaints.drafts import additions, drafts, files
from complaints.filing import filing
from complaints.filing.statement import REACHED_BY
from complaints.models import Case, Complaint, Declaration, Role, RoutingRule, StaffMember, Team
from complaints.reference import conduct
from complaints.reference.choices import ORGANISATIONS
from complaints.refusal import Refused
from complaints.staff import access, second_factor
from evidence.checking import sealing

from . import LOGINS
from .stories import colleagues, insults, letter, night_calls, not_sure, personal_account
from .story import Story, StoryFinding, StoryUndertaking

STORIES = (
    colleagues.STORY,
    night_calls.STORY,
    letter.STORY,
    insults.STORY,
    personal_account.STORY,
    not_sure.STORY,
)
SOUTH, NORTH = "Team South", "Team North"
# Username: name, languages, team
PEOPLE = {
    "supervisor": ("Zhou Min 周敏", ["zh-hans", "en"], None),
    "supervisor2": ("Gao Yi 高毅", ["zh-hans", "en"], None),  # confirms a review that two others decided
    "south": ("Lin Yue 林悦", ["zh-hans", "en"], SOUTH),
    "south2": ("Shen Lan 沈岚", ["zh-hans", "en"], SOUTH),  # reviews what Lin Yue decided
    "north": ("He Chuan 何川", ["zh-hans"], NORTH),
    "auditor": ("Xu Ning 许宁", ["zh-hans", "en"], None),
    "administrator": ("Tang Rui 唐睿", ["zh-hans", "en"], None),
}
# Name, team, conduct, language. The first rule that matches counts. If none does, a supervisor routes the case.
RULES: tuple[tuple[str, str, list[str], str], ...] = (
    ("English speakers", SOUTH, [], "en"),
    ("Violence, threats or exposure", SOUTH, ["C01", "C02", "C03"], ""),
    ("Third party contacted", SOUTH, ["C04"], ""),
    ("False authority or money to a person", NORTH, ["C08", "C09", "C12"], ""),
    ("Everything else that is named", NORTH, [kind.code for kind in conduct.KINDS], ""),
)


def open_office() -> None:
    """Create the seven staff members, two teams and the rules, unless there are staff already."""
    with transaction.atomic():
        if StaffMember.objects.exists():
            return
        works = {"country": "CN", "zone": "Asia/Shanghai"}
        teams = {name: Team.objects.create(name=name, **works) for name in (SOUTH, NORTH)}
        for username, password, role in LOGINS:
            _hire(username, password, role, teams)
        for order, (name, team, codes, language) in enumerate(RULES, 1):
            RoutingRule.objects.create(
                order=10 * order, name=name, team=teams[team], conduct=codes, language=language
            )
        _declare()


def _declare() -> None:
    """Declare a conflict of interest, so that the desk shows one. The bank is in no story."""
    north = StaffMember.objects.get(username="north")
    name, why = "Harbour Bank 港湾银行", "I worked there until last year."
    declarations.declare(north, by=north, kind=Declaration.Kind.ORGANISATION, name=name, reason=why)


def _hire(username: str, password: str, role: str, teams: dict[str, Team]) -> None:
    name, languages, team = PEOPLE[username]
    member: StaffMember = StaffMember.objects.create_user(
        username, password=password, is_staff=True, role=role, first_name=name, languages=languages
    )
    member.teams.set([teams[team]] if team else [])
    secret = second_factor.fresh_secret()
    second_factor.set_up(member, secret, second_factor.code_of(secret, int(time.time()) // 30 - 1))


def file_complaints() -> Iterator[tuple[Case, str]]:
    """File each story that is not filed yet and take its case to the story's state. Yields case and access code.

    If the portal has other cases and no story, nothing is filed. An interrupted run is continued: only the story
    that was filed last can be unfinished.
    """
    filed = [story for story in STORIES if _case_of(story)]
    if len(filed) == len(STORIES) or (Case.objects.exists() and not filed):
        return
    for story in STORIES[max(0, len(filed) - 1) :]:
        case = _case_of(story)
        if case is None:
            case, code = _file(story)
            yield case, code
        _seal(case)
        _proceed(case, story)


def _case_of(story: Story) -> Case | None:
    complaint = Complaint.objects.filter(story=story.text).select_related("case").first()
    return complaint.case if complaint else None


def _file(story: Story) -> tuple[Case, str]:
    draft, code = drafts.begin(story.language)
    for step, answers in _answers(story).items():
        drafts.save(draft, step, answers)
    for file in story.files:
        files.add_exhibit(draft, file.name, [file.make()], file.description, declared=file.declared)
    return filing.file(draft, code), filing.access_code(code)


def _answers(story: Story) -> dict[str, dict[str, Any]]:
    """The story as answers to the form's steps."""
    parties = dict(zip(ORGANISATIONS, story.parties, strict=True))
    reached = {name: story.reach.get(name, "") for name in REACHED_BY}
    notify = ["email"] if reached["email"] else []
    return {
        "who": {"relation": "debtor", "acting_for": ""},
        "parties": {**parties, "agency_unknown": not parties["agency"], "numbers": list(story.numbers)},
        "conduct": {"conduct": list(story.conduct)},
        "court": {"court_on": "", "court_note": "", **story.court},
        "story": {"story": story.text},
        "contacts": {"acts": [{"key": str(number), **act} for number, act in enumerate(story.contacts)]},
        "evidence": {"originals": story.originals},
        "wishes": {"wishes": list(story.wishes), "other": "", "currency": "CNY", **story.wants},
        "reach": {**reached, "channels": notify, "notify": notify, "safe_words": "neutral"},
        "names": {"lender": story.may_see_name},
    }


def _seal(case: Case) -> None:
    for exhibit in case.exhibits.select_related("item"):
        sealing.seal(exhibit.item)


def _proceed(case: Case, story: Story) -> None:
    """Take the case, step by step, to the story's state."""
    for state, step in STEPS.items():
        case.refresh_from_db()
        if case.state == story.state:
            return
        if case.state == state:
            step(case, story)


def _investigator(case: Case) -> StaffMember:
    if case.assignee is None:
        raise Refused(f"{case} has no investigator; a demo case can go no further.")
    return case.assignee


def _route(case: Case, _story: Story) -> None:
    routing.route(case)


@transaction.atomic
def _begin(case: Case, story: Story) -> None:
    staff = _investigator(case)
    lifecycle.advance(case, "begin", by=access.actor(staff), staff=staff)
    if story.question:
        asked = additions.begin_at_the_desk(case, uuid4(), "office-question")
        additions.keep(asked, story.question)
        messaging.send(asked, by=staff)


@transaction.atomic
def _decide(case: Case, story: Story) -> None:
    if decision := story.decision:
        staff = _investigator(case)
        for one in story.undertaken:
            _undertake(case, staff, one)
        findings.decide(case, by=staff, written=[_to_finding(case, one) for one in decision.findings])


def _to_finding(case: Case, one: StoryFinding) -> findings.Written:
    exhibits = list(case.exhibits.filter(number__in=one.relied_on).select_related("item"))
    return findings.Written(**{**vars(one), "relied_on": exhibits})


def _undertake(case: Case, staff: StaffMember, one: StoryUndertaking) -> None:
    today = timezone.localdate()
    wanted = undertakings.PlannedUndertaking(
        **{name: getattr(one, name) for name in ("sort", "kind", "what", "owner")},
        due_on=today + timedelta(days=one.days),
        amount=Decimal(one.amount) if one.amount else None,
        currency=one.currency if one.amount else "",
    )
    made = undertakings.order(case, by=staff, wanted=wanted)
    if one.proof:
        undertakings.end(made, by=staff, outcome="done", ended_on=today, proof=one.proof)


def _confirm(case: Case, _story: Story) -> None:
    """Confirm the decision as supervisor, if it needs two people."""
    supervisor = StaffMember.objects.filter(role=Role.SUPERVISOR).first()
    proposal = findings.last_proposal(case)
    if supervisor and proposal:
        findings.confirm(case, by=supervisor, proposal=proposal.sha256)


def _reply(case: Case, story: Story) -> None:
    if decision := story.decision:
        messaging.reply(case, by=_investigator(case), text=decision.reply or replies.drafted(case))


def _close(case: Case, _story: Story) -> None:
    staff = _investigator(case)
    lifecycle.advance(case, "close", by=access.actor(staff), staff=staff)


STEPS: dict[str, Callable[[Case, Story], None]] = {
    Case.State.FILED: _route,
    Case.State.ROUTED: _begin,
    Case.State.INVESTIGATING: _decide,
    Case.State.PROPOSED: _confirm,
    Case.State.DECIDED: _reply,
    Case.State.REPLIED: _close,
}
