"""Codes as pictures: only for the browser that holds the code, and in no address that a server sees."""

import pytest
from django.test import Client
from django.urls import reverse

from complaints import codes
from complaints.filing import filing
from complaints.views.held import held_code
from tests.support.pages import answered, begun, code_of, somebody, text
from tests.support.scanned import scanned, size

pytestmark = pytest.mark.django_db
FILED, DRAFT = "/complaints/filed/code.png", "/complaints/new/code.png"


def filed(language: str = "en") -> Client:
    client = answered(language)
    client.post(reverse("step", args=["check"]))
    return client


def access_code(client: Client) -> str:
    request = client.get(reverse("filed")).wsgi_request
    return filing.access_code(held_code(request))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_a_camera_reads_the_follow_page_with_the_code_behind_the_hash(language: str) -> None:
    client = filed(language)
    response = client.get(FILED)
    address, _hash, letters = scanned(response).partition("#")
    assert response["Content-Type"] == "image/png"
    assert address == "http://testserver/follow/"
    assert codes.normalise(letters) == access_code(client)


def test_a_camera_reads_the_page_that_opens_the_draft() -> None:
    client = begun()
    address, _hash, letters = scanned(client.get(DRAFT)).partition("#")
    assert address == "http://testserver/complaints/begin/"
    assert codes.normalise(letters) == code_of(client)


def test_the_page_that_the_camera_opens_fills_the_code_in() -> None:
    for address in ("/follow/", "/complaints/begin/"):
        page = text(somebody().get(address))
        assert "follow.js" in page
        assert 'id="id_code"' in page


def test_it_is_large_enough_for_a_phone() -> None:
    assert size(filed().get(FILED))[0] >= 900


def test_the_pages_show_it_and_say_who_has_it_has_the_code() -> None:
    for client, address, picture in ((filed(), reverse("filed"), FILED), (begun(), reverse("new"), DRAFT)):
        page = text(client.get(address))
        assert f'<img src="{picture}"' in page
        assert "Anyone who has the picture has the code." in " ".join(page.split())


def test_no_browser_keeps_it() -> None:
    assert "no-store" in filed().get(FILED)["Cache-Control"]
    assert "no-store" in begun().get(DRAFT)["Cache-Control"]


def test_nobody_else_gets_it_and_nobody_before_filing() -> None:
    filed()
    assert somebody().get(FILED).status_code == 404
    assert somebody().get(DRAFT).status_code == 404
    assert begun().get(FILED).status_code == 404


def test_it_is_gone_once_the_code_is_saved() -> None:
    client = filed()
    client.post(reverse("filed"), {"saved": "1"})
    assert client.get(FILED).status_code == 404


def test_no_address_of_ours_ever_holds_a_code() -> None:
    client = filed()
    code = access_code(client)
    page = text(client.get(reverse("filed")))
    assert code.replace(" ", "") not in page
    assert f"#{code}" not in page
