"""Every address of the portal, asked for and posted to, by everybody of the cast.

The borrower's side and the public pages stand in the table here, the desk's in that of `test_admin_access`. An
address that is in neither fails; to add one is to add its line.
"""

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.contrib import admin
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver

from complaints.bundles import exports, grants
from complaints.bundles.options import Options
from complaints.models import Case, Role, StaffMember

from .complaints.admin.test_every_desk_address import PEOPLE, address, browser, case, patterns
from .complaints.admin.test_every_desk_address import ROWS as DESK
from .support import cast
from .support.bundles import a_copy
from .support.signing_in import with_the_password

__all__ = ["case"]  # the fixture of the desk's table

# Whose it is: everybody's; of who holds a draft; of who holds a case, each their own; of the first borrower alone;
# of none of these (the respondent's, by the link of an enquiry: `test_responses` has them).
# Then what they are answered when they ask for it and when they post nothing to it. All others are turned away.
TABLE = """
all    200      200      /
all    302      204      /leave/
all    200      200      /complaints/new/
draft  200      200      /complaints/new/who/
draft  200      200      /complaints/new/story/
draft  200      302      /complaints/new/contacts/
draft  200      200      /complaints/new/contacts/<key>/
draft  200      200      /complaints/new/evidence/
draft  200      302      /complaints/new/check/
draft  200      200      /complaints/new/<step>/
draft  405      200      /complaints/new/<step>/save/
all    200      302      /complaints/safety/
all    302      200      /complaints/callback/
all    200/302  200/302  /complaints/begin/
all    405      302      /complaints/leave/
case   302      302      /complaints/filed/
all    404      405      /complaints/filed/code.png
draft  200      405      /complaints/new/code.png
all    404/405  404/400  /uploads/
all    404/405  404/405  /uploads/<upload_id>
all    404      405      /uploads/copies/<key>
all    200      200      /about/
all    200      200      /follow/
case   200      200      /follow/case/
case   200      200      /follow/statement/
all    405      302      /follow/add/
own    200      422      /follow/add/<key>/
case   200      200      /follow/receipt/
case   200      200      /follow/receipt/extended/
case   200      200      /follow/receipt/paper/
case   200      200      /follow/receipt/picture.png
case   200      302      /follow/bundle/
case   302      422      /follow/bundle/give/
own    405      302      /follow/bundle/given/<key>/revoke/
own    200      405      /follow/bundle/<key>/
own    405      302      /follow/bundle/<key>/fetch/
own    302      405      /follow/bundle/<key>/file/
all    200      422      /handed/<link>/
all    302      405      /handed/<link>/file/
all    302      405      /handed/<link>/read/
all    302      405      /handed/<link>/read/<number>/
all    302      405      /handed/<link>/read/<number>/small/
all    302      405      /handed/<link>/read/<name>
case   200      405      /follow/exhibits/<number>/
own    200      405      /follow/exhibits/<number>/copies/<key>/
case   200      405      /follow/exhibits/<number>/original/
case   404      404      /follow/exhibits/<number>/transcript/
case   200      405      /follow/dates.ics
case   200      422      /follow/withdraw/
all    405      302      /follow/withdraw/back/
case   200      422      /follow/review/
case   200      422      /follow/since/
case   200      302      /follow/reach/
case   200      302      /follow/consents/
all    200      422      /follow/lost/
all    302      302      /follow/lost/code/
case   404      405      /follow/lost/code.png
all    405      302      /follow/leave/
all    200      200      /answer/
none   200      200      /answer/enquiry/
none   200      200      /answer/<key>/
none   200      200      /answer/receipts/<number>/
none   200      200      /answer/begin/
all    405      302      /answer/leave/
all    200      200      /guide/numbers/
all    200      200      /guide/<topic>/
all    200      200      /verify/
all    200      200      /verify/holdfast_verify.py
all    200      200      /verify/verify.html
all    200      200      /ledger/
all    200      200      /ledger/checkpoint
all    200      200      /ledger/checkpoints
all    404      404      /ledger/checkpoints/<size>
all    404      404      /ledger/stamps/<number>.<end>
all    200      200      /ledger/tile/<address>
all    200      200      /ledger/witnesses/
all    200      200      /ledger/witnesses/holdfast_witness.py
all    200      200      /ledger/key
all    200      200      /ledger/keys
all    200      200      /ledger/leaf/<index>/<size>
all    200      200      /ledger/consistency/<old>/<new>
all    200      200      /ledger/roots.pem
all    302      302      /i18n/setlang/
all    404      405      /site.css
all    404      405      /site.svg
all    404      405      /static/<path>
all    200      405      /healthz
all    200/503  405      /readyz
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
HOLDERS = {
    "all": {"nobody", "drafter", "borrower", "second_borrower", "supervisor"},
    "draft": {"drafter"},
    "case": {"borrower", "second_borrower"},
    "own": {"borrower"},
    "none": set(),
}
# What everybody may read, and a browser or a proxy may keep.
PUBLIC = ("/", "/about/", "/guide/", "/verify/", "/ledger/", "/site.", "/static/", "/i18n/")
TUS = {"tus-resumable": "1.0.0"}
TURNED_AWAY = (302, 403, 404, 405)
NO_ONE = "00000000-0000-4000-8000-000000000000"
# What those who are not in the office, or no longer, or not yet, may meet of the desk: the sign-in alone.
AT_THE_DOOR = {"/login/", "/logout/", "/sign-in/", "/sign-in/set-up/", "/sign-in/set-up/qr.svg"}


def outside(urls: list[Any], prefix: str = "/") -> Iterator[str]:
    """Every address but the desk's, e.g. /follow/case/."""
    for one in urls:
        route = prefix + re.sub(r"<\w+:", "<", str(one.pattern))
        if not isinstance(one, URLResolver):
            yield route
        elif not route.startswith("/admin/"):
            yield from outside(one.url_patterns, route)


@dataclass(frozen=True)
class Answer:
    status: int
    leads_to: str
    content: bytes
    kept: str  # what it says of keeping it


def asks(client: Client, method: str, url: str) -> Answer:
    """One request that leaves nothing behind, neither in the database nor in the browser."""
    again = copy(client)
    again.cookies = copy(client.cookies)
    with transaction.atomic():
        response = again.generic(method, url, content_type="application/x-www-form-urlencoded", headers=TUS)
        content = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    told = (response.headers.get(name, "") for name in ("Location", "Cache-Control"))
    leads_to, kept = told
    return Answer(response.status_code, leads_to, content, kept)


@pytest.fixture
def people(borrower: cast.Filed, second_borrower: cast.Filed, supervisor: StaffMember) -> dict[str, Client]:
    return {
        "nobody": Client(),
        "drafter": cast.by_code(cast.a_draft()[1], "/complaints/new/", **{"continue": "1"}),
        "borrower": cast.by_code(borrower.code, "/follow/"),
        "second_borrower": cast.by_code(second_borrower.code, "/follow/"),
        "supervisor": cast.signed_in(supervisor),
    }


A_LAWYERS = Options.usual("legal_aid").kept()


def a_made_bundle(case: Case) -> UUID:
    export = exports.ask(case, Options.usual("borrower").kept(), language="en")
    exports.make(export.pk)
    key: UUID = export.pk
    return key


def filled(route: str, people: dict[str, Client], borrower: cast.Filed) -> str:
    """The address with the first borrower's things in it."""
    values: dict[str, Any] = {
        "step": "parties",
        "topic": "rights",
        "number": 1,
        "upload_id": NO_ONE,
        "link": "x",
        "path": "x",
        "name": "report.pdf",
    }
    values |= {"index": 0, "size": 1, "old": 1, "new": 2, "key": "a1", "end": "tsr", "address": "0/000.p/1"}
    if route in ("/answer/<key>/", "/uploads/copies/<key>"):
        values["key"] = NO_ONE
    if route.startswith("/follow/add/<"):
        values["key"] = people["borrower"].post("/follow/add/", {"what": "message"})["Location"].split("/")[-2]
    if route.startswith("/follow/bundle/"):
        values["key"] = a_made_bundle(borrower.case)
    if "/given/" in route:
        terms = grants.Terms(recipient="王律师", days=1, downloads=1)
        values["key"] = grants.give(borrower.case, A_LAWYERS, terms, language="en").grant.pk
    if "/exhibits/" in route and "/copies/" in route:
        values["key"] = a_copy(borrower.case.exhibits.get().item, "picture", b"RIFF a copy").pk
    return re.sub(r"<(\w+)>", lambda name: str(values[name[1]]), route)


def test_the_tables_have_every_address_of_the_portal() -> None:
    assert set(outside(get_resolver().url_patterns)) == {row[3] for row in ROWS}
    there = {route for route in patterns(admin.site.get_urls()) if not route.startswith("/(?P<url>")}
    assert there - {row[1] for row in DESK} == set()


@pytest.mark.parametrize("row", ROWS, ids=[row[3] for row in ROWS])
def test_each_address_outside_the_desk_answers_each_visitor_as_the_table_says(
    row: list[str], people: dict[str, Client], borrower: cast.Filed
) -> None:
    whose, to_get, to_post, route = row
    url = filled(route, people, borrower)
    for method, expected in (("GET", to_get), ("POST", to_post)):
        for who, client in people.items():
            answer = asks(client, method, url)
            if who in HOLDERS[whose]:
                assert str(answer.status) in expected.split("/"), (method, who)
            else:
                assert answer.status in TURNED_AWAY, (method, who)
            if who != "borrower":
                assert borrower.case.reference.encode() not in answer.content


def is_public(route: str) -> bool:
    return route == "/" or route.startswith(PUBLIC[1:])


def shows_something(method: str, answer: Answer) -> bool:
    """A page or the way to one: what a browser could show again from its own memory."""
    return answer.status in (200, 422) or (method == "GET" and answer.status in (302, 303))


@pytest.mark.long
def test_no_page_outside_the_desk_but_the_public_ones_is_kept(
    people: dict[str, Client], borrower: cast.Filed
) -> None:
    seen = set()
    for whose, _get, _post, route in ROWS:
        url = filled(route, people, borrower)
        for who in HOLDERS[whose] & {"nobody", "drafter", "borrower"}:
            for method in ("GET", "POST"):
                answer = asks(people[who], method, url)
                if shows_something(method, answer):
                    assert ("no-store" in answer.kept) is not is_public(route), (method, route, who)
                    seen.add(route)
    assert len(seen) > 40


def test_a_public_page_is_the_same_for_everybody(people: dict[str, Client], borrower: cast.Filed) -> None:
    """So that what one kept tells the next person at the same computer nothing."""
    for route in (row[3] for row in ROWS if is_public(row[3])):
        url = filled(route, people, borrower)
        pages = {re.sub(rb"csrf.*?>", b"", asks(client, "GET", url).content) for client in people.values()}
        assert len(pages) == 1, route


@pytest.mark.long
def test_no_page_of_the_desk_is_kept(
    case: Case, supervisor: StaffMember, administrator: StaffMember, investigator: StaffMember
) -> None:
    """Each by the first of these who is shown something there; the pages of the sign-in by all of them."""
    people = {
        "supervisor": cast.signed_in(supervisor),
        "administrator": cast.signed_in(administrator),
        "half-way": with_the_password(investigator),
    }
    for method, route, *_expected in DESK:
        for who, client in people.items():
            answer = asks(client, method, address(route, case))
            if shows_something(method, answer):
                assert "no-store" in answer.kept, (method, route, who)
                if route not in AT_THE_DOOR:
                    break


@pytest.fixture
def strangers(people: dict[str, Client], south: Any) -> dict[str, Client]:
    """Who is not at the desk: borrowers; who was deactivated; who never showed a second factor, or has yet to."""
    member, gone = (cast.staff(name, Role.SUPERVISOR) for name in ("unfactored", "deactivated"))
    unfactored, deactivated = Client(), cast.signed_in(gone)
    unfactored.force_login(member)
    StaffMember.objects.filter(pk=gone.pk).update(is_active=False)
    outsiders = {who: people[who] for who in ("nobody", "drafter", "borrower", "second_borrower")}
    return {
        **outsiders,
        "unfactored": unfactored,
        "deactivated": deactivated,
        "half-way": with_the_password(member),
    }


@pytest.mark.long
def test_strangers_are_sent_to_the_door_from_every_address_of_the_desk(
    strangers: dict[str, Client], case: Case, investigator: StaffMember
) -> None:
    for route in {row[1] for row in DESK} - AT_THE_DOOR:
        here = address(route, case)
        for method in ("GET", "POST"):
            for who, client in strangers.items():
                answer = asks(client, method, here)
                assert answer.status == 302, (method, route, who)
                assert answer.leads_to.startswith(("/admin/login/", "/admin/sign-in/")), (method, route, who)


@pytest.mark.long
@pytest.mark.parametrize("who", PEOPLE[1:])
def test_what_is_refused_to_somebody_is_refused_by_get_and_by_post(
    who: str, case: Case, investigator: StaffMember, request: pytest.FixtureRequest
) -> None:
    client, column = browser(who, request), PEOPLE.index(who)
    told = {(row[0], row[1]) for row in DESK}
    for method, route, *expected in DESK:
        other = "POST" if method == "GET" else "GET"
        if (other, route) in told:
            continue
        answer = asks(client, other, address(route, case))
        assert answer.status < 500, (other, route)
        leads_on = other == "GET" and answer.leads_to.startswith("/admin/")  # where it is asked again who may
        if expected[column] in ("403", "404") and not leads_on:
            assert answer.status in (403, 404, 405), (other, route)
