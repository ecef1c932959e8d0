"""Every address of the desk, as every member of the cast. What is not in the table fails the test."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver

from complaints.assignment import declarations
from complaints.models import Absence, CallBack, Case, Declaration, RoutingRule, StaffMember, Team
from complaints.safety import callbacks
from tests.support import cast, other_side

PEOPLE = ("nobody", "investigator", "investigator_north", "supervisor", "auditor", "administrator", "roleless")

# For a case of team South. 302 leads to the sign-in page, or back to the page after a step.
TABLE = """
                                                       nobody South North superv auditor admin roleless
GET  /                                                 302    200   200   200    200     302   302
GET  /login/                                           200    302   302   302    302     302   200
POST /logout/                                          302    302   302   302    302     302   302
GET  /sign-in/                                         302    302   302   302    302     302   302
GET  /sign-in/code/                                    302    302   302   302    302     302   302
GET  /sign-in/set-up/                                  302    302   302   302    302     302   302
GET  /sign-in/set-up/qr.svg                            302    302   302   302    302     302   302
GET  /sign-in/password/                                302    302   302   302    302     302   302
GET  /appointments/                                    302    403   403   200    200     200   302
POST /appointments/<pk>/confirm/                       302    403   403   409    403     403   302
POST /appointments/<pk>/refuse/                        302    403   403   409    403     403   302
POST /appointments/<pk>/lost/                          302    403   403   403    403     302   302
GET  /own/                                             302    200   200   200    200     200   302
POST /stay/                                            302    200   200   200    200     200   302
POST /unsent/as-typed/                                 302    400   400   400    400     400   302
POST /unsent/<key>/forget/                             302    302   302   302    302     302   302
GET  /password_change/                                 302    200   200   200    200     200   302
GET  /password_change/done/                            302    200   200   200    200     200   302
GET  /autocomplete/                                    302    403   403   403    403     403   302
GET  /jsi18n/                                          302    200   200   200    200     200   302
GET  /r/<content_type_id>/<object_id>/                 302    404   404   404    404     404   302
GET  /complaints/                                      302    302   302   302    302     302   302
GET  /complaints/case/                                 302    200   200   200    200     403   302
POST /complaints/case/saved/                           302    302   302   302    302     404   302
POST /complaints/case/saved/<pk>/                      302    404   404   404    404     404   302
GET  /complaints/case/bulk/<pk>/                       302    404   404   404    404     404   302
POST /complaints/case/bulk/<pk>/confirm/               302    404   404   404    404     404   302
POST /complaints/case/bulk/<pk>/cancel/                302    404   404   404    404     404   302
GET  /complaints/case/<pk>/                            302    200   404   200    200     404   302
POST /complaints/case/<pk>/begin/                      302    302   404   302    403     404   302
POST /complaints/case/<pk>/decide/                     302    422   404   422    403     404   302
POST /complaints/case/<pk>/second/                     302    422   404   422    403     404   302
POST /complaints/case/<pk>/undertake/                  302    422   404   422    403     404   302
POST /complaints/case/<pk>/end/                        302    404   404   404    403     404   302
POST /complaints/case/<pk>/refer/                      302    422   404   422    403     404   302
POST /complaints/case/<pk>/reply/                      302    422   404   422    403     404   302
POST /complaints/case/<pk>/close/                      302    409   404   409    403     404   302
POST /complaints/case/<pk>/write/                      302    422   404   422    403     404   302
POST /complaints/case/<pk>/read/                       302    302   404   302    403     404   302
POST /complaints/case/<pk>/withdrawal/                 302    422   404   422    403     404   302
POST /complaints/case/<pk>/more-time/                  302    422   404   422    403     404   302
POST /complaints/case/<pk>/extension/                  302    422   404   422    403     404   302
POST /complaints/case/<pk>/note/                       302    422   404   422    403     404   302
POST /complaints/case/<pk>/task/                       302    422   404   422    403     404   302
POST /complaints/case/<pk>/task_done/                  302    404   404   404    403     404   302
GET  /complaints/case/<pk>/enquiries/ask/              302    200   404   200    403     404   302
POST /complaints/case/<pk>/enquiries/ask/              302    422   404   422    403     404   302
GET  /complaints/case/<pk>/enquiries/<number>/         302    200   404   200    200     404   302
POST /complaints/case/<pk>/enquiries/<number>/letter/  302    200   404   200    403     404   302
POST /complaints/case/<pk>/enquiries/<number>/read/    302    302   404   302    403     404   302
POST /complaints/case/<pk>/enquiries/<number>/revoke/  302    302   404   302    403     404   302
POST /complaints/case/<pk>/enquiries/<number>/renew/   302    302   404   302    403     404   302
POST /complaints/case/<pk>/enquiries/<number>/assess/  302    409   404   409    403     404   302
POST /complaints/case/<pk>/enquiries/<number>/receive/ 302    422   404   422    403     404   302
GET  /complaints/case/<pk>/hands/                      302    200   404   200    200     404   302
POST /complaints/case/<pk>/assign/                     302    422   404   422    403     404   302
POST /complaints/case/<pk>/undo_assign/                302    409   404   409    403     404   302
POST /complaints/case/<pk>/step_back/                  302    302   404   302    403     404   302
GET  /complaints/case/<pk>/severity/                   302    200   404   200    200     404   302
POST /complaints/case/<pk>/severity/                   302    422   404   422    403     404   302
GET  /complaints/case/<pk>/bundle/                     302    200   404   200    403     404   302
GET  /complaints/case/<pk>/bundle/<key>/               302    404   404   404    403     404   302
GET  /complaints/case/<pk>/bundle/<key>/file/          302    404   404   404    403     404   302
POST /complaints/case/<pk>/bundle/<key>/approve/       302    404   404   404    403     404   302
POST /complaints/case/<pk>/bundle/<key>/fetch/         302    404   404   404    403     404   302
POST /complaints/case/<pk>/bundle/given/<key>/revoke/  302    404   404   404    403     404   302
POST /complaints/case/<pk>/exhibits/look/              302    302   404   302    302     404   302
POST /complaints/case/<pk>/exhibits/<number>/look/     302    302   404   302    302     404   302
POST /complaints/case/<pk>/exhibits/<number>/original/ 302    303   404   303    303     404   302
GET  /complaints/case/<pk>/exhibits/<number>/file/     302    403   404   403    403     404   302
GET  /complaints/case/<pk>/exhibits/<number>/copies/<key>/ 302 404  404   404    404     404   302
GET  /complaints/case/<pk>/exhibits/<number>/transcript/ 302  404   404   404    404     404   302
POST /complaints/case/<pk>/exhibits/<number>/release/  302    403   404   422    403     404   302
GET  /complaints/clock/                                302    200   200   200    200     403   302
GET  /complaints/undertaking/                          302    200   200   200    200     403   302
GET  /complaints/callback/                             302    200   200   200    403     403   302
POST /complaints/callback/<pk>/done/                   302    422   422   422    403     403   302
GET  /complaints/routingrule/                          302    403   403   200    200     200   302
GET  /complaints/routingrule/try/                      302    403   403   200    200     200   302
POST /complaints/routingrule/rehearse/                 302    403   403   422    403     422   302
POST /complaints/routingrule/<pk>/rehearse/            302    403   403   422    403     422   302
GET  /complaints/routingrule/add/                      302    403   403   200    403     200   302
GET  /complaints/routingrule/<object_id>/history/      302    403   403   200    200     200   302
GET  /complaints/routingrule/<object_id>/delete/       302    403   403   403    403     403   302
GET  /complaints/routingrule/<object_id>/change/       302    403   403   200    200     200   302
POST /complaints/routingrule/<object_id>/change/       302    403   403   200    403     200   302
GET  /complaints/routingrule/<object_id>/              302    302   302   302    302     302   302
GET  /complaints/team/                                 302    403   403   403    403     200   302
GET  /complaints/team/add/                             302    403   403   403    403     200   302
GET  /complaints/team/<object_id>/history/             302    403   403   403    403     200   302
GET  /complaints/team/<object_id>/delete/              302    403   403   403    403     403   302
GET  /complaints/team/<object_id>/change/              302    403   403   403    403     200   302
GET  /complaints/team/<object_id>/                     302    302   302   302    302     302   302
GET  /complaints/staffmember/                          302    403   403   403    403     200   302
GET  /complaints/staffmember/add/                      302    403   403   403    403     200   302
GET  /complaints/staffmember/<id>/password/            302    403   403   403    403     200   302
GET  /complaints/staffmember/<object_id>/history/      302    403   403   403    403     200   302
GET  /complaints/staffmember/<object_id>/delete/       302    403   403   403    403     403   302
GET  /complaints/staffmember/<object_id>/change/       302    403   403   403    403     200   302
GET  /complaints/staffmember/<object_id>/              302    302   302   302    302     302   302
GET  /complaints/absence/                              302    403   403   200    403     200   302
GET  /complaints/absence/add/                          302    403   403   200    403     200   302
GET  /complaints/absence/<pk>/balance/                 302    403   403   200    403     403   302
POST /complaints/absence/<pk>/balance/                 302    403   403   422    403     403   302
GET  /complaints/absence/<object_id>/history/          302    403   403   200    403     200   302
GET  /complaints/absence/<object_id>/delete/           302    403   403   403    403     403   302
GET  /complaints/absence/<object_id>/change/           302    403   403   200    403     200   302
GET  /complaints/absence/<object_id>/                  302    302   302   302    302     302   302
GET  /complaints/declaration/                          302    200   200   200    200     200   302
GET  /complaints/declaration/add/                      302    200   200   200    200     200   302
GET  /complaints/declaration/<object_id>/history/      302    200   302   200    200     200   302
GET  /complaints/declaration/<object_id>/delete/       302    403   403   403    403     403   302
GET  /complaints/declaration/<object_id>/change/       302    200   302   200    200     200   302
GET  /complaints/declaration/<object_id>/              302    302   302   302    302     302   302
GET  /nothing/here/                                    302    404   404   404    404     404   302
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()[1:]]
READERS = ("investigator", "supervisor", "auditor", "administrator")


@pytest.fixture
def case(borrower: cast.Filed, south: Team, request: pytest.FixtureRequest) -> Case:
    Case.objects.filter(pk=borrower.case.pk).update(state=Case.State.ROUTED, team=south)
    RoutingRule.objects.create(order=1, name="everything", team=south)
    callbacks.ask(language="en", channel="phone", reach="13800138000")
    member: StaffMember = request.getfixturevalue("investigator")
    Absence.objects.create(member=member, begins="2026-01-01", until="2026-01-02")
    declarations.declare(member, by=member, kind="organisation", name="Somebody quite different")
    borrower.case.refresh_from_db()
    other_side.sent(borrower.case, request.getfixturevalue("supervisor"))
    return borrower.case


def browser(who: str, request: pytest.FixtureRequest) -> Client:
    if who == "nobody":
        return Client()
    if who == "roleless":
        return cast.signed_in(cast.staff("root", "", is_superuser=True))  # type: ignore[arg-type]
    return cast.signed_in(request.getfixturevalue(who))


def address(pattern: str, case: Case) -> str:
    """The pattern with a case of South, its exhibit, its team and people filled in."""
    own = {
        "callback": CallBack.objects.get().pk,
        "routingrule": RoutingRule.objects.get().pk,
        "team": case.team_id,
        "appointments": StaffMember.objects.get(username="investigator").pk,
        "absence": Absence.objects.get().pk,
        "declaration": Declaration.objects.get().pk,
        "staffmember": StaffMember.objects.get(username="investigator").pk,
    }
    key = "00000000-0000-4000-8000-000000000000"
    room = pattern.removeprefix("/complaints/").strip("/").split("/")[0]
    values: dict[str, Any] = {
        "pk": own.get(room, case.pk),
        "number": 1,
        "key": key,
        "id": own["staffmember"],
        "content_type_id": 1,
    }
    values["object_id"] = values["pk"]
    if "balance" in pattern:
        values["pk"] = own["staffmember"]
    return "/admin" + re.sub(r"<(\w+)>", lambda name: str(values[name[1]]), pattern)


def patterns(urls: list[Any], prefix: str = "/") -> Iterator[str]:
    """Every address of the desk, e.g. /complaints/case/<pk>/."""
    for one in urls:
        route = prefix + re.sub(r"<\w+:", "<", str(one.pattern))
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, route)
        elif isinstance(one, URLPattern) and "app_label" not in route and "final_catch" not in route:
            yield route


@pytest.mark.long
@pytest.mark.parametrize("row", ROWS, ids=[" ".join(row[:2]) for row in ROWS])
def test_each_address_answers_each_role_as_the_table_says(
    row: list[str], case: Case, investigator: StaffMember, request: pytest.FixtureRequest
) -> None:
    method, pattern, *expected = row
    url, data = address(pattern, case), {"reason": "review", "audience": "legal_aid"}
    got = []
    for who in PEOPLE:
        with transaction.atomic():
            client = browser(who, request)
            response = client.get(url) if method == "GET" else client.post(url, data)
            got.append(response.status_code)
            if response.streaming:
                list(response)
            transaction.set_rollback(True)
    assert dict(zip(PEOPLE, got, strict=True)) == dict(zip(PEOPLE, map(int, expected), strict=True))


def test_the_table_has_every_address_of_the_desk() -> None:
    known = {row[1] for row in ROWS}
    there = {route for route in patterns(admin.site.get_urls()) if not route.startswith("/(?P<url>")}
    assert there - known == set()


def test_drafts_items_and_the_ledger_have_no_room_in_admin() -> None:
    rooms = {model.__name__ for model in admin.site._registry}
    assert rooms == {
        *("Absence", "CallBack", "Case", "Clock", "Declaration", "RoutingRule", "StaffMember", "Team"),
        "Undertaking",
    }


def test_an_investigator_of_another_team_finds_no_trace_of_the_case(
    case: Case, investigator_north: StaffMember
) -> None:
    client = cast.signed_in(investigator_north)
    for query in ("", "?queue=open", "?q=工", f"?q={case.reference}"):
        page = client.get(f"/admin/complaints/case/{query}").content.decode()
        assert f"/case/{case.pk}/" not in page
        assert case.complaint.lender not in page


def test_steps_are_taken_by_post_only(case: Case, investigator: StaffMember) -> None:
    client = cast.signed_in(investigator)
    at = f"/admin/complaints/case/{case.pk}/"
    for step in (
        f"bundle/{uuid4()}/fetch",
        "exhibits/look",
        "exhibits/1/look",
        "exhibits/1/original",
        "exhibits/1/release",
    ):
        assert client.get(f"{at}{step}/").status_code == 405
    for step in ("begin", "second", "undertake", "end", "refer", "reply", "close"):
        assert client.get(f"{at}{step}/").headers["Location"] == at
    case.refresh_from_db()
    assert case.state == Case.State.ROUTED


def test_a_step_needs_the_csrf_token(case: Case, investigator: StaffMember) -> None:
    client = cast.signed_in(investigator, enforce_csrf_checks=True)
    assert client.post(f"/admin/complaints/case/{case.pk}/begin/").status_code == 403


@pytest.mark.parametrize("who", READERS)
def test_no_page_of_the_desk_has_inline_script_or_style(
    who: str, case: Case, investigator: StaffMember, request: pytest.FixtureRequest
) -> None:
    client = browser(who, request)
    pages = [client.get(address(row[1], case)) for row in ROWS if row[0] == "GET"]
    read = [page.content.decode() for page in pages if page.status_code == 200 and "html" in page["Content-Type"]]
    assert len(read) >= 4
    for text in read:
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))
        assert not re.search(r"""(src|href)=["']?(https?:)?//""", text)


def test_every_answer_has_the_strict_policy_and_is_kept_by_no_cache(case: Case, supervisor: StaffMember) -> None:
    response = cast.signed_in(supervisor).get(f"/admin/complaints/case/{case.pk}/")
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "no-store" in response["Cache-Control"]


def test_somebody_without_a_role_cannot_sign_in(db: None) -> None:
    cast.staff("root", "", is_superuser=True)  # type: ignore[arg-type]
    response = Client().post("/admin/login/", {"username": "root", "password": cast.PASSWORD})
    assert "no role at the desk" in response.content.decode()


def test_the_desk_opens_at_the_overview_of_ones_work(
    investigator: StaffMember, auditor: StaffMember, administrator: StaffMember
) -> None:
    for member, number in ((investigator, "In my hands and not begun"), (auditor, "Without a team")):
        assert number in cast.signed_in(member).get("/admin/").content.decode()
    assert cast.signed_in(administrator).get("/admin/")["Location"] == "/admin/complaints/staffmember/"
