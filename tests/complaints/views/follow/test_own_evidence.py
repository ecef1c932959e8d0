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


def test_borrowers_hear_and_see_what_they_sent(browser: Client, filed: cast.Filed) -> None:
    shown = page(browser)
    for kind in ("sound", "waveform", "picture"):
        assert copy(kind) in shown
        assert browser.get(copy(kind)).status_code == 200
    assert "0:02" in shown and "60 × 40" in shown
    original = browser.get(reverse("follow_original", args=[1]))
    assert b"".join(original.streaming_content) == media.TAKEN["amr"][0]()  # type: ignore[attr-defined]
    assert len(ledger.history(filed.case.thread)) == 6  # looking at one's own is nobody's business


def test_the_pages_with_copies_load_their_styles(browser: Client) -> None:
    for address in (reverse("follow_case"), reverse("follow_transcript", args=[1])):
        assert "viewing.css" in browser.get(address).content.decode(), address


def test_what_a_photo_says_of_itself_is_shown_as_its_claim(browser: Client) -> None:
    shown = page(browser)
    assert "As the file itself claims" in shown
    assert "Example Phone 5" in shown and "31.23000, 121.47000" in shown


def test_a_second_borrower_finds_nothing_of_it(filed: cast.Filed, second_borrower: cast.Filed) -> None:
    other = follows(second_borrower.code)
    for kind in ("sound", "waveform", "picture"):
        assert other.get(copy(kind)).status_code == 404
        assert Client().get(copy(kind)).status_code == 302
    assert other.get(reverse("follow_original", args=[2])).status_code == 404


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
    assert "preview not whole" in page(browser) and words in page(browser)
    Derivative.objects.filter(item__exhibit__number=1).delete()
    assert "no preview" in page(browser) and words in page(browser)


def test_a_short_copy_says_so_and_by_how_much(browser: Client) -> None:
    facts = {"milliseconds": 3_723_000, "copied_milliseconds": 42_000}
    Inspection.objects.filter(item__exhibit__number=1).update(reason="short", facts=facts)
    shown = page(browser)
    assert "copy is shorter than the original" in shown and "0:42 of 1:02:03" in shown


def sent(*files: tuple[str, bytes]) -> str:
    """The page of a borrower who sent these files, after the portal has looked at them."""
    found = cast.file_a_complaint(files=list(files), language="en")
    for exhibit in found.case.exhibits.all():
        previews.derive(exhibit.item)
    return page(follows(found.code))


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
    assert shown.count('alt="Page ') == shown.count('alt="Part ') == 20


def test_a_file_not_yet_examined_says_that_its_preview_is_on_its_way(browser: Client) -> None:
    Derivative.objects.all().delete()
    Inspection.objects.all().delete()
    assert page(browser).count("preview on its way") == 2


def test_from_quarantine_nothing_leaves(browser: Client, filed: cast.Filed) -> None:
    item = filed.case.exhibits.get(number=1).item
    Scan.objects.create(item=item, state="infected", found="Eicar-Test", scanned_at=timezone.now())
    assert "quarantined" in page(browser) and copy("sound") not in page(browser)
    for address in (copy("sound"), reverse("follow_original", args=[1]), reverse("follow_transcript", args=[1])):
        assert browser.get(address).status_code == 403


def test_they_type_what_is_said(browser: Client, filed: cast.Filed) -> None:
    address = reverse("follow_transcript", args=[1])
    assert "<audio" in browser.get(address).content.decode()
    assert browser.post(address, {"text": ""}).status_code == 422
    shown = browser.post(address, {"text": "0:01 你好\r\n0:02 <i>"}, follow=True).content.decode()
    assert "Version 1, typed by the borrower" in shown and "&lt;i&gt;" in shown
    entry = ledger.content_of(ledger.history(filed.case.thread)[-1])
    assert (entry["kind"], entry["by"]) == ("evidence.derived", {"role": "borrower"})
    assert browser.get(reverse("follow_transcript", args=[2])).status_code == 404


def test_the_page_costs_no_more_statements_for_more_exhibits(browser: Client, filed: cast.Filed) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        page(browser)
    assert len(asked) <= 14
