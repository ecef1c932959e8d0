from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints import codes, filing, gathering
from complaints.models import Case, Draft, Exhibit, StaffMember
from evidence import checkpoints
from evidence.models import EvidenceItem
from tests import cast
from tests.pages import PARTIES, STORY, answered, begun, keep, somebody, text
from tests.test_checkpoints import restore_a_backup
from tests.test_ledger import append, event

pytestmark = pytest.mark.django_db


def step(name: str) -> str:
    return reverse("step", args=[name])


def code_of(client: Client) -> str:
    """The draft code this browser holds."""
    code: str = client.cookies["draft"].value.rsplit(":", 2)[0]
    return code


# Beginning and coming back


def test_beginning_shows_the_draft_code_and_its_expiry() -> None:
    client = begun()
    page = text(client.get(reverse("new")))
    assert " ".join(f"<span>{group}</span>" for group in code_of(client).split()) in page
    assert "It holds until" in page
    assert Draft.objects.get().code_digest == codes.digest(code_of(client))


def test_the_cookie_is_out_of_reach_of_scripts_and_signed() -> None:
    client = begun()
    cookie = client.cookies["draft"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert bool(cookie["secure"]) == settings.SESSION_COOKIE_SECURE
    client.cookies["draft"] = code_of(client) + ":forged:signature"
    assert client.get(step("parties")).status_code == 404


def test_a_draft_goes_on_in_another_browser_by_its_code() -> None:
    first = begun()
    first.post(step("parties"), PARTIES)
    second = somebody()
    second.post(reverse("new"), {"code": code_of(first).lower().replace(" ", "")})
    assert "蓝田消费金融" in text(second.get(step("parties")))


def test_an_unknown_draft_code_says_so() -> None:
    page = text(somebody().post(reverse("new"), {"code": codes.fresh()}))
    assert "There is no draft with this code" in page


def test_an_expired_draft_says_so() -> None:
    client = begun()
    Draft.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert "This draft has expired" in text(somebody().post(reverse("new"), {"code": code_of(client)}))
    gone = client.get(step("story"))
    assert gone.status_code == 410
    assert "This draft has expired" in text(gone)


def test_the_words_typed_into_a_lost_draft_come_back_to_be_copied() -> None:
    page = text(somebody().post(step("story"), {"story": "Three pages of it", "conduct": "C01"}))
    assert "What you just typed was not saved" in page
    assert "Three pages of it" in page


def test_a_draft_is_taken_off_the_phone_and_stays_saved() -> None:
    client = begun()
    client.post(reverse("leave_draft"))
    assert client.get(step("parties")).status_code == 404
    assert Draft.objects.exists()


def test_a_draft_is_deleted_with_its_files() -> None:
    client = answered()
    client.post(reverse("leave_draft"), {"forget": "1"})
    assert not Draft.objects.exists()
    assert not EvidenceItem.objects.exists()


def test_deleting_without_a_draft_or_after_filing_deletes_nothing() -> None:
    somebody().post(reverse("leave_draft"), {"forget": "1"})
    client = answered()
    client.post(reverse("check"))
    client.post(reverse("leave_draft"), {"forget": "1"})
    assert Draft.objects.exists()


# The steps


def test_each_step_leads_to_the_next() -> None:
    client = begun()
    assert client.post(step("parties"), PARTIES).headers["Location"] == step("story")
    assert client.post(step("story"), STORY).headers["Location"] == step("evidence")
    assert client.post(reverse("evidence"), {"whole": "1"}).headers["Location"] == step("wishes")
    assert client.post(step("wishes"), {}).headers["Location"] == step("contact")
    assert client.post(step("contact"), {}).headers["Location"] == step("check")


def test_a_change_from_the_last_page_leads_back_to_it() -> None:
    answer = answered().post(step("parties") + "?then=check", PARTIES)
    assert answer.headers["Location"] == step("check")


@pytest.mark.parametrize("name", filing.STEPS)
def test_each_page_says_where_one_is_and_that_nothing_is_filed(name: str) -> None:
    page = text(answered().get(step(name)))
    assert "not filed yet" in page
    assert f"step {filing.STEPS.index(name) + 1} of 6" in page
    assert "Back" in page
    assert "Stop here" in page or "stop here" in page


@pytest.mark.parametrize("name", filing.STEPS)
def test_no_page_of_a_draft_is_kept_by_the_browser(name: str) -> None:
    assert "no-store" in answered().get(step(name)).headers["Cache-Control"]


def test_an_unknown_step_is_no_page() -> None:
    assert begun().get(step("money")).status_code == 404


def test_errors_are_linked_to_their_fields_and_nothing_typed_is_lost() -> None:
    page = text(begun().post(step("parties"), {"lender": "蓝田", "platform": "某某分期"}))
    assert 'href="#id_agency"' in page
    assert 'value="蓝田"' in page
    assert 'value="某某分期"' in page


def test_what_was_typed_is_saved_even_when_something_is_left_out() -> None:
    client = begun()
    client.post(step("story"), {"story": "Half of it"})
    assert "Half of it" in text(client.get(step("story")))
    assert "begun" in text(client.get(reverse("new")))


@pytest.mark.parametrize(("go", "where"), [("back", "parties"), ("stop", None)])
def test_going_back_and_stopping_save_and_demand_nothing(go: str, where: str | None) -> None:
    client = begun()
    answer = client.post(step("story"), {"story": "Half of it", "go": go})
    assert answer.headers["Location"] == (step(where) if where else reverse("new"))
    assert Draft.objects.get().answers["story"]["story"] == "Half of it"


def test_changing_the_language_keeps_what_is_typed() -> None:
    client = begun("en")
    answer = client.post(step("story"), {"story": "Half of it", "language": "zh-hans"}, follow=True)
    assert "发生了什么？" in text(answer)
    assert "Half of it" in text(answer)


def test_what_cannot_be_kept_stops_the_way_back_too() -> None:
    page = text(begun().post(step("story"), {"story": "a\0b", "go": "back"}))
    assert "invisible characters" in page


def test_two_tabs_do_not_undo_each_other() -> None:
    client = begun()
    client.post(step("wishes"), {"wishes": ["stop"]})
    client.post(step("parties"), PARTIES)
    assert Draft.objects.get().answers["wishes"]["wishes"] == ["stop"]


def test_too_much_text_at_once_is_a_clear_page() -> None:
    answer = begun().post(step("story"), {"story": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)})
    assert answer.status_code == 400
    assert "That was too much text at once" in text(answer)


# Evidence


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
    assert "Not everything could be kept" in page
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


def test_what_can_be_taken_is_told_before_anything_is_sent(settings: Any) -> None:
    client = begun()
    page = text(client.get(reverse("evidence")))
    assert "at most 50, together 4.0\xa0GB" in page and "no room" not in page
    settings.MAX_DRAFT_FILES = 0
    assert "Remove one to add another" in text(client.get(reverse("evidence")))
    settings.MIN_FREE_BYTES = 10**18
    assert "no room for files" in text(client.get(reverse("evidence")))


def test_a_bad_description_loses_neither_itself_nor_a_file() -> None:
    client = begun()
    keep(client, ("a.png", cast.a_screenshot()))
    exhibit = Exhibit.objects.get()
    page = text(keep(client, ("b.png", cast.a_screenshot("b")), **{f"description_{exhibit.pk}": "y" * 501}))
    assert "y" * 501 in page
    assert "b.png" in page


def test_a_file_is_removed() -> None:
    client = begun()
    keep(client, ("a.png", cast.a_screenshot()))
    keep(client, remove=str(Exhibit.objects.get().pk))
    assert not EvidenceItem.objects.exists()


@pytest.mark.parametrize("nonsense", ["", "x", "-1", "９", "9" * 40])
def test_removing_nonsense_removes_nothing(nonsense: str) -> None:
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


# Checking and filing


@pytest.mark.parametrize("name", filing.STEPS)
def test_each_page_asks_the_database_little(
    name: str, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    client = answered()
    with django_assert_max_num_queries(10):
        client.get(step(name))


def test_the_last_page_shows_every_answer_with_a_way_to_change_it() -> None:
    page = text(answered().get(step("check")))
    for told in (
        "蓝田消费金融",
        "I don’t know",
        "他们打给我的同事。",
        "screenshot.png",
        "That it stops",
        "李小梅",
    ):
        assert told in page
    for name in filing.STEPS[:-1]:
        assert f'href="{step(name)}?then=check"' in page


@pytest.mark.parametrize("missing", filing.REQUIRED)
def test_an_incomplete_draft_points_to_the_missing_step(missing: str) -> None:
    client = answered()
    draft = Draft.objects.get()
    del draft.answers[missing]
    draft.save()
    page = text(client.post(step("check"), {"go": "file"}))
    assert "One step is still open" in page
    assert f'href="{step(missing)}?then=check"' in page
    assert not Case.objects.exists()


def test_half_a_story_is_not_filed() -> None:
    client = answered()
    client.post(step("story"), {"story": "Half of it", "go": "stop"})
    assert "One step is still open" in text(client.post(step("check")))
    assert not Case.objects.exists()


def test_filing_shows_reference_code_digests_and_dates() -> None:
    client = answered()
    page = text(client.post(step("check"), {"go": "file"}, follow=True))
    case = Case.objects.get()
    assert case.reference in page
    code = filing.access_code(code_of(client))
    assert " ".join(f"<span>{group}</span>" for group in code.split()) in page
    assert EvidenceItem.objects.get().sha256 in page
    assert "waiting for the timestamp" in page
    assert client.get(reverse("follow_receipt")).content == bytes(case.receipt)


def test_the_case_speaks_the_language_it_was_filed_in() -> None:
    client = answered("en")
    client.post(reverse("set_language"), {"language": "zh-hans", "next": step("check")})
    client.post(step("check"))
    assert Case.objects.get().language == "zh-hans"


def test_a_doubled_click_files_once_and_shows_the_same_code() -> None:
    client = answered()
    pages = [text(client.post(step("check"), {"go": "file"}, follow=True)) for _click in range(2)]
    assert Case.objects.count() == 1
    assert filing.access_code(code_of(client)).split()[0] in pages[0]
    assert filing.access_code(code_of(client)).split()[0] in pages[1]


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_moment_file_once() -> None:
    cookie = answered().cookies["draft"].value

    def click(_number: int) -> int:
        client = Client()
        client.cookies["draft"] = cookie
        try:
            return client.post(step("check"), {"go": "file"}).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as clicks:
        assert list(clicks.map(click, range(4))) == [302] * 4
    assert Case.objects.count() == 1


def test_the_code_is_shown_again_until_it_is_saved_and_never_after() -> None:
    client = answered()
    client.post(step("check"))
    code, other_phone = filing.access_code(code_of(client)), somebody()
    assert code.split()[0] in text(client.get(reverse("filed")))
    draft_code = code_of(client)
    saved = client.post(reverse("filed"), {"saved": "1"}, follow=True)
    assert "We have your complaint" in text(saved)
    assert code.split()[0] not in text(saved)
    assert client.get(reverse("filed")).status_code == 404
    assert "There is no draft" in text(other_phone.post(reverse("new"), {"code": draft_code}))


@pytest.mark.parametrize("name", ["parties", "story", "evidence", "check"])
def test_going_back_after_filing_leads_to_the_receipt(name: str) -> None:
    client = answered()
    client.post(step("check"))
    assert client.get(step(name)).headers["Location"] == reverse("filed")
    assert client.get(reverse("new")).headers["Location"] == reverse("filed")


def test_what_is_filed_cannot_be_changed_by_an_old_tab() -> None:
    client = answered()
    client.post(step("check"))
    client.post(step("story"), {**STORY, "story": "Something else"})
    keep(client, ("late.png", cast.a_screenshot("late")))
    assert Case.objects.get().complaint.story == STORY["story"]
    assert Exhibit.objects.count() == 1


def test_the_receipt_page_before_filing_leads_to_the_check() -> None:
    assert begun().get(reverse("filed")).headers["Location"] == step("check")


def test_staff_cannot_read_a_draft(supervisor: StaffMember, administrator: StaffMember) -> None:
    client = answered()
    draft = Draft.objects.get()
    for member in (supervisor, administrator):
        desk = cast.signed_in(member)
        assert desk.get(step("story")).status_code == 404
        for address in (f"/admin/complaints/draft/{draft.pk}/change/", "/admin/complaints/draft/"):
            assert desk.get(address).status_code == 404
        assert "蓝田消费金融" not in text(desk.get("/admin/", follow=True))
    assert "蓝田消费金融" in text(client.get(step("parties")))


def test_without_a_receipt_nothing_is_filed_and_the_draft_is_safe(
    transactional_db: None, tmp_path: Path, settings: Any
) -> None:
    settings.DATA_DIR = tmp_path
    append(event(), event())
    checkpoints.current()
    restore_a_backup(entries=0)
    client = answered()
    refused = client.post(reverse("check"), {"go": "file"})
    assert refused.status_code == 503
    assert "Your draft is safe" in text(refused)
    assert not Case.objects.exists()
    assert Draft.objects.get().filed_at is None


def test_a_name_that_would_turn_the_line_around_is_shown_with_a_visible_sign() -> None:
    client = answered()
    draft = Draft.objects.get()
    gathering.add_exhibit(draft, "photo\u202egpj.exe.png", [cast.a_screenshot("turned")])
    for page in (client.get(step("evidence")), client.get(reverse("check"))):
        assert "photo�gpj.exe.png" in text(page)
        assert "\u202e" not in text(page)
