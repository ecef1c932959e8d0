"""The last page of a draft, and the first one after filing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from complaints.drafts import drafts
from complaints.filing import filing
from complaints.models import Case, Draft, Exhibit
from evidence.ledger import checkpoints
from evidence.models import EvidenceItem, Trouble
from tests.evidence.ledger.test_checkpoints import restore_a_backup
from tests.evidence.ledger.test_entries import append, event
from tests.support import cast
from tests.support.pages import STORY, answered, begun, code_of, keep, on_one_line, somebody, step, text

pytestmark = pytest.mark.django_db


def test_the_last_page_shows_every_answer_with_a_way_to_change_it() -> None:
    page = text(answered().get(step("check")))
    for told in (
        "蓝田消费金融",
        "某某咨询",
        "他们打给我的同事。",
        "screenshot.png",
        "That it stops",
        "李小梅",
    ):
        assert told in page
    for name in drafts.STEPS[:-1]:
        assert f'href="{step(name)}?then=check"' in page


@pytest.mark.parametrize("missing", drafts.REQUIRED)
def test_an_incomplete_draft_points_to_the_missing_step(missing: str) -> None:
    client = answered()
    draft = Draft.objects.get()
    del draft.answers[missing]
    draft.save()
    page = text(client.post(step("check"), {"go": "file"}))
    summary = page.split("Something is missing")[1].split("</div>")[0]
    assert f'href="{step(missing)}?then=check"' in summary
    assert not Case.objects.exists()


@pytest.mark.parametrize("missing", drafts.REQUIRED)
def test_the_button_is_always_there_and_what_is_missing_stands_beside_it(missing: str) -> None:
    client = answered()
    draft = Draft.objects.get()
    del draft.answers[missing]
    draft.save()
    page = text(client.get(step("check")))
    assert 'name="go" value="file"' in page
    assert f'href="{step(missing)}?then=check"' in page.split('id="lacking"')[1].split("</p>")[0]


def test_half_a_story_is_not_filed() -> None:
    client = answered()
    client.post(step("story"), {"story": "", "go": "stop"})
    assert "Something is missing" in text(client.post(step("check")))
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


@pytest.mark.parametrize(
    ("reach", "sentence"),
    [({"email": "mei@example.org"}, "you can get a new one through"), ({}, "a lost code cannot be replaced")],
)
def test_the_page_of_the_code_says_whether_a_lost_one_can_be_replaced(
    reach: dict[str, str], sentence: str
) -> None:
    client = answered()
    client.post(step("reach"), reach)
    assert sentence in on_one_line(text(client.post(step("check"), follow=True)))


def test_what_happens_next_comes_before_the_receipt_and_the_files_are_folded() -> None:
    page = text(answered().post(step("check"), follow=True))
    parts = ("access-code", "What happens next", reverse("follow_receipt_paper"), "<summary>1 file", "E-1")
    assert [page.index(part) for part in parts] == sorted(page.index(part) for part in parts)
    assert "Get it again later" in on_one_line(page)


def test_a_courts_date_is_shown_after_filing_with_legal_aid() -> None:
    client = answered()
    day = timezone.localdate() + timedelta(days=40)
    client.post(step("court"), {"court": "paper", "court_on": day.isoformat()})
    page = on_one_line(text(client.post(step("check"), follow=True)))
    assert date_format(day) in page
    assert "Go on that day" in page
    assert 'href="tel:12348"' in page
    assert "dealt with first" in text(client.get(reverse("follow_case")))


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


def test_an_old_tab_cannot_take_the_unsaved_code_away() -> None:
    client = answered()
    client.post(step("check"))
    for name, pressed in (("new", {"begin": "1"}), ("leave_draft", {}), ("leave_draft", {"forget": "1"})):
        assert client.post(reverse(name), pressed).headers["Location"] == reverse("filed")
    assert "access-code" in text(client.get(reverse("filed")))


def test_what_another_tab_changed_is_read_before_it_is_filed() -> None:
    client = answered()
    seen = text(client.get(step("check"))).split('name="seen" value="')[1].split('"')[0]
    client.post(step("story"), {"story": "They came to my parents as well."})
    page = text(client.post(step("check"), {"go": "file", "seen": seen}))
    assert "Something was changed in another tab" in page
    assert "They came to my parents as well." in page
    assert not Case.objects.exists()
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert client.post(step("check"), {"go": "file", "seen": seen}).status_code == 302
    assert Case.objects.exists()


def test_the_code_is_shown_again_until_it_is_saved_and_never_after() -> None:
    client = answered()
    client.post(step("check"))
    code, other_phone = filing.access_code(code_of(client)), somebody()
    assert code.split()[0] in text(client.get(reverse("filed")))
    draft_code = code_of(client)
    saved = client.post(reverse("filed"), {"saved": "1"}, follow=True)
    assert "We have your complaint" in text(saved)
    assert code.split()[0] not in text(saved)
    assert client.get(reverse("filed")).headers["Location"] == reverse("follow_case")
    assert client.post(reverse("filed"), {"saved": "1"}).headers["Location"] == reverse("follow_case")
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
    assert "Your draft and its files are safe" in text(refused)
    assert "We have been notified" in text(refused)
    assert Trouble.objects.get().code == "signing-stopped"  # which the watch mails
    assert not Case.objects.exists()
    assert Draft.objects.get().filed_at is None
