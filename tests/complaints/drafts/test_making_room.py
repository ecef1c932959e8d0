"""Files that were never sent: how many one network may have, and which go first when the disk is nearly full."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from complaints import tasks
from complaints.drafts import drafts, files, making_room
from complaints.drafts.unwelcome import TooMuchFromHere
from complaints.models import Draft, Exhibit
from evidence.models import EvidenceItem, PendingUpload
from evidence.receiving import room
from evidence.storage import vault
from tests.support import cast
from tests.support.pages import text

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = "a" * 32, "b" * 32


def draft_from(network: str, name: str = "") -> Draft:
    draft, _code = drafts.begin("en")
    files.count_for(draft, network)
    if name:
        files.add_exhibit(draft, f"{name}.png", [cast.a_screenshot(name)])
    return draft


def left_alone(draft: Draft, days: int) -> Draft:
    """Nobody has touched it for so many days."""
    at = timezone.now() - timedelta(days=days)
    Draft.objects.filter(pk=draft.pk).update(created_at=at, saved_at=at)
    EvidenceItem.objects.filter(exhibit__draft=draft).update(received_at=at)
    return draft


@pytest.fixture
def room_for(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let the disk be nearly full until so many files are left."""

    def set_room(count: int) -> None:
        tight, plenty = settings.MIN_FREE_BYTES, settings.MIN_FREE_BYTES * 2
        monkeypatch.setattr(room, "free", lambda: tight if Exhibit.objects.count() > count else plenty)

    return set_room


def names() -> set[str]:
    return set(Exhibit.objects.values_list("item__name", flat=True))


def test_a_network_has_so_many_unsent_bytes_in_all_its_drafts_together(settings: Any) -> None:
    draft_from(HERE, "one")
    settings.MAX_UNSENT_BYTES = 2 * len(cast.a_screenshot("one"))
    again = draft_from(HERE)
    with pytest.raises(TooMuchFromHere):
        files.begin_upload(again, "two.png", settings.MAX_UNSENT_BYTES)
    files.begin_upload(again, "two.png", 100)
    files.begin_upload(draft_from(ELSEWHERE), "three.png", settings.MAX_UNSENT_BYTES)


def test_what_is_announced_counts_too_and_files_of_a_form_as_well(settings: Any) -> None:
    size = len(cast.a_screenshot("one"))
    settings.MAX_UNSENT_BYTES = 2 * size
    files.begin_upload(draft_from(HERE), "long.amr", size + 1)
    with pytest.raises(TooMuchFromHere):
        files.add_exhibit(draft_from(HERE), "one.png", [cast.a_screenshot("one")])
    assert not Exhibit.objects.exists()


def test_what_is_filed_counts_no_more(settings: Any) -> None:
    draft = draft_from(HERE, "one")
    settings.MAX_UNSENT_BYTES = len(cast.a_screenshot("one"))
    Draft.objects.filter(pk=draft.pk).update(filed_at=timezone.now())
    files.begin_upload(draft_from(HERE), "two.png", settings.MAX_UNSENT_BYTES)


def test_a_browser_that_sends_too_much_reads_why(client: Client, settings: Any) -> None:
    settings.MAX_UNSENT_BYTES = 100
    client.post("/complaints/new/", {"begin": "1"})
    sent = {"Tus-Resumable": "1.0.0", "Upload-Length": "101"}
    answer = client.generic("POST", "/uploads/", headers=sent)
    assert (answer.status_code, "try another connection" in answer.content.decode()) == (413, True)


def test_drafts_left_alone_the_longest_make_room_first_and_only_until_there_is_enough(
    room_for: Any, caplog: pytest.LogCaptureFixture
) -> None:
    for days in (5, 9, 2, 3):
        left_alone(draft_from(HERE, f"{days} days"), days)
    room_for(2)
    tasks.sweep()
    assert names() == {"2 days.png", "3 days.png"}
    assert caplog.text.count("files that were never sent were deleted") == 2


def test_what_was_touched_within_a_day_stays(room_for: Any) -> None:
    left_alone(draft_from(HERE, "old"), 3)
    draft_from(HERE, "new")
    written = left_alone(draft_from(HERE, "written"), 3)
    drafts.save(written, "story", {"story": "They called again."})
    added = left_alone(draft_from(HERE, "first"), 3)
    files.add_exhibit(added, "second.png", [cast.a_screenshot("second")])
    room_for(0)
    making_room.make_room()
    assert names() == {"new.png", "written.png", "first.png", "second.png"}


def test_what_is_filed_or_added_to_a_case_stays(room_for: Any, borrower: cast.Filed) -> None:
    left_alone(Draft.objects.get(), 5)
    room_for(0)
    making_room.make_room()
    assert Exhibit.objects.filter(case=borrower.case).exists()


def test_with_room_enough_nothing_goes() -> None:
    left_alone(draft_from(HERE, "old"), 20)
    making_room.make_room()
    assert names() == {"old.png"}


def test_unfinished_uploads_that_got_nothing_for_a_day_go_before_files_that_arrived(
    settings: Any, room_for: Any
) -> None:
    left_alone(draft_from(HERE, "old"), 9)
    files.begin_upload(draft_from(HERE), "half.amr", 1000)
    at = timezone.now() + timedelta(days=settings.UPLOAD_DAYS - 2)
    PendingUpload.objects.update(offset=500, expires_at=at)
    room_for(0)
    making_room.make_room()
    assert not PendingUpload.objects.exists()


def test_files_in_a_bucket_stay_for_they_take_no_room_here(room_for: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    left_alone(draft_from(HERE, "old"), 9)
    room_for(0)
    monkeypatch.setattr(vault, "is_on_staging_disk", lambda: False)
    making_room.make_room()
    assert names() == {"old.png"}


def test_who_comes_back_reads_what_happened_and_finds_the_answers(client: Client, room_for: Any) -> None:
    client.post("/complaints/new/", {"begin": "1"})
    draft = Draft.objects.get()
    files.add_exhibit(draft, "old.png", [cast.a_screenshot()])
    drafts.save(draft, "story", {"story": "They called again."})
    left_alone(draft, 3)
    room_for(0)
    making_room.make_room()
    assert "Please add the files again" in text(client.get("/complaints/new/evidence/"))
    assert Draft.objects.get().answers["story"] == {"story": "They called again."}
    files.add_exhibit(draft, "old.png", [cast.a_screenshot()])
    assert "Please add the files again" not in text(client.get("/complaints/new/evidence/"))
