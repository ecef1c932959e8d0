"""Derivatives: copies for viewing of each kind, on the ledger, and the original as it was."""

import hashlib
import io
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.utils import timezone
from PIL import Image

from evidence import ledger, tasks
from evidence.models import Derivative, EvidenceItem, Inspection, LedgerEntry, Scan
from evidence.storage import vault
from evidence.viewing import confinement, previews
from tests.conftest import test_database_url as database_url
from tests.support import cast, media, services, viewing

pytestmark = pytest.mark.django_db


def an_item(name: str, content: bytes) -> EvidenceItem:
    item: EvidenceItem = cast.file_a_complaint(files=[(name, content)]).case.exhibits.get().item
    return item


def derived(item: EvidenceItem) -> dict[tuple[str, int], Derivative]:
    previews.derive(item)
    item.refresh_from_db()
    return {(made.kind, made.number): made for made in item.derivatives.all()}


def bytes_of(made: Derivative | EvidenceItem) -> bytes:
    return b"".join(vault.read(made.pk))


def test_a_recording_gets_a_playable_copy_a_waveform_and_its_length() -> None:
    item = an_item("call.amr", media.TAKEN["amr"][0]())
    made = derived(item)
    assert set(made) == {("sound", 1), ("waveform", 1)}
    assert made["sound", 1].media_type == "audio/mp4"
    assert viewing.samples(bytes_of(made["sound", 1])) >= 2 * 8000
    assert item.inspection.facts == {"milliseconds": 2020, "copied_milliseconds": 2020}
    assert item.inspection.reason == ""


def test_each_copy_is_on_the_ledger_with_its_digest_and_where_it_comes_from() -> None:
    item = an_item("call.amr", media.TAKEN["amr"][0]())
    made = derived(item)
    entries = [ledger.content_of(entry) for entry in LedgerEntry.objects.filter(kind="evidence.derived")]
    assert [entry["data"] for entry in entries] == [
        {
            "item": str(item.pk),
            "derivative": str(one.pk),
            "kind": one.kind,
            "number": 1,
            "sha256": hashlib.sha256(bytes_of(one)).hexdigest(),
            "from": item.sha256,
        }
        for one in (made["waveform", 1], made["sound", 1])
    ]
    assert {(entry["subject"], entry["by"]["role"]) for entry in entries} == {(f"item:{item.pk}", "system")}


def test_the_original_stays_as_it_was() -> None:
    content = viewing.photo(orientation=6)
    item = an_item("photo.jpg", content)
    derived(item)
    assert bytes_of(item) == content


@pytest.mark.parametrize(
    ("name", "copies"),
    [
        ("csv", {("table", 1)}),
        ("eml", {("text", 1)}),
        ("log", {("text", 1)}),
        ("xlsx", set()),
        ("docx", set()),
        ("pdf", {("page", 1), ("small", 1)}),
        ("mp4", {("poster", 1), ("video", 1), ("small", 1)}),
        ("png", {("picture", 1), ("small", 1)}),
    ],
)
def test_each_kind_of_file_has_its_copies_or_says_why_not(name: str, copies: set[tuple[str, int]]) -> None:
    make, _kind, _media_type, extension = media.TAKEN[name]
    item = an_item(f"a.{extension}", make())
    assert set(derived(item)) == copies
    hollow = {"xlsx": "damaged", "docx": "empty"}
    assert item.inspection.reason == hollow.get(name, "")


@pytest.mark.parametrize(
    ("size", "small"),
    [((1080, 2340), (160, 213)), ((828, 9000), (160, 213)), ((400, 300), (160, 120)), ((9000, 300), (160, 80))],
)
def test_lists_get_a_small_picture_of_the_beginning_that_is_not_on_the_ledger(
    size: tuple[int, int], small: tuple[int, int]
) -> None:
    made = derived(an_item("a.png", cast.a_screenshot(size=size)))["small", 1]
    assert Image.open(io.BytesIO(bytes_of(made))).size == small
    entries = LedgerEntry.objects.filter(kind="evidence.derived")
    assert "small" not in {ledger.content_of(entry)["data"]["kind"] for entry in entries}


def test_an_item_is_looked_at_once() -> None:
    item = an_item("a.png", cast.a_screenshot())
    derived(item)
    with patch.object(confinement, "Child", side_effect=AssertionError):
        previews.derive(item)
        tasks.examine_rest()
    assert item.derivatives.count() == 2
    assert LedgerEntry.objects.filter(kind="evidence.derived").count() == 1


def test_the_sweep_finds_what_no_message_reached() -> None:
    item = an_item("a.png", cast.a_screenshot())
    tasks.examine_rest()
    assert item.derivatives.count() == 2


def test_a_draft_s_file_takes_its_turn_with_those_of_cases() -> None:
    cast.a_draft()
    tasks.examine_rest()
    assert Inspection.objects.get().item.thread == ""


def test_what_a_worker_began_while_the_clock_ran_ahead_is_made_by_the_next_one() -> None:
    item = an_item("a.png", cast.a_screenshot())
    with patch.object(previews, "_finish", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        previews.derive(item)
    Inspection.objects.update(leased_until=timezone.now() + timedelta(days=3))
    tasks.examine_rest()
    assert item.derivatives.exists()


def test_what_a_killed_worker_left_is_made_by_the_next_one_and_nobody_disturbs_one_at_work() -> None:
    item = an_item("a.png", cast.a_screenshot())
    with patch.object(previews, "_finish", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        previews.derive(item)
    assert not EvidenceItem.objects.awaiting_inspection().exists()
    Inspection.objects.update(leased_until=timezone.now())
    tasks.examine_rest()
    made = item.derivatives.get(kind="picture")
    assert made.sha256 == hashlib.sha256(bytes_of(made)).hexdigest()


@pytest.mark.skipif(sys.platform != "linux", reason="only there a child dies with its parent")
@pytest.mark.django_db(transaction=True)
def test_kill_9_of_the_worker_ends_its_child_as_well(redis: services.Redis) -> None:
    spoken = media.TAKEN["amr"][0]()
    item = an_item("long.amr", spoken + 200 * spoken[6:])
    worker = services.Worker(database_url())
    worker.start("previews")
    try:
        services.wait_until(children_at_work, "a child is at work")
    finally:
        worker.kill()
    services.wait_until(lambda: not children_at_work(), "the child is gone")
    assert not item.derivatives.exists()
    Inspection.objects.update(leased_until=timezone.now())
    tasks.examine_rest()
    assert item.derivatives.count() == 2


def children_at_work() -> list[str]:
    """Processes that look at a file of this test's length."""
    lines = (_command(entry) for entry in Path("/proc").glob("[0-9]*"))
    return [line for line in lines if "evidence.viewing.confined" in line]


def _command(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_text()
    except OSError:
        return ""


def test_a_file_at_which_workers_die_is_left_alone_at_last() -> None:
    item = an_item("a.png", cast.a_screenshot())
    for _ in range(previews.ATTEMPTS):
        with patch.object(previews, "_run_child", side_effect=SystemExit), pytest.raises(SystemExit):
            previews.derive(item)
        Inspection.objects.update(leased_until=timezone.now())
    tasks.examine_rest()
    item.refresh_from_db()
    assert (item.inspection.reason, item.derivatives.count()) == ("failed", 0)
    assert not EvidenceItem.objects.awaiting_inspection().exists()


def test_a_missing_original_is_no_reason_for_the_worker_to_die() -> None:
    item = an_item("a.png", cast.a_screenshot())
    vault.delete(item.pk)
    assert derived(item) == {}
    assert item.inspection.reason == "unreadable"


def test_a_quarantined_item_is_not_opened_until_it_is_released() -> None:
    item = an_item("a.png", cast.a_screenshot())
    Scan.objects.create(item=item, state="infected", found="Eicar", scanned_at=timezone.now())
    tasks.examine_rest()
    previews.derive(EvidenceItem.objects.get(pk=item.pk))
    assert not Inspection.objects.exists()
    Scan.objects.update(released_at=timezone.now())
    tasks.examine_rest()
    assert item.derivatives.count() == 2


def test_the_child_is_not_believed_what_it_may_not_say() -> None:
    facts: dict[str, Any] = {"milliseconds": 5, "width": -1, "height": "<b>", "pages": True, "more": 1}
    assert previews._known_facts(facts) == {"milliseconds": 5}
    told = previews._known_claims({"device": "a\u202e\nb" + "x" * 900, "place": 5, "else": "x"})
    assert list(told) == ["device"]
    assert told["device"].startswith("a b") and len(told["device"]) <= 200


def test_every_reason_has_a_sentence() -> None:
    said = {"damaged", "empty", "encrypted", "codec", "too_big", "limits", "short", "unreadable", "failed", "kind"}
    assert set(previews.REASONS) == said | {
        *("sound", "stopped", "letters", "form", "more", "noise", "silence", "cut", "jpeg_xl"),
    }
