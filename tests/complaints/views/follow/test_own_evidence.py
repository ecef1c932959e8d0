"""What borrowers see of their own evidence; and nobody of anybody else's."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evidence import ledger
from evidence.models import Derivative, Inspection, Scan
from evidence.viewing import previews
from tests.support import cast, media, viewing
from tests.support.kept import kept
from tests.support.pages import follows

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_only]


@pytest.fixture
def filed() -> cast.Filed:
    """With a recording and a photo that the portal has looked at."""
    return kept("looked at", _looked_at)


def _looked_at() -> cast.Filed:
    found = cast.file_a_complaint(
        files=[("call.amr", media.TAKEN["amr"][0]()), ("photo.jpg", viewing.photo())], language="en"
    )
    for exhibit in found.case.exhibits.all():
        previews.derive(exhibit.item)
    return found


@pytest.fixture
def browser(filed: cast.Filed) -> Client:
    return follows(filed.code)


def copy(kind: str) -> str:
    made = Derivative.objects.get(kind=kind)
    return reverse("follow_derivative", args=[made.item.exhibit.number, made.pk])


def page(browser: Client) -> str:
    return browser.get(reverse("follow_case")).content.decode()


def large(browser: Client, number: int, **more: str) -> str:
    """The page of one exhibit."""
    return browser.get(reverse("follow_exhibit", args=[number]), more).content.decode()


def test_borrowers_hear_and_see_what_they_sent(browser: Client, filed: cast.Filed) -> None:
    shown = page(browser)
    for kind in ("sound", "waveform", "small"):
        assert copy(kind) in shown
        assert browser.get(copy(kind)).status_code == 200
    assert copy("sound") in large(browser, 1) and copy("picture") in large(browser, 2)
    assert "0:02" in shown and "60 × 40" in shown
    original = browser.get(reverse("follow_original", args=[1]))
    assert b"".join(original.streaming_content) == media.TAKEN["amr"][0]()  # type: ignore[attr-defined]
    assert len(ledger.history(filed.case.thread)) == 6  # looking at one's own is nobody's business


def test_the_page_of_a_file_names_the_zone_of_its_times(browser: Client) -> None:
    assert "All times are Beijing time (UTC+8)." in large(browser, 1)


def test_the_pages_with_copies_load_their_styles(browser: Client) -> None:
    for address in (reverse("follow_case"), reverse("follow_transcript", args=[1])):
        assert "viewing.css" in browser.get(address).content.decode(), address


def test_what_a_photo_says_of_itself_is_shown_as_its_claim(browser: Client) -> None:
    shown = large(browser, 2)
    assert "Details stored in the file" in shown
    assert "Example Phone 5" in shown and "31.23000, 121.47000" in shown


def test_a_second_borrower_finds_nothing_of_it(filed: cast.Filed, second_borrower: cast.Filed) -> None:
    other = follows(second_borrower.code)
    for kind in ("sound", "waveform", "picture", "small"):
        assert other.get(copy(kind)).status_code == 404
        assert Client().get(copy(kind)).status_code == 302
    for name in ("follow_original", "follow_exhibit"):
        assert other.get(reverse(name, args=[2])).status_code == 404
        assert Client().get(reverse(name, args=[2])).status_code == 302


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("damaged", "damaged or incomplete"),
        ("encrypted", "protected by a password"),
        ("nonsense", "could not be made"),
    ],
)
def test_no_preview_says_why(reason: str, words: str, browser: Client, filed: cast.Filed) -> None:
    Inspection.objects.filter(item__exhibit__number=1).update(reason=reason)
    assert "preview not complete" in large(browser, 1) and words in large(browser, 1)
    Derivative.objects.filter(item__exhibit__number=1).delete()
    assert "no preview" in large(browser, 1) and words in large(browser, 1)


def test_a_short_copy_says_so_and_by_how_much(browser: Client) -> None:
    facts = {"milliseconds": 3_723_000, "copied_milliseconds": 42_000}
    Inspection.objects.filter(item__exhibit__number=1).update(reason="short", facts=facts)
    shown = large(browser, 1)
    assert "copy is shorter than the original" in shown and "0:42 of 1:02:03" in shown


def sent(*files: tuple[str, bytes]) -> str:
    """The pages of these files for the borrower who sent them, after the portal has looked at them."""
    found = cast.file_a_complaint(files=list(files), language="en")
    for exhibit in found.case.exhibits.all():
        previews.derive(exhibit.item)
    return "".join(large(follows(found.code), number) for number in range(1, len(files) + 1))


def test_they_read_the_beginning_of_a_text_and_a_list() -> None:
    chat = "10月19日 催收：<b>还钱</b>\u202e\n".encode() * 900
    shown = sent(("chat.txt", chat), ("calls.csv", "时间,号码,类型\n10-19,1380,=1+1\n10-20,1381,x".encode()))
    assert "催收：&lt;b&gt;还钱&lt;/b&gt;〈U+202E〉" in shown and "\u202e" not in shown
    assert '<td dir="auto">时间</td><td dir="auto">号码</td>' in shown and '<td dir="auto">=1+1</td>' in shown
    assert shown.count("Only the beginning is shown here") == 1


def test_they_are_shown_how_much_of_a_long_file_they_see() -> None:
    shown = sent(("letter.pdf", viewing.pdf(23)), ("screens.png", viewing.blank((100, 60_000))))
    assert "Pages 1 to 20 of 23 are shown here; the original has all." in shown
    assert "Parts 1 to 20 of 38 are shown here; the original has all." in shown
    assert shown.count("Page 1 of 20") == 1
    assert shown.count('alt="Part ') == 20


def test_a_letter_is_read_page_by_page_and_a_page_that_it_has_not_is_the_nearest_one() -> None:
    found = cast.file_a_complaint(files=[("letter.pdf", viewing.pdf(3))], language="en")
    previews.derive(found.case.exhibits.get().item)
    browser = follows(found.code)
    first, second, third = Derivative.objects.filter(kind="page").order_by("number")
    shown = {asked: large(browser, 1, page=asked) for asked in ("1", "2", "99", "x" * 5000)}
    where = {asked: [str(made.pk) in one for made in (first, second, third)] for asked, one in shown.items()}
    assert where == {
        "1": [True, False, False],
        "2": [False, True, False],
        "99": [False, False, True],
        "x" * 5000: [True, False, False],
    }
    assert "?page=1" in shown["2"] and "?page=3" in shown["2"] and "?page=4" not in shown["99"]


def test_small_pictures_are_kept_but_asked_for_again_and_nothing_else_is(browser: Client) -> None:
    kept = browser.get(copy("small"))
    assert kept.headers["Cache-Control"] == "private, no-cache" and "Cookie" in kept.headers["Vary"]
    again = browser.get(copy("small"), headers={"if-none-match": kept.headers["ETag"]})
    assert (again.status_code, again.content, again.headers["Cache-Control"]) == (304, b"", "private, no-cache")
    for address in (copy("sound"), copy("picture"), reverse("follow_original", args=[2])):
        assert "no-store" in browser.get(address).headers["Cache-Control"]


def test_what_the_browser_kept_is_not_shown_once_the_case_is_closed_here(
    browser: Client, second_borrower: cast.Filed
) -> None:
    known = {"if-none-match": browser.get(copy("small")).headers["ETag"]}
    left = browser.post(reverse("leave_case"))
    assert left.headers["Clear-Site-Data"] == '"cache"'
    closed = browser.get(copy("small"), headers=known)
    assert closed.status_code == 302 and "no-store" in closed.headers["Cache-Control"]
    assert follows(second_borrower.code).get(copy("small"), headers=known).status_code == 404


def test_many_files_are_folded_with_what_the_borrower_said_of_each() -> None:
    files = [(f"{number}.txt", b"1") for number in range(4)]
    shown = page(follows(cast.file_a_complaint(files=files, language="en").code))
    assert "4 files, all received in full" in shown
    assert '<details class="fold">' in shown and "What 3.txt shows" in shown


def test_files_with_a_fault_are_not_folded_away() -> None:
    found = cast.file_a_complaint(files=[(f"{number}.txt", b"1") for number in range(4)], language="en")
    Scan.objects.create(
        item=found.case.exhibits.get(number=2).item, state="infected", found="Eicar", scanned_at=timezone.now()
    )
    assert '<details class="fold" open>' in page(follows(found.code))
    assert "quarantined" in large(follows(found.code), 2)


def test_a_file_not_yet_examined_says_that_its_preview_is_on_its_way(browser: Client) -> None:
    Derivative.objects.all().delete()
    Inspection.objects.all().delete()
    assert page(browser).count("making the preview") == 2


def test_from_quarantine_nothing_leaves(browser: Client, filed: cast.Filed) -> None:
    item = filed.case.exhibits.get(number=1).item
    Scan.objects.create(item=item, state="infected", found="Eicar-Test", scanned_at=timezone.now())
    for shown in (page(browser), large(browser, 1)):
        assert "quarantined" in shown and copy("sound") not in shown
    for address in (copy("sound"), reverse("follow_original", args=[1]), reverse("follow_transcript", args=[1])):
        assert browser.get(address).status_code == 403


def test_they_type_what_is_said(browser: Client, filed: cast.Filed) -> None:
    address = reverse("follow_transcript", args=[1])
    assert "<audio" in browser.get(address).content.decode()
    empty = browser.post(address, {"text": ""})
    assert empty.status_code == 422
    assert "There is nothing to save yet" in empty.content.decode() and 'role="alert"' in empty.content.decode()
    shown = browser.post(address, {"text": "0:01 你好\r\n0:02 <i>"}, follow=True).content.decode()
    assert "Version 1, typed by the borrower" in shown and "&lt;i&gt;" in shown
    entry = ledger.content_of(ledger.history(filed.case.thread)[-1])
    assert (entry["kind"], entry["by"]) == ("evidence.derived", {"role": "borrower"})
    assert browser.get(reverse("follow_transcript", args=[2])).status_code == 404


def types(browser: Client, text: str, seen: str) -> tuple[int, str, str]:
    """Status, sentence and new mark of the answer to the page's script."""
    given = {"text": text, "seen": seen}
    answer = browser.post(reverse("follow_transcript", args=[1]), given, headers={"accept": "text/plain"})
    return answer.status_code, answer.content.decode(), answer.headers.get("ETag", "").strip('"')


def mark_of(browser: Client) -> str:
    page = browser.get(reverse("follow_transcript", args=[1])).content.decode()
    return page.split('name="seen" value="')[1].split('"')[0]


def test_what_is_typed_is_saved_for_its_writer_alone_until_it_is_a_version(
    browser: Client, filed: cast.Filed
) -> None:
    first = mark_of(browser)
    status, sentence, mark = types(browser, "0:01 Where are", first)
    assert (status, mark) == (200, mark_of(browser)) and "Saved at" in sentence
    assert types(browser, "0:02 In another tab", first)[0] == 409
    shown = browser.get(reverse("follow_transcript", args=[1])).content.decode()
    assert "0:01 Where are</textarea>" in shown and "not part of the case yet" in shown
    assert "not sent yet" not in page(browser)
    assert not Derivative.objects.filter(kind="transcript").exists()
    browser.post(reverse("follow_transcript", args=[1]), {"text": "0:01 Where are you?"})
    assert not filed.case.additions.exists()
    assert "not part of the case yet" not in browser.get(reverse("follow_transcript", args=[1])).content.decode()


def test_the_page_costs_no_more_statements_for_more_exhibits(browser: Client, filed: cast.Filed) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        page(browser)
    assert len(asked) <= 14
