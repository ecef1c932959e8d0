"""What a borrower sees of files that are not filed yet; and nobody sees of anybody else's."""

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import Draft
from evidence.models import Derivative
from evidence.tasks import examine_early
from tests.support import cast, media, viewing
from tests.support.pages import begun, follows, keep, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def client() -> Client:
    """With a recording, a photo, a PDF, a film and a text that were looked at."""
    client = begun()
    named = [("call.amr", "amr"), ("letter.pdf", "pdf"), ("screen.mp4", "mp4"), ("log.txt", "log")]
    keep(client, ("photo.jpg", viewing.photo()), *((name, media.TAKEN[kind][0]()) for name, kind in named))
    for _file in range(5):
        examine_early("")
    return client


def copies() -> dict[str, str]:
    draft = Draft.objects.get(exhibits__item__name="photo.jpg")
    return {made.kind: f"/uploads/copies/{made.pk}?to={draft.pk}" for made in Derivative.objects.all()}


def test_each_file_is_shown_as_what_it_is_and_the_copies_as_copies(client: Client) -> None:
    page = text(client.get(reverse("evidence")))
    for kind in ("picture", "page", "poster", "sound", "waveform", "video"):
        assert copies()[kind] in page, kind
        assert client.get(copies()[kind]).status_code == 200
    assert media.LOG.splitlines()[0] in page
    assert "0:02" in page
    assert "copies made to be looked at" in page


def test_what_is_not_made_yet_says_so() -> None:
    client = begun()
    keep(client, ("photo.jpg", viewing.photo()))
    assert 'data-copies="wait"' in text(client.get(reverse("evidence")))
    examine_early("")
    assert 'data-copies="wait"' not in text(client.get(reverse("evidence")))


def test_a_second_borrower_finds_nothing_of_it(client: Client) -> None:
    other = begun()
    own = Draft.objects.exclude(exhibits__item__name="photo.jpg").get()
    for address in copies().values():
        for asks in (other, Client(), follows(cast.file_a_complaint().code)):
            assert asks.get(address).status_code == 404
            assert asks.get(f"{address.partition('?')[0]}?to={own.pk}").status_code == 404
            assert asks.get(address.partition("?")[0]).status_code == 404


def test_the_draft_opens_no_copy_of_a_case(client: Client) -> None:
    filed = cast.file_a_complaint(files=[("b.jpg", viewing.photo())])
    examine_early("")
    made = Derivative.objects.get(item__thread=filed.case.thread, kind="picture")
    for query in (f"?to={Draft.objects.get(exhibits__item__name='photo.jpg').pk}", "", "?to=", "?to=None"):
        assert client.get(f"/uploads/copies/{made.pk}{query}").status_code == 404


def test_what_the_browser_kept_is_not_shown_once_the_draft_is_closed_here(client: Client) -> None:
    known = {"if-none-match": client.get(copies()["small"]).headers["ETag"]}
    assert client.get(copies()["small"], headers=known).status_code == 304
    left = client.post(reverse("leave_draft"))
    assert left.headers["Clear-Site-Data"] == '"cache"'
    for kind in ("small", "waveform", "picture", "sound"):
        assert client.get(copies()[kind], headers=known).status_code == 404
