"""A page of the desk that is sent twice has done one thing, and the second answer is that of the first."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from complaints.admin.case.assigning import hands_of
from complaints.bundles import exports
from complaints.bundles.options import Options
from complaints.decisions import undertakings
from complaints.decisions.undertakings import PlannedUndertaking as Planned
from complaints.models import Case, Export, StaffMember, Team
from complaints.safety import callbacks
from tests.support import cast, office
from tests.support.at_once import at_once
from tests.support.pages import text

FINDINGS = {
    f"{code}-{name}": said
    for code in ("C04", "C05")
    for name, said in (("outcome", "substantiated"), ("reasons", "E-1."), ("other_rule", "Its own code."))
}


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.routed(borrower.case, south, investigator)


def at(case: Case, step: str = "") -> str:
    return f"/admin/complaints/case/{case.pk}/{step}"


def twice(desk: Client, case: Case, step: str, **fields: Any) -> list[str]:
    """The pages that a doubled click leads to."""
    form = {"csrfmiddlewaretoken": token(desk, case), **fields}
    return [text(desk.post(at(case, step), form, follow=True)) for _click in range(2)]


def token(desk: Client, case: Case) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', desk.get(at(case)).content.decode())
    assert found
    return found[1]


def test_each_step_taken_by_a_doubled_click_is_taken_once_and_both_answers_say_so(
    case: Case, investigator: StaffMember
) -> None:
    desk = cast.signed_in(investigator)
    steps: dict[str, tuple[dict[str, str], str]] = {
        "begin/": ({}, "The investigation has begun"),
        "decide/": ({**FINDINGS, "seen": "999"}, "The findings are recorded"),
        "reply/": ({"text": "We looked into it."}, "The reply is sent"),
        "close/": ({}, "The case is closed."),
    }
    for step, (fields, said) in steps.items():
        first, second = twice(desk, case, step, **fields)
        assert said in first, step
        assert said in second, step
    kinds = ("case.begun", "case.decided", "case.replied", "case.closed")
    assert [office.told(case).count(kind) for kind in kinds] == [1, 1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_in_the_same_instant_take_one_step_and_neither_is_refused(
    case: Case, investigator: StaffMember
) -> None:
    desk = cast.signed_in(investigator)
    form = {"csrfmiddlewaretoken": token(desk, case)}

    def click() -> int:
        same = Client()
        same.cookies = desk.cookies
        return same.post(at(case, "begin/"), form).status_code

    assert at_once(click, click) == [302, 302]
    assert office.told(case).count("case.begun") == 1


def test_an_end_noted_by_a_doubled_click_is_noted_once_and_other_words_are_refused(
    case: Case, investigator: StaffMember
) -> None:
    desk, begun, today = (
        cast.signed_in(investigator),
        office.step(case, "begin", investigator),
        timezone.localdate(),
    )
    planned = Planned("redress", "apology", "A letter.", "Customer Relations", today + timedelta(days=9))
    promise = undertakings.order(begun, by=investigator, wanted=planned)
    form = {"undertaking": str(promise.pk), **ending(promise.pk, "Sent.")}
    first, second = twice(desk, case, "end/", **form)
    assert "Settled, with its proof." in first
    assert "Settled, with its proof." in second
    assert office.told(case).count("redress.ended") == 1
    other = {**form, **ending(promise.pk, "Something else.")}
    assert "settled already" in text(desk.post(at(case, "end/"), other, follow=True))


def ending(number: int, proof: str) -> dict[str, str]:
    words = {"outcome": "done", "ended_on": timezone.localdate().isoformat(), "proof": proof}
    return {f"end{number}-{name}": said for name, said in words.items()}


def test_a_case_given_over_by_a_doubled_click_is_given_over_once(case: Case, investigator: StaffMember) -> None:
    form = {"to": "queue", "reason": "She knows this agency.", "seen": hands_of(case)}
    first, second = twice(cast.signed_in(investigator), case, "assign/", **form)
    assert "The case waits in the queue" in first
    assert "The case waits in the queue" in second
    assert case.reassignments.count() == 1


def test_a_bundle_approved_by_a_doubled_click_is_approved_once(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    export = exports.ask(case, Options.usual("regulator").kept(), by=investigator, language="en")
    Export.objects.update(state=Export.State.UNAPPROVED)
    pages = twice(cast.signed_in(supervisor), case, f"bundle/{export.pk}/approve/")
    assert not any("waits for nobody" in page for page in pages)
    assert office.told(case).count("bundle.approved") == 1


def test_a_bundle_downloaded_by_a_doubled_click_is_recorded_once(case: Case, investigator: StaffMember) -> None:
    export = exports.ask(case, Options.usual("office").kept(), by=investigator, language="en")
    exports.make_waiting()
    desk = cast.signed_in(investigator)
    for _click in range(2):
        answer = desk.post(at(case, f"bundle/{export.pk}/fetch/"), {"csrfmiddlewaretoken": "x" * 64})
        assert answer.headers["Location"].endswith("/file/")
    assert desk.get(answer.headers["Location"]).status_code == 200
    assert office.told(case).count("bundle.downloaded") == 1


def test_a_call_back_noted_by_a_doubled_click_is_noted_once(investigator: StaffMember) -> None:
    asked = callbacks.ask(language="en", reach="00000000001", danger=True)
    desk = cast.signed_in(investigator)
    where, form = (
        f"/admin/complaints/callback/{asked.pk}/done/",
        {"outcome": "spoken", "csrfmiddlewaretoken": "x" * 64},
    )
    pages = [text(desk.post(where, form, follow=True)) for _click in range(2)]
    assert all("It is recorded what came of the call." in page for page in pages)
