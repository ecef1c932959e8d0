"""The evidence step."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.drafts import files, removing
from complaints.models import Draft, Exhibit, RemovedFile
from evidence.models import EvidenceItem
from portal.demo import sound
from tests.support import cast
from tests.support.pages import answered, begun, keep, on_one_line, step, text

pytestmark = pytest.mark.django_db


def test_the_refused_file_says_why_and_the_others_are_kept() -> None:
    client = begun()
    page = text(
        keep(
            client,
            ("a.png", cast.a_screenshot("a")),
            ("b.mp3", b"MZ" + bytes(200)),
            ("c.png", cast.a_screenshot("c")),
        )
    )
    assert "Some files were not accepted" in page
    assert "<b>b.mp3</b>" in page
    assert [exhibit.item.name for exhibit in Exhibit.objects.order_by("pk")] == ["a.png", "c.png"]


def test_each_kept_file_is_listed_with_its_facts() -> None:
    client = begun()
    keep(client, ("短信.png", cast.a_screenshot()))
    page = text(client.get(reverse("evidence")))
    item = EvidenceItem.objects.get()
    assert "短信.png" in page
    assert f"{item.sha256[:4]} {item.sha256[4:8]} … {item.sha256[-4:]}" in page
    assert "Picture" in page


def test_descriptions_are_kept_and_come_back() -> None:
    client = begun()
    keep(client, ("a.png", cast.a_screenshot()))
    exhibit = Exhibit.objects.get()
    keep(client, **{f"description_{exhibit.pk}": "Sent to my sister"})
    assert "Sent to my sister" in text(client.get(reverse("evidence")))


def test_a_bad_description_loses_neither_itself_nor_a_file() -> None:
    client = begun()
    keep(client, ("a.png", cast.a_screenshot()))
    exhibit = Exhibit.objects.get()
    page = text(keep(client, ("b.png", cast.a_screenshot("b")), **{f"description_{exhibit.pk}": "y" * 501}))
    assert "y" * 501 in page
    assert "b.png" in page


def test_a_removed_file_comes_back_in_its_place_with_what_was_said_of_it() -> None:
    client = begun()
    for name in ("a.png", "b.png"):
        keep(client, (name, cast.a_screenshot(name)))
    first = Exhibit.objects.get(item__name="a.png")
    keep(client, **said(first.pk, description="The first"))
    answer = keep(client, remove=str(first.pk))
    assert answer.headers["Location"].endswith(f"#file-{first.pk}")
    page = on_one_line(text(client.get(reverse("evidence"))))
    assert "Removed: a.png. You can put it back until" in page
    assert page.index("Removed: a.png") < page.index("b.png</span>")
    assert "a.png" not in text(client.get(step("check")))
    keep(client, restore=str(first.pk))
    back = Draft.objects.get().exhibits.order_by("place").first()
    assert back and (back.pk, back.item.name, back.description) == (first.pk, "a.png", "The first")


def test_a_removed_file_is_deleted_after_an_hour_or_at_once() -> None:
    client = begun()
    for name in ("a.png", "b.png"):
        keep(client, (name, cast.a_screenshot(name)))
        keep(client, remove=str(Exhibit.objects.get().pk))
    early, late = RemovedFile.objects.order_by("pk")
    keep(client, discard=str(early.pk))
    assert [item.name for item in EvidenceItem.objects.all()] == ["b.png"]
    removing.forget_old()
    assert EvidenceItem.objects.exists()
    RemovedFile.objects.update(until=timezone.now())
    keep(client, restore=str(late.pk))
    assert not Exhibit.objects.exists()
    removing.forget_old()
    assert not EvidenceItem.objects.exists()


def test_nobody_puts_back_or_deletes_the_file_of_another() -> None:
    first, second = begun(), begun()
    keep(first, ("a.png", cast.a_screenshot()))
    key = str(Exhibit.objects.get().pk)
    keep(first, remove=key)
    keep(second, restore=key, discard=key)
    assert not Exhibit.objects.exists() and RemovedFile.objects.exists()


def test_a_file_that_has_no_room_any_more_stays_removed_and_says_why(settings: Any) -> None:
    client = begun()
    keep(client, ("a.png", cast.a_screenshot("a")))
    key = str(Exhibit.objects.get().pk)
    keep(client, remove=key)
    settings.MAX_DRAFT_FILES = 1
    keep(client, ("b.png", cast.a_screenshot("b")))
    assert "There is room for 1 files here" in text(keep(client, restore=key))
    assert RemovedFile.objects.exists()


def types(client: Client, seen: str, **typed: str) -> tuple[int, str, str]:
    """Status, sentence and new mark of the answer to the page's script."""
    answer = client.post(reverse("evidence"), {"seen": seen, **typed}, headers={"accept": "text/plain"})
    return answer.status_code, answer.content.decode(), answer.headers.get("ETag", "").strip('"')


def seen_by(client: Client) -> str:
    return text(client.get(reverse("evidence"))).split('name="seen" value="')[1].split('"')[0]


def test_what_is_typed_about_files_saves_itself_and_is_gone_on_with() -> None:
    client = begun()
    keep(client, ("a.png", cast.a_screenshot()))
    exhibit = Exhibit.objects.get()
    status, sentence, mark = types(
        client, seen_by(client), **said(exhibit.pk, description="Sent to my sister"), original_letter="me"
    )
    exhibit.refresh_from_db()
    assert (status, exhibit.description, mark) == (200, "Sent to my sister", seen_by(client))
    assert "Saved at" in sentence
    draft = Draft.objects.get()
    assert (draft.at, draft.answers["evidence"]["originals"]) == ("evidence", {"letter": "me"})


def test_what_cannot_be_saved_yet_is_named_and_the_rest_is_saved() -> None:
    client = begun()
    keep(client, ("a.png", cast.a_screenshot()))
    exhibit = Exhibit.objects.get()
    typed = said(exhibit.pk, description="From WeChat", captured="2026-11-")
    status, sentence, _mark = types(client, seen_by(client), **typed)
    exhibit.refresh_from_db()
    assert (status, exhibit.description) == (200, "From WeChat")
    assert "Still to correct: When was it recorded, taken or received?" in sentence


def test_typing_in_a_second_tab_writes_over_nothing() -> None:
    client = begun()
    keep(client, ("a.png", cast.a_screenshot()))
    exhibit, seen = Exhibit.objects.get(), seen_by(client)
    types(client, seen, **said(exhibit.pk, description="first"))
    status, sentence, _mark = types(client, seen, **said(exhibit.pk, description="second"))
    exhibit.refresh_from_db()
    assert (status, exhibit.description) == (409, "first") and "to compare" in sentence


@pytest.mark.parametrize("nonsense", ["", "x", "-1", "９", "9" * 40])
def test_a_file_number_that_does_not_exist_removes_nothing(nonsense: str) -> None:
    client = begun()
    keep(client, ("a.png", cast.a_screenshot()))
    assert keep(client, remove=nonsense).status_code == 302
    assert Exhibit.objects.count() == 1


def test_a_file_sent_twice_is_kept_once() -> None:
    client = begun()
    for _click in range(2):
        keep(client, ("a.png", cast.a_screenshot()))
    assert Exhibit.objects.count() == 1
    assert EvidenceItem.objects.count() == 1


def test_the_same_picture_under_two_names_is_two_files() -> None:
    client = begun()
    for name in ("a.png", "b.png"):
        keep(client, (name, cast.a_screenshot()))
    assert [exhibit.item.name for exhibit in Exhibit.objects.order_by("pk")] == ["a.png", "b.png"]
    page = on_one_line(text(client.get(reverse("evidence"))))
    assert page.count("This is the same file as number 1, a.png. You can remove one of them.") == 1


def test_an_upload_that_was_cut_off_is_said() -> None:
    page = text(begun().post(reverse("evidence"), {"go": "on"}))
    assert "The connection broke" in page


def test_one_borrowers_files_are_out_of_reach_of_another() -> None:
    first, second = begun(), begun()
    keep(first, ("mine.png", cast.a_screenshot()))
    exhibit = Exhibit.objects.get()
    keep(second, remove=str(exhibit.pk), **{f"description_{exhibit.pk}": "taken over"})
    exhibit.refresh_from_db()
    assert exhibit.description == ""
    assert "mine.png" not in text(second.get(reverse("evidence")))


def test_a_name_that_would_turn_the_line_around_is_shown_with_a_visible_sign() -> None:
    client = answered()
    draft = Draft.objects.get()
    files.add_exhibit(draft, "photo\u202egpj.exe.png", [cast.a_screenshot("turned")])
    for page in (client.get(step("evidence")), client.get(reverse("check"))):
        assert "photo�gpj.exe.png" in text(page)
        assert "\u202e" not in text(page)


# Where files come from


def said(pk: int, **facts: str) -> dict[str, str]:
    return {f"{fact}_{pk}": text for fact, text in facts.items()}


def test_what_is_declared_of_a_recording_is_kept_and_comes_back() -> None:
    client = begun()
    keep(client, ("call.amr", sound.amr(sound.call(1, seed=1))))
    exhibit = Exhibit.objects.get()
    keep(client, **said(exhibit.pk, captured="2026年11月20日 23:41", present="yes", condition="forwarded"))
    exhibit.refresh_from_db()
    assert exhibit.declared == {"captured": "2026-11-20 23:41", "present": "yes", "condition": "forwarded"}
    page = text(client.get(reverse("evidence")))
    assert 'value="2026-11-20 23:41"' in page
    assert "In some US states everyone must agree" in page
    assert "It was forwarded to me" in text(client.get(step("check")))


def test_a_recording_that_somebody_else_made_is_taken_like_any_other() -> None:
    client = begun()
    keep(client, ("call.amr", sound.amr(sound.call(1, seed=1))))
    answers = said(Exhibit.objects.get().pk, present="no", recorded_by="other", condition="cut")
    assert keep(client, **answers).status_code == 302


def test_a_picture_is_not_asked_who_recorded_it() -> None:
    client = begun()
    keep(client, ("a.png", cast.a_screenshot()))
    page = text(client.get(reverse("evidence")))
    assert "Who recorded it?" not in page
    assert "When was it recorded, taken or received?" in page


@pytest.mark.parametrize("typed", ["民国115年11月20日", "2400-01-01", "2098-01-01", "last night", "2569-01-01"])
def test_a_day_that_cannot_be_kept_comes_back_and_takes_nothing_along(typed: str) -> None:
    client = begun()
    keep(client, ("a.png", cast.a_screenshot()))
    exhibit = Exhibit.objects.get()
    page = text(keep(client, **said(exhibit.pk, captured=typed, description="Sent to my sister")))
    assert f'value="{typed}"' in page
    assert f'href="#id_captured_{exhibit.pk}"' in page
    exhibit.refresh_from_db()
    assert (exhibit.description, exhibit.declared) == ("Sent to my sister", {})


def test_who_keeps_the_originals_is_kept_and_comes_back() -> None:
    client = begun()
    keep(client, original_letter="my sister, in her desk")
    assert Draft.objects.get().answers["evidence"] == {"originals": {"letter": "my sister, in her desk"}}
    assert "my sister, in her desk" in text(client.get(reverse("evidence")))
    keep(client, original_letter="")
    assert Draft.objects.get().answers["evidence"] == {"originals": {}}


def test_two_tabs_of_the_evidence_page_lose_neither_text() -> None:
    client = begun()
    keep(client, ("a.png", cast.a_screenshot()))
    exhibit = Exhibit.objects.get()
    seen = text(client.get(reverse("evidence"))).split('name="seen" value="')[1].split('"')[0]
    keep(client, seen=seen, **said(exhibit.pk, description="first"))
    page = text(
        keep(client, ("b.png", cast.a_screenshot("b")), seen=seen, **said(exhibit.pk, description="second"))
    )
    assert "changed in another tab" in page
    assert "<p>first</p>" in page
    assert 'value="second"' in page
    exhibit.refresh_from_db()
    assert exhibit.description == "first"
    assert Exhibit.objects.count() == 2


def test_a_file_that_came_meanwhile_does_not_stop_a_save() -> None:
    client = begun()
    seen = text(client.get(reverse("evidence"))).split('name="seen" value="')[1].split('"')[0]
    keep(client, ("a.png", cast.a_screenshot()))
    exhibit = Exhibit.objects.get()
    assert keep(client, seen=seen, **said(exhibit.pk, description="mine")).status_code == 302


def test_nobody_describes_the_files_of_another() -> None:
    first, second = begun(), begun()
    keep(first, ("a.png", cast.a_screenshot()))
    exhibit = Exhibit.objects.get()
    keep(second, **said(exhibit.pk, captured="2026-11-20", description="taken over"))
    exhibit.refresh_from_db()
    assert (exhibit.description, exhibit.declared) == ("", {})


def test_what_can_be_taken_is_told_before_anything_is_sent(settings: Any) -> None:
    client = begun()
    page = text(client.get(reverse("evidence")))
    assert "at most 50, together 4.0\xa0GB" in page and "no room" not in page
    settings.MAX_DRAFT_FILES = 0
    assert "Remove one to add another" in text(client.get(reverse("evidence")))
    settings.MIN_FREE_BYTES = 10**18
    assert "no room for files" in text(client.get(reverse("evidence")))
