"""A file is opened as soon as it has arrived: its sender sees it, and what is wrong with it is said while it can
be sent again."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from PIL import Image

from complaints.drafts import files
from complaints.filing import filing
from complaints.models import Draft
from evidence.models import Derivative, EvidenceItem, Inspection, LedgerEntry
from evidence.storage import vault
from evidence.tasks import examine_early
from evidence.viewing import previews
from tests.support import cast, media, viewing

pytestmark = pytest.mark.django_db


def in_a_draft(name: str, content: bytes) -> EvidenceItem:
    draft, _code = cast.a_draft(files=[(name, content)])
    item: EvidenceItem = draft.exhibits.get().item
    return item


def examined(name: str, content: bytes) -> EvidenceItem:
    item = in_a_draft(name, content)
    examine_early(str(item.pk))
    return item


def advice(content: bytes, name: str = "a.bin") -> str:
    return Inspection.objects.get(item=examined(name, content)).advice


def cut(name: str) -> bytes:
    whole: bytes = media.TAKEN[name][0]()
    return whole[: len(whole) * 7 // 10 - 3]


@pytest.mark.parametrize("name", ["amr", "mp3", "xlsx", "pdf", "png", "mp4"])
def test_of_a_file_that_breaks_off_it_is_said_to_send_it_again_beside(name: str) -> None:
    assert "upload it again" in advice(cut(name))


def test_of_a_locked_file_it_is_said_to_send_one_without_a_password() -> None:
    assert "has a password" in advice(viewing.pdf(trailer=viewing.LOCKED))


@pytest.mark.parametrize("name", ["amr", "mp3", "pdf", "png", "mp4", "log", "csv", "heic", "jpeg xl"])
def test_of_a_file_that_is_whole_or_cannot_be_shown_here_nothing_is_said(name: str) -> None:
    if name == "heic":
        assert advice(viewing.heic(Image.new("RGB", (64, 64)))) == ""
    else:
        assert advice(media.TAKEN[name][0]()) == ""


def test_copies_of_a_draft_are_on_no_ledger() -> None:
    item = examined("a.amr", media.TAKEN["amr"][0]())
    assert {made.kind for made in item.derivatives.all()} == {"sound", "waveform"}
    assert not LedgerEntry.objects.exists()


def test_the_case_has_the_copies_of_its_draft_and_the_ledger_has_their_digests() -> None:
    draft, code = cast.a_draft(files=[("a.amr", media.TAKEN["amr"][0]())])
    examine_early("")
    made = {str(one.pk): one.sha256 for one in Derivative.objects.all()}
    case = filing.file(draft, code)
    entries = [entry.opened() for entry in LedgerEntry.objects.filter(thread=case.thread).order_by("index")]
    derived = [entry.data for entry in entries if entry.kind == "evidence.derived"]
    assert {data["derivative"]: data["sha256"] for data in derived} == made
    examine_early("")
    assert len(made) == 2 == Derivative.objects.count()


def test_a_draft_that_is_filed_while_its_copies_are_made_has_them_on_the_ledger(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    draft, code = cast.a_draft(files=[("a.amr", media.TAKEN["amr"][0]())])
    run = previews._run_child

    def meanwhile(*args: Any) -> str:
        reason = run(*args)
        filing.file(draft, code)
        return reason

    monkeypatch.setattr(previews, "_run_child", meanwhile)
    examine_early("")
    assert LedgerEntry.objects.filter(kind="evidence.derived").count() == 2 == Derivative.objects.count()


def test_a_file_that_is_removed_while_its_copies_are_made_leaves_none(monkeypatch: pytest.MonkeyPatch) -> None:
    in_a_draft("a.amr", media.TAKEN["amr"][0]())
    run = previews._run_child
    kept: list[UUID] = []

    def meanwhile(item: EvidenceItem, inspection: Inspection, made: list[Derivative]) -> str:
        reason = run(item, inspection, made)
        kept.extend(one.pk for one in made)
        files.remove_all(Draft.objects.get())
        return reason

    monkeypatch.setattr(previews, "_run_child", meanwhile)
    examine_early("")
    assert len(kept) == 2 and not any(vault.exists(key) for key in kept)
    assert not Derivative.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_file_that_was_removed_takes_its_copies_along_and_its_task_does_nothing() -> None:
    item = examined("a.amr", media.TAKEN["amr"][0]())
    stored = [one.pk for one in item.derivatives.all()]
    assert all(vault.exists(key) for key in stored)
    files.remove_all(Draft.objects.get())
    examine_early(str(item.pk))
    assert not Inspection.objects.exists() and not Derivative.objects.exists()
    assert not any(vault.exists(key) for key in stored)


def test_one_sender_with_many_drafts_has_one_turn_between_them() -> None:
    for _draft in range(3):
        draft, _code = cast.a_draft()
        files.count_for(draft, "one network")
        for _file in range(2):
            files.add_exhibit(draft, "a.png", [cast.a_screenshot(f"{draft.pk}{_file}")])
    examine_early("")
    case = cast.file_a_complaint(files=[("b.png", cast.a_screenshot("b"))]).case
    other, _code = cast.a_draft(files=[("c.png", cast.a_screenshot("c"))])
    for _turn in range(2):
        examine_early("")
    looked_at = Inspection.objects.exclude(made_at=None)
    assert looked_at.filter(item__thread=case.thread).count() == 1
    assert looked_at.filter(item__exhibit__draft=other).count() == 1


def test_the_card_and_the_last_page_say_what_was_seen(client: Client) -> None:
    draft, code = cast.a_draft(files=[("call.amr", cut("amr"))])
    client.post("/complaints/new/", {"code": code})
    examine_early(str(draft.exhibits.get().item_id))
    for page in ("evidence/", "check/"):
        shown: Any = client.get(f"/complaints/new/{page}").content.decode()
        assert "call.amr" in shown and "seems damaged or incomplete" in shown
