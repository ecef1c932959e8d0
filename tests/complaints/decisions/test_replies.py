"""The reply that is offered to begin with: in the borrower's language, from what was found and promised."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone, translation

from complaints.decisions import findings, replies, undertakings
from complaints.decisions.undertakings import PlannedUndertaking
from complaints.models import Case, Finding, StaffMember, Team
from complaints.rights import reviews
from tests.support import cast, office
from tests.support.cast import ROOT
from tests.support.office import written

# What no page, template or label says of a borrower whose complaint was not proved.
NEVER = re.compile(r"\bfalse\b|\blie[ds]?\b|\blying\b|untrue|unfounded|不属实|不实|虚假|谎", re.IGNORECASE)


def begun(filed: cast.Filed, team: Team, member: StaffMember) -> Case:
    return office.step(office.routed(filed.case, team, member), "begin", member)


def decided(case: Case, by: StaffMember) -> Case:
    """One finding of each kind that must be worded with care, a promise and two measures."""
    due = timezone.localdate() + timedelta(days=10)
    for sort, kind, what, known in (
        ("redress", "apology", "一封道歉信", True),
        ("measure", "training", "Mr Chen is trained.", True),
        ("measure", "discipline", "Mr Chen is fined.", False),
    ):
        one = PlannedUndertaking(sort=sort, kind=kind, what=what, owner="HR", due_on=due, borrower_may_know=known)
        undertakings.order(case, by=by, wanted=one)
    found = [
        written("C04", outcome="not", reasons="E-1 has no name in it.", relied_on=list(case.exhibits.all())),
        written("C05", outcome="insufficient", missing="催收日志。", missing_from="agency", reasons="No log."),
    ]
    return findings.decide(case, by=by, written=found)


def test_it_says_what_was_found_what_is_done_and_where_to_go(
    borrower: cast.Filed, south: Team, investigator: StaffMember
) -> None:
    text = replies.drafted(decided(begun(borrower, south, investigator), investigator))
    for said in (
        *("李小梅：您好！", "“打电话、发消息给我的家人", "这不等于没有发生过。", "依据的证据：E-1。"),
        *("缺少的是：催收日志。", "没有提供的一方：催收机构。", "- 道歉：一封道歉信", "- 培训"),
        *("申请换人复核", "12378", "法院"),
    ):
        assert said in text, said
    until = timezone.localdate() + timedelta(days=30)
    assert f"{until.year}年{until.month}月{until.day}日前可以凭查询码" in text
    for hidden in ("Chen", "处分", investigator.username, "&", "  "):
        assert hidden not in text


def test_it_is_in_the_borrowers_language_whoever_reads_the_desk(
    second_borrower: cast.Filed, south: Team, investigator: StaffMember
) -> None:
    case = decided(begun(second_borrower, south, investigator), investigator)
    with translation.override("zh-hans"):
        text = replies.drafted(case)
    assert text.startswith("Dear Wang Wei,\n\nWe have investigated your complaint")
    assert "That does not mean that it did not." in text
    assert "Who did not provide it: The collection agency." in text


def test_there_is_none_before_the_decision_nor_after_the_reply(
    borrower: cast.Filed, south: Team, investigator: StaffMember
) -> None:
    case = begun(borrower, south, investigator)
    assert replies.drafted(case) == ""
    decided(case, investigator)
    Case.objects.update(state="replied")
    assert replies.drafted(office.now(case)) == ""


def test_after_a_review_it_says_that_somebody_else_looked(
    borrower: cast.Filed, south: Team, investigator: StaffMember, supervisor: StaffMember
) -> None:
    case = office.answered_by(investigator, office.routed(borrower.case, south, investigator))
    reviews.ask(case, reasons="No.")
    assert "您要求换人复核" in replies.drafted(office.decided_by(supervisor, office.now(case)))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_no_outcome_is_called_false(language: str) -> None:
    with translation.override(language):
        for outcome in Finding.Outcome:
            assert not NEVER.search(str(outcome.label)), outcome


PAGES = [
    *ROOT.glob("templates/reply/*"),
    *ROOT.glob("templates/follow/*"),
    *ROOT.glob("templates/admin/complaints/case/*"),
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_page_or_template_calls_what_was_said_false(page: Path) -> None:
    assert not NEVER.search(page.read_text(encoding="utf-8"))
