"""Numbers that no column can hold, at every address and in every field that takes a number: never a 500."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver

from complaints.models import Case, StaffMember, Team

from .complaints.admin.test_every_desk_address import address, case
from .support import cast, other_side

__all__ = ["case"]  # the fixture of the desk's table

pytestmark = pytest.mark.long

NO_NUMBERS = ("9" * 5000, "9" * 25, "-1", "nan", "٣", "²", "1e400", "")
NO_ONE = "00000000-0000-4000-8000-000000000000"
NUMBER = r"<(?:int:\w+|path:object_id|id)>"


def numbered(urls: list[Any], prefix: str = "/") -> Iterator[str]:
    """Every address that takes a number, with its converters: /follow/exhibits/<int:number>/original/."""
    for one in urls:
        route = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from numbered(one.url_patterns, route)
        elif re.search(NUMBER, route):
            yield route


def answers(client: Client, method: str, url: str, data: Any = None, **headers: str) -> int:
    """The status of one request that leaves nothing behind."""
    with transaction.atomic():
        response = client.get(url, data, headers=headers) if method == "GET" else client.post(url, data)
        if response.streaming:
            list(response)
        transaction.set_rollback(True)
    return response.status_code


def follows(filed: cast.Filed) -> Client:
    client = Client()
    client.post("/follow/", {"code": filed.code})
    return client


def test_no_address_takes_a_number_that_no_column_can_hold(
    case: Case, borrower: cast.Filed, supervisor: StaffMember, administrator: StaffMember
) -> None:
    routes = list(numbered(get_resolver().url_patterns))
    assert len(routes) >= 60
    assert set(numbered(admin.site.get_urls(), "/admin/")) <= set(routes)
    people = {"borrower": follows(borrower), "supervisor": cast.signed_in(supervisor)}
    people["administrator"] = cast.signed_in(administrator)
    for route in routes:
        for number in ("9" * 5000, "9" * 25):
            url = re.sub(NUMBER, number, route).replace("<uuid:key>", NO_ONE)
            for who, client in people.items():
                for method in ("GET", "POST"):
                    # Django's own pages lead back to the list, and say there that nothing has this number.
                    assert answers(client, method, url) in (302, 403, 404, 405), (method, route, who)


def test_a_number_in_the_place_of_another_in_the_address_is_not_found(case: Case, supervisor: StaffMember) -> None:
    here, client = address("/complaints/case/<pk>/", case), cast.signed_in(supervisor)
    for part in ("exhibits/{}/file/", "exhibits/{}/transcript/", "enquiries/{}/"):
        for number in ("9" * 5000, "9" * 25, "0", "-1"):
            assert answers(client, "GET", here + part.format(number)) == 404, part


# What is posted to a page of the case; the field that is tried; the answers that are right for no number.
MORE = {"more-reasons": "The log is late."}
DECIDES = {"extension-decision": "yes", "extension-reasons": "Granted."}
ORDERS = {
    "redress-kind": "refund",
    "redress-what": "All of it.",
    "redress-owner": "They",
    "redress-currency": "CNY",
}
ON_THE_CASE: list[tuple[str, str, dict[str, str], set[int]]] = [
    ("task_done/", "task", {}, {404}),
    ("end/", "undertaking", {}, {404}),
    ("more-time/", "more-clock", MORE, {404, 422}),
    ("extension/", "extension-extension", DECIDES, {404, 422}),
    ("read/", "seen", {}, {302}),  # nothing is marked as read
    ("write/", "seen", {"kind": "message", "text": "Good morning.", "once": NO_ONE}, {422}),
    ("decide/", "C04-relied_on", {}, {422}),
    ("decide/", "C04-set_aside", {}, {422}),
    ("decide/", "seen", {}, {422}),
    ("second/", "second-seen", {"second-says": "confirm", "second-proposal": "0" * 64}, {409, 422}),
    ("task/", "owner", {"title": "Call them", "due_on": "2100-01-01", "once": NO_ONE}, {422}),
    ("undertake/", "redress-amount", {**ORDERS, "redress-due_on": "2100-01-01"}, {409, 422}),
    ("assign/", "to", {"reason": "She is away."}, {422}),
    ("bundle/", "exhibits", {"audience": "legal_aid"}, {422}),
    ("bundle/", "days", {"audience": "legal_aid", "recipient": "A lawyer", "downloads": "1"}, {422}),
    ("bundle/", "downloads", {"audience": "legal_aid", "recipient": "A lawyer", "days": "1"}, {422}),
    ("enquiries/1/assess/", "number", {"state": "came"}, {409}),
]


@pytest.mark.parametrize(
    ("page", "field", "rest", "right"), ON_THE_CASE, ids=[f"{one[0]}{one[1]}" for one in ON_THE_CASE]
)
def test_no_field_of_the_case_page_takes_what_is_no_number(
    page: str, field: str, rest: dict[str, str], right: set[int], case: Case, supervisor: StaffMember
) -> None:
    url, client = address("/complaints/case/<pk>/", case) + page, cast.signed_in(supervisor)
    for number in NO_NUMBERS:
        assert answers(client, "POST", url, {**rest, field: number}) in right, number


AT_THE_DESK = [
    ("POST", "/admin/complaints/case/", {"action": "csv"}, "_selected_action"),
    ("POST", "/admin/complaints/case/", {"action": "begin"}, "_selected_action"),
    *(
        ("GET", "/admin/complaints/case/", {}, name)
        for name in ("saved", "after", "before", "team", "investigator", "severity", "q")
    ),
    *(
        ("GET", f"/admin/complaints/{model}/", {}, name)
        for model, name in (
            ("staffmember", "teams__id__exact"),
            ("staffmember", "p"),
            ("staffmember", "o"),
            ("routingrule", "p"),
            ("absence", "p"),
            ("declaration", "kind__exact"),
        )
    ),
    ("POST", "/admin/complaints/staffmember/add/", {}, "teams"),
    ("POST", "/admin/complaints/staffmember/add/", {}, "capacity"),
    ("POST", "/admin/complaints/routingrule/add/", {"name": "new"}, "order"),
    ("POST", "/admin/complaints/routingrule/add/", {"name": "new", "order": "2"}, "team"),
    ("POST", "/admin/complaints/absence/add/", {"begins": "2026-01-01"}, "member"),
    ("POST", "/admin/complaints/declaration/add/", {"kind": "person", "name": "Somebody"}, "member"),
    ("POST", "/admin/complaints/team/add/", {"name": "New"}, "country"),
    ("POST", "/admin/complaints/team/add/", {"name": "New", "country": "US"}, "subdivision"),
    ("POST", "/admin/complaints/team/add/", {"name": "New"}, "weekdays"),
]


def test_no_list_and_no_form_of_the_desk_breaks_on_what_is_no_number(
    case: Case, supervisor: StaffMember, administrator: StaffMember
) -> None:
    works, runs = cast.signed_in(supervisor), cast.signed_in(administrator)
    for method, url, rest, field in AT_THE_DESK:
        client = runs if re.search("staffmember|team/", url) else works
        for number in NO_NUMBERS:
            status = answers(client, method, url, {**rest, field: number})
            assert status in (200, 302, 422), (url, field, number[:9], status)


def test_nothing_of_the_borrowers_pages_breaks_on_what_is_no_number(
    borrower: cast.Filed, south: Team, supervisor: StaffMember
) -> None:
    follower, drafter = follows(borrower), Client()
    drafter.post("/complaints/new/", {"code": cast.a_draft()[1], "continue": "1"})
    added = follower.post("/follow/add/", {"what": "message"})["Location"]
    give = {"audience": "legal_aid", "recipient": "A lawyer", "days": "1", "downloads": "1", "go": "give"}
    for number in NO_NUMBERS:
        for client, url, data in (
            (drafter, "/complaints/new/evidence/", {"remove": number, "whole": "1"}),
            (drafter, "/complaints/new/who/", {"remove": number, "whole": "1", "relation": "debtor"}),
            (drafter, "/complaints/new/wishes/", {"wishes": "refund", "refund_amount": number}),
            (follower, "/follow/add/", {"what": f"answer-{number}"}),
            (follower, added, {"remove": number, "whole": "1"}),
            (follower, "/follow/bundle/give/", {**give, "days": number}),
            (follower, "/follow/bundle/give/", {**give, "downloads": number}),
            (follower, "/follow/bundle/give/", {**give, "exhibits": number}),
        ):
            assert answers(client, "POST", url, data) in (200, 302, 404, 422), (url, data)


def test_no_range_and_no_header_of_an_upload_breaks_on_what_is_no_number(borrower: cast.Filed) -> None:
    follower, drafter = follows(borrower), Client()
    drafter.post("/complaints/new/", {"code": cast.a_draft()[1], "continue": "1"})
    for number in NO_NUMBERS:
        asked = number.encode("utf-8").decode("latin-1")
        original = "/follow/exhibits/1/original/"
        for span in (f"bytes={asked}-", f"bytes=-{asked}", f"bytes=0-{asked}"):
            assert answers(follower, "GET", original, Range=span) in (200, 206, 416), span[:20]
        headers = {"Tus-Resumable": "1.0.0", "Upload-Length": asked}
        assert drafter.post("/uploads/", headers=headers).status_code == 400, asked[:20]


def test_no_answer_of_the_other_side_breaks_on_what_is_no_number(case: Case, supervisor: StaffMember) -> None:
    respondent = other_side.Respondent(case.enquiries.get())
    respondent.enters()
    here = respondent.begins()
    for number in NO_NUMBERS:
        assert answers(respondent.client, "POST", here, {"remove": number, "whole": "1"}) in (302, 422)
