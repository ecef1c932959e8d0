"""The step that asks what happened: written, or spoken into a recording."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from complaints.models import Case, Draft, Exhibit
from portal.demo import sound
from tests.support.pages import ANSWERS, STORY, begun, step, text

pytestmark = pytest.mark.django_db


def speaks(client: Client, content: bytes = b"", **more: str) -> object:
    """Send the page with a recording, as its button “Keep this recording” does."""
    recording = SimpleUploadedFile("My statement 2026-11-23.amr", content or sound.amr(sound.call(2, seed=1)))
    return client.post(step("story"), {"begun": "1", "files": recording, "go": "stay", **more, "whole": "1"})


def ready_but_for_the_story() -> Client:
    client = begun()
    for name in ("parties", "conduct"):
        client.post(step(name), ANSWERS[name])
    return client


def test_a_recording_serves_as_the_account() -> None:
    client = ready_but_for_the_story()
    speaks(client)
    assert "My statement 2026-11-23.amr" in text(client.get(step("story")))
    assert client.post(step("story"), {"story": "", "go": "check"}).headers["Location"] == step("check")
    assert "My statement 2026-11-23.amr" in text(client.get(step("check")))
    client.post(step("check"), {"go": "file"})
    assert Case.objects.get().complaint.story == "See the recording: E-1."
    assert Exhibit.objects.get().description == "What happened, in my own voice"


def test_what_is_written_beside_a_recording_is_the_account() -> None:
    client = ready_but_for_the_story()
    speaks(client, story="They called my sister.")
    client.post(step("check"), {"go": "file"})
    assert Case.objects.get().complaint.story == "They called my sister."


def test_without_the_recording_again_there_is_no_account() -> None:
    client = ready_but_for_the_story()
    speaks(client)
    client.post(step("story"), {"story": "", "remove": str(Exhibit.objects.get().pk)})
    assert not Exhibit.objects.exists()
    client.post(step("check"), {"go": "file"})
    assert not Case.objects.exists()


def test_a_refused_recording_says_why_and_what_is_written_is_kept() -> None:
    client = begun()
    page = text(speaks(client, b"MZ" + bytes(200), story="Half of it"))
    assert "Some files were not accepted" in page
    assert "Half of it" in page
    assert Draft.objects.get().answers["story"] == {"story": "Half of it"}


def test_a_cut_off_page_says_so_and_writes_over_nothing() -> None:
    client = begun()
    client.post(step("story"), STORY)
    assert "The connection broke" in text(client.post(step("story"), {"begun": "1", "story": ""}))
    assert Draft.objects.get().answers["story"] == STORY


def test_one_borrower_cannot_remove_the_recording_of_another() -> None:
    first, second = begun(), begun()
    speaks(first)
    second.post(step("story"), {"story": "", "remove": str(Exhibit.objects.get().pk)})
    assert Exhibit.objects.exists()


def test_only_this_page_may_play_what_was_recorded_on_it() -> None:
    client = begun()
    assert "media-src 'self' blob:" in client.get(step("story")).headers["Content-Security-Policy"]
    assert "blob:" not in client.get(reverse("evidence")).headers["Content-Security-Policy"]
