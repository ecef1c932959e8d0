"""The access code as a picture: for whoever holds the filed draft, and never in an address that a server sees."""

from typing import Any

import pytest
import segno
from django.test import Client
from django.urls import reverse

from complaints import codes
from complaints.filing import filing
from complaints.views.held import held_code
from tests.support.pages import answered, begun, somebody, text

pytestmark = pytest.mark.django_db
PICTURE = "/complaints/filed/code.svg"


def filed() -> Client:
    client = answered()
    client.post(reverse("step", args=["check"]))
    return client


def access_code(client: Client) -> str:
    request = client.get(reverse("filed")).wsgi_request
    return filing.access_code(held_code(request))


def test_it_opens_the_follow_page_with_the_code_behind_the_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    client, coded = filed(), []
    make = segno.make

    def noted(content: str, **how: Any) -> segno.QRCode:
        coded.append(content)
        return make(content, **how)

    monkeypatch.setattr(segno, "make", noted)
    response = client.get(PICTURE)
    address, _hash, letters = coded[0].partition("#")
    assert (response.status_code, response["Content-Type"]) == (200, "image/svg+xml")
    assert address == "http://testserver/follow/"
    assert codes.normalise(letters) == access_code(client)
    assert b"<svg" in response.content


def test_the_page_shows_it_and_says_who_has_it_sees_the_case() -> None:
    page = text(filed().get(reverse("filed")))
    assert f'src="{PICTURE}"' in page
    assert "Anyone who has the picture can see your complaint." in page


def test_no_browser_keeps_it() -> None:
    assert "no-store" in filed().get(PICTURE)["Cache-Control"]


def test_nobody_else_gets_it_and_nobody_before_filing() -> None:
    filed()
    assert somebody().get(PICTURE).status_code == 404
    assert begun().get(PICTURE).status_code == 404


def test_it_is_gone_once_the_code_is_saved() -> None:
    client = filed()
    client.post(reverse("filed"), {"saved": "1"})
    assert client.get(PICTURE).status_code == 404


def test_no_address_of_ours_ever_holds_a_code() -> None:
    client = filed()
    code = access_code(client)
    page = text(client.get(reverse("filed")))
    assert code.replace(" ", "") not in page
    assert f"#{code}" not in page
