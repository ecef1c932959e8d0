"""A lawyer reads the case in the browser: what the ZIP holds and nothing else, under the same grant."""

import gzip
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.admin import timeline
from complaints.bundles import exports, grants, plan
from complaints.bundles.options import Options
from complaints.cases import consents, readers
from complaints.models import Case, Grant, StaffMember
from evidence import holdfast_verify as verifier
from evidence.models import EvidenceItem, Scan
from tests.support import cast, handed, whole_case
from tests.support.bundles import Opened, a_copy, exported, opened, seal_all
from tests.support.office import last_of, told
from tests.support.pages import Inline, follows, on_one_line, somebody, text

pytestmark = pytest.mark.django_db
WHO = {"name": "李小梅", "phone": "199 0000 1234"}
STORY = "我叫李小梅。他们打给我的同事小王（13912345678），说要告诉我的单位。"
DIGITS = "他们说 13912345678 会被告知"


@pytest.fixture
def case() -> Case:
    files = [
        ("聊天.png", cast.a_screenshot()),
        ("记录.txt", DIGITS.encode()),
        ("李小梅.txt", "李小梅，该还钱了".encode()),
    ]
    case = cast.file_a_complaint(files=files, story={"story": STORY}, reach=WHO).case
    items = [exhibit.item for exhibit in case.exhibits.order_by("number")]
    a_copy(items[0], "picture", cast.a_screenshot())
    a_copy(items[0], "page", cast.a_screenshot("page"))
    a_copy(items[1], "text", DIGITS.encode())
    seal_all(case)
    return case


def lent(
    case: Case, audience: str = "legal_aid", downloads: int = 2, agreed: bool = False, **chosen: Any
) -> tuple[str, str]:
    """The address and the passphrase of a grant whose bundle is made."""
    options = Options.usual(audience, by_borrower=True, **chosen).kept()
    terms = grants.Terms("王律师", 7, downloads, chosen.pop("age_key", ""), agreed)
    given = grants.give(case, options, terms, language="en")
    exports.make_waiting()
    return reverse("handed", args=[given.link]), given.phrase


def enters(link: str, phrase: str) -> Client:
    desk = somebody()
    desk.post(link, {"phrase": phrase})
    return desk


def reads(link: str, phrase: str) -> Client:
    desk = enters(link, phrase)
    assert desk.post(link, {"go": "read"}).status_code == 302
    return desk


def addresses(page: str, link: str) -> list[str]:
    """The addresses of the bundle's files and exhibits on a page."""
    return sorted(
        {unescape(one) for one in re.findall(r'(?:href|src)="([^"#]+)"', page) if one.startswith(f"{link}read/")}
    )


def all_pages(desk: Client, link: str) -> str:
    """The text of the case and of every exhibit that can be opened."""
    page = text(desk.get(f"{link}read/"))
    numbers = re.findall(rf'href="{link}read/(\d+)/"', page)
    return unescape(page + "".join(text(desk.get(f"{link}read/{number}/")) for number in numbers))


def zipped(desk: Client, link: str) -> Opened:
    return opened(handed.read(desk.get(f"{link}file/")))


def test_a_lawyer_reads_report_exhibits_and_what_was_checked(case: Case) -> None:
    link, phrase = lent(case, agreed=True)
    desk = reads(link, phrase)
    page = on_one_line(unescape(text(desk.get(f"{link}read/"))))
    for said in (
        case.reference,
        STORY,
        "李小梅",
        "聊天.png",
        "Sealed with a timestamp: 3 of 3 exhibits",
        "/verify/",
    ):
        assert said in page
    exhibit = text(desk.get(f"{link}read/1/"))
    assert f'src="{link}read/copies/E-001-picture-1.webp"' in exhibit
    assert case.exhibits.get(number=1).item.sha256 in exhibit
    assert DIGITS in text(desk.get(f"{link}read/2/"))
    assert not Inline(page).found + Inline(exhibit).found


def test_it_is_in_the_readers_language(case: Case) -> None:
    link, phrase = lent(case, language="zh")
    desk = reads(link, phrase)
    assert "The complaint" in text(desk.get(f"{link}read/"))
    desk.cookies[settings.LANGUAGE_COOKIE_NAME] = "zh-hans"
    page = text(desk.get(f"{link}read/"))
    assert "投诉人的诉求" in page
    assert "The complaint" not in page


def test_each_file_is_the_one_in_the_zip(case: Case) -> None:
    link, phrase = lent(case, agreed=True)
    desk = reads(link, phrase)
    files = zipped(desk, link).files
    shown = [one for number in (1, 2, 3) for one in addresses(text(desk.get(f"{link}read/{number}/")), link)]
    names = [one.removeprefix(f"{link}read/") for one in {*shown, f"{link}read/report.pdf"}]
    served = [name for name in names if not name.rstrip("/").isdigit() and not name.endswith("small/")]
    assert {"originals/E-001.png", "copies/E-001-page-1.webp", "copies/E-002-text-1.txt", "report.pdf"} <= {
        *served
    }
    for name in served:
        assert handed.read(desk.get(f"{link}read/{name}")) == files[f"data/{name}"], name


@pytest.mark.parametrize(
    "name",
    ["case.json", "documents/statement.json", "../proofs/export.json", "copies/E-001-waveform-1.svg", "nothing"],
)
def test_nothing_else_of_the_bundle_is_a_page(case: Case, name: str) -> None:
    link, phrase = lent(case)
    assert reads(link, phrase).get(f"{link}read/{name}").status_code == 404


def leaves(value: Any) -> Iterator[str]:
    """All texts in a document, line by line, without codes, which pages show in words."""
    if isinstance(value, str):
        lines = (line.strip() for line in value.split("\n"))
        yield from (line for line in lines if len(line) > 3 and not re.fullmatch("[a-z_-]+", line))
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from leaves(one)


def written_in(bag: Opened) -> str:
    """All that can be read in the texts of a bundle."""
    return "".join(
        content.decode(errors="replace") for name, content in bag.files.items() if name.startswith("data/")
    )


@pytest.mark.long
def test_no_audience_reads_more_than_its_zip_holds() -> None:
    case = whole_case.by_an_office_of_its_own()
    whole = opened(exported(case, "office"))
    documents = [content for name, content in whole.files.items() if name.startswith("data/documents/")]
    everything = {one for document in documents for one in leaves(json.loads(document))}
    assert len(everything) > 50
    for audience in readers.BY_CONSENT.keys() | {"regulator"}:
        for masked in (True, False):
            link, phrase = lent(case, audience, masked=masked, left_out={2: "chosen"})
            desk = reads(link, phrase)
            page, held = all_pages(desk, link), written_in(zipped(desk, link))
            more = {one for one in everything if one in page and one not in held}
            assert not more, (audience, masked)
            assert "一封道歉信。" in page
            assert f"{link}read/2/" not in page
            assert desk.get(f"{link}read/2/").status_code == 404


@pytest.mark.parametrize("agreed", [True, False])
def test_masks_and_names_are_those_of_the_zip(case: Case, agreed: bool) -> None:
    link, phrase = lent(case, agreed=agreed, masked=True)
    page = all_pages(reads(link, phrase), link)
    assert "13912345678" not in page
    assert ("李小梅" in page) is agreed
    assert "copies/E-002-text-1.txt" not in page


def test_a_file_that_shows_who_filed_is_left_out_of_the_page_too(case: Case) -> None:
    link, phrase = lent(case)
    desk = reads(link, phrase)
    assert "not chosen for this recipient" in text(desk.get(f"{link}read/"))
    for address in ("read/3/", "read/3/small/", "read/originals/E-003.txt"):
        assert desk.get(f"{link}{address}").status_code == 404


# Under the same grant


def test_reading_counts_as_a_download_and_each_exhibit_is_recorded_once(case: Case) -> None:
    link, phrase = lent(case, agreed=True)
    desk = reads(link, phrase)
    for _again in range(2):
        desk.get(f"{link}read/")
        desk.get(f"{link}read/1/")
        handed.read(desk.get(f"{link}read/copies/E-001-picture-1.webp"))
        handed.read(desk.get(f"{link}read/originals/E-001.png"))
    grant = Grant.objects.get()
    assert grant.downloads == 1
    assert told(case)[-4:] == ["grant.opened", "bundle.downloaded", "evidence.viewed", "evidence.downloaded"]
    assert last_of(case, "bundle.downloaded")["data"]["way"] == "read"
    assert last_of(case, "evidence.viewed")["by"] == {"role": "recipient", "id": str(grant.pk)}


def test_to_read_again_in_the_same_browser_is_no_second_use(case: Case) -> None:
    link, phrase = lent(case, downloads=1)
    desk = reads(link, phrase)
    assert desk.post(link, {"go": "read"}).headers["Location"] == f"{link}read/"
    assert "Continue reading" in text(desk.get(link))
    assert zipped(desk, link).reference == case.reference
    assert Grant.objects.get().downloads == 1
    assert "This did not open" in text(somebody().post(link, {"phrase": phrase}))


def test_the_bytes_of_a_player_are_counted_as_those_of_a_download(case: Case) -> None:
    link, phrase = lent(case)
    desk = reads(link, phrase)
    Grant.objects.update(bytes_left=1000 - (Grant.objects.get().export.size or 0) // 2)
    address = f"{link}read/originals/E-001.png"
    assert len(handed.read(desk.get(address, headers={"range": "bytes=0-99"}))) == 100
    desk.head(address)
    assert told(case).count("bundle.downloaded") == 1
    for _ in range(20):
        answer = desk.get(address, headers={"range": "bytes=0-99"})
        assert (answer.status_code, len(handed.read(answer))) == (206, 100)
    assert told(case).count("bundle.downloaded") == 2


def test_the_borrower_reads_in_the_timeline_what_the_recipient_opened() -> None:
    filed = cast.file_a_complaint(files=[("聊天.png", cast.a_screenshot())])
    link, phrase = lent(filed.case)
    desk = reads(link, phrase)
    desk.get(f"{link}read/1/")
    page = text(follows(filed.code).get(reverse("follow_case")))
    assert "The recipient opened the case bundle to read it on this site" in page
    assert "The recipient looked at E-1" in page
    assert "downloaded" not in page.partition('class="timeline"')[2].partition("</ol>")[0]


def test_a_later_bundle_with_a_reading_in_its_ledger_verifies(case: Case, tmp_path: Path) -> None:
    link, phrase = lent(case)
    desk = reads(link, phrase)
    desk.get(f"{link}read/1/")
    later = opened(exported(case))
    assert "way=read" in later.text("data/custody.csv")
    assert verifier.verify(str(later.zip(tmp_path / "later.zip"))).first_broken is None


def test_the_desk_sees_that_it_was_read(case: Case, investigator: StaffMember) -> None:
    link, phrase = lent(case)
    reads(link, phrase)
    rows = timeline.of(case, [], investigator, None)
    assert [row.note for row in rows if row.kind == "bundle.downloaded"] == ["To read it on this site"]


def pages_of(link: str) -> list[str]:
    files = ("1/", "1/small/", "report.pdf", "originals/E-001.png", "copies/E-001-picture-1.webp")
    return [f"{link}read/", *(f"{link}read/{name}" for name in files)]


def test_no_page_opens_before_the_passphrase_and_a_count(case: Case) -> None:
    link, phrase = lent(case)
    for client in (somebody(), enters(link, phrase)):
        for address in pages_of(link):
            assert client.get(address).status_code == 302, address
    assert "evidence.viewed" not in told(case)


def test_another_grants_holder_opens_nothing_of_this_one(case: Case) -> None:
    mine, other = lent(case), lent(case, "regulator")
    desk = reads(*other)
    for address in pages_of(mine[0]):
        assert desk.get(address).status_code == 302, address
    assert desk.get(f"{other[0]}read/").status_code == 200


def withdrawn(grant: Grant) -> None:
    grants.revoke(grant)


def expired(grant: Grant) -> None:
    past = timezone.now() - timedelta(seconds=1)
    Grant.objects.update(expires_at=past)
    type(grant.export).objects.update(expires_at=past)


def in_quarantine(grant: Grant) -> None:
    item = EvidenceItem.objects.get(exhibit__case=grant.export.case, exhibit__number=2)
    Scan.objects.update_or_create(
        item=item, defaults={"state": Scan.State.INFECTED, "found": "Eicar", "scanned_at": timezone.now()}
    )


def no_longer_agreed(grant: Grant) -> None:
    consents.withdraw(grant.export.case, "legal_aid")


@pytest.mark.parametrize("ends", [withdrawn, expired, in_quarantine, no_longer_agreed])
def test_what_ends_a_grant_closes_it_in_mid_reading(case: Case, ends: Any) -> None:
    link, phrase = lent(case, agreed=True)
    desk = reads(link, phrase)
    assert desk.get(f"{link}read/1/").status_code == 200
    ends(Grant.objects.select_related("export__case").get())
    for address in pages_of(link):
        answer = desk.get(address)
        assert answer.status_code == 409, address
        assert "This did not open" in text(answer)
        assert case.reference not in text(answer)


def test_a_counted_reading_ends_after_some_hours(case: Case) -> None:
    link, phrase = lent(case)
    desk = reads(link, phrase)
    session = desk.session
    session["counted"][str(Grant.objects.get().pk)]["at"] -= 7 * 60 * 60
    session.save()
    assert desk.get(f"{link}read/").headers["Location"] == link
    assert "Read it here" in text(desk.get(link))


def test_a_bundle_for_a_key_is_read_with_that_key_alone(case: Case) -> None:
    key = str(pyrage.x25519.Identity.generate().to_public())
    given = grants.give(case, Options.usual("legal_aid").kept(), grants.Terms("王律师", 7, 2, key), language="en")
    exports.make_waiting()
    link = reverse("handed", args=[given.link])
    desk = enters(link, given.phrase)
    assert "Read it here" not in text(desk.get(link))
    assert desk.post(link, {"go": "read"}).headers["Location"] == link
    assert Grant.objects.get().downloads == 0
    assert plan.beside(given.grant.export_id, "zh.json") is None


def test_a_bundle_made_by_an_earlier_version_is_downloaded_as_before(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("complaints.bundles.report.page.files", lambda _papers: {})
        link, phrase = lent(case)
    desk = enters(link, phrase)
    assert "Read it here" not in text(desk.get(link))
    assert desk.get(f"{link}read/").headers["Location"] == link
    desk.post(link, {"go": "fetch"})
    assert zipped(desk, link).reference == case.reference


def test_no_page_of_it_is_cached(case: Case) -> None:
    link, phrase = lent(case)
    desk = reads(link, phrase)
    for address in pages_of(link):
        assert "no-store" in desk.get(address).headers["Cache-Control"], address


def test_a_page_with_twenty_exhibits_is_small() -> None:
    case = cast.file_a_complaint(files=[(f"{n}.png", cast.a_screenshot(str(n))) for n in range(20)]).case
    for exhibit in case.exhibits.select_related("item"):
        a_copy(exhibit.item, "picture", cast.a_screenshot(size=(828, 1600)))
    link, phrase = lent(case)
    desk = reads(link, phrase)
    page = desk.get(f"{link}read/").content
    assert page.count(b"/small/") == 20
    assert len(gzip.compress(page)) < 15 * 1024
    assert len(handed.read(desk.get(f"{link}read/20/small/"))) < 4 * 1024


def test_an_original_is_saved_and_never_shown(case: Case) -> None:
    link, phrase = lent(case)
    desk = reads(link, phrase)
    answer = desk.get(f"{link}read/originals/E-001.png")
    assert answer["Content-Disposition"] == f'attachment; filename="{case.reference}-E-001.png"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert "sandbox" in answer["Content-Security-Policy"]
    copy = desk.get(f"{link}read/copies/E-002-text-1.txt")
    assert (copy["Content-Type"], copy["X-Content-Type-Options"]) == ("text/plain; charset=utf-8", "nosniff")
