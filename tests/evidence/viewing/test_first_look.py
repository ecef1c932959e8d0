"""A file is opened as soon as it has arrived; what is wrong with it is said while it can be sent again."""

from typing import Any

import pytest
from django.test import Client
from PIL import Image

from complaints.drafts import files
from complaints.models import Draft
from evidence.models import Derivative, EvidenceItem, FirstLook, Inspection
from evidence.tasks import examine_early
from evidence.viewing import first_look
from tests.support import cast, media, viewing

pytestmark = pytest.mark.django_db


def in_a_draft(name: str, content: bytes) -> EvidenceItem:
    draft, _code = cast.a_draft(files=[(name, content)])
    return draft.exhibits.get().item


def advice(content: bytes, name: str = "a.bin") -> str:
    item = in_a_draft(name, content)
    examine_early(str(item.pk))
    return FirstLook.objects.get(item=item).advice


def cut(name: str) -> bytes:
    whole: bytes = media.TAKEN[name][0]()
    return whole[: len(whole) * 7 // 10 - 3]


@pytest.mark.parametrize("name", ["amr", "mp3", "xlsx", "pdf", "png", "mp4"])
def test_of_a_file_that_breaks_off_it_is_said_to_send_it_again_beside(name: str) -> None:
    assert "upload it again" in advice(cut(name))


def test_of_a_locked_file_it_is_said_to_send_one_without_a_password() -> None:
    assert "a copy without one" in advice(viewing.pdf(trailer=viewing.LOCKED))


@pytest.mark.parametrize("name", ["amr", "mp3", "pdf", "png", "mp4", "log", "csv", "heic", "jpeg xl"])
def test_of_a_file_that_is_whole_or_cannot_be_shown_here_nothing_is_said(name: str) -> None:
    if name == "heic":
        assert advice(viewing.heic(Image.new("RGB", (64, 64)))) == ""
    else:
        assert advice(media.TAKEN[name][0]()) == ""


def test_nothing_but_a_word_is_kept_of_the_first_look() -> None:
    item = in_a_draft("a.amr", cut("amr"))
    first_look.look(item)
    assert not Derivative.objects.exists() and not Inspection.objects.exists()


def test_a_file_is_looked_at_once_and_never_when_it_is_filed(monkeypatch: pytest.MonkeyPatch) -> None:
    filed = cast.file_a_complaint(files=[("a.amr", cut("amr"))]).case.exhibits.get().item
    first_look.look(filed)
    assert not FirstLook.objects.exists()
    item = in_a_draft("b.amr", cut("amr"))
    first_look.look(item)
    monkeypatch.setattr(first_look, "_reason", lambda _item: "encrypted")
    first_look.look(item)
    assert FirstLook.objects.get().reason == "cut"


def test_a_file_that_was_removed_takes_the_word_along_and_its_task_does_nothing() -> None:
    item = in_a_draft("a.amr", cut("amr"))
    first_look.look(item)
    files.remove_all(Draft.objects.get())
    examine_early(str(item.pk))
    assert not FirstLook.objects.exists()


def test_the_card_and_the_last_page_say_what_was_seen(client: Client) -> None:
    draft, code = cast.a_draft(files=[("call.amr", cut("amr"))])
    client.post("/complaints/new/", {"code": code})
    examine_early(str(draft.exhibits.get().item_id))
    for page in ("evidence/", "check/"):
        shown: Any = client.get(f"/complaints/new/{page}").content.decode()
        assert "call.amr" in shown and "seems damaged or incomplete" in shown
