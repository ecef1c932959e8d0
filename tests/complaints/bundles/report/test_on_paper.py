"""The report as a court reads it on paper: pictures of a size to be read, call lists, the list of evidence."""

import io
import re
from contextlib import closing
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from complaints.bundles.report import acts, course, pictures, report
from complaints.cases import consents
from complaints.filing import filing
from complaints.models import Case
from complaints.reference import conduct
from evidence.models import Derivative
from portal.demo import sound
from tests.support import cast, whole_case
from tests.support.bundles import a_copy, seal_all

from .test_report import papers_of, printed, text_of

Kind = Derivative.Kind


def webp(wide: int = 60, high: int = 90, shade: int = 0) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (wide, high), (shade, 0, 0)).save(out, "WEBP")
    return out.getvalue()


def a_case(name: str, content: bytes = b"") -> Case:
    return cast.file_a_complaint(files=[(name, content or cast.a_screenshot("Pay"))]).case


def calls(rows: int) -> str:
    """A list of calls; row 7 has a number that the borrower named, in another spelling."""
    numbers = {7: "+86 571-8888-0001"}
    lines = [f"{numbers.get(row, f'1390000{row:04d}')}\t2026-11-20 23:41\t{row}" for row in range(2, rows + 2)]
    return "\n".join(["对方号码\t时间\t时长", *lines])


@pytest.mark.parametrize(
    ("pixels", "wide"),
    [
        ((1080, 2340), 80),  # a phone's screen
        ((1080, 1900), 80),  # a part of a long picture
        ((1240, 1754), 157),  # a page of A4
        ((1600, 1200), 166),
        ((3000, 400), 166),
        ((300, 200), 75),  # larger it would be blurred
        ((1080, 50_000), 5),
    ],
)
def test_a_picture_is_as_wide_as_a_phone_or_as_the_page(pixels: tuple[int, int], wide: int) -> None:
    width, height = pictures.on_paper(*pixels)
    assert round(width) == wide
    assert height <= pictures.HIGHEST + 0.01


@pytest.mark.parametrize("kind", [Kind.PICTURE, Kind.PAGE])
def test_every_part_and_every_page_that_has_a_copy_is_printed(db: None, kind: str) -> None:
    case = a_case("long.png")
    for number in range(1, 13):
        a_copy(case.exhibits.get().item, kind, webp(shade=number), number)
    text = printed(case)
    assert [f"E-1·{number}/12" in text for number in range(1, 13)] == [True] * 12


def test_a_damaged_copy_is_left_out_and_the_others_are_printed(db: None) -> None:
    case = a_case("long.png")
    item = case.exhibits.get().item
    for number, content in enumerate((webp(), b"no picture", webp(shade=3)), 1):
        a_copy(item, Kind.PICTURE, content, number)
    text = printed(case)
    assert ["E-1·1/3" in text, "E-1·2/3" in text, "E-1·3/3" in text] == [True, False, True]


def test_of_a_long_list_of_calls_the_rows_with_a_named_number_are_printed(db: None) -> None:
    case = a_case("calls.csv", b"number,time\n1,2\n")
    a_copy(case.exhibits.get().item, Kind.TABLE, calls(200).encode())
    text = printed(case)
    assert "+86571-8888-0001" in text
    assert "含投诉人所列号码的1行，印出1行；共200行" in text
    assert "13900000008" not in text


def test_of_a_list_without_a_named_number_the_first_rows_are_printed(db: None) -> None:
    case = a_case("calls.csv", b"number,time\n1,2\n")
    a_copy(case.exhibits.get().item, Kind.TABLE, calls(200).replace("8888", "7777").encode())
    text = printed(case)
    assert "前40行，共200行" in text
    assert "13900000041" in text
    assert "13900000042" not in text


def test_a_masked_report_masks_the_numbers_of_others_in_a_list_of_calls(db: None) -> None:
    case = a_case("calls.csv", b"number,time\n1,2\n")
    a_copy(case.exhibits.get().item, Kind.TABLE, "对方号码\t时间\n13912345678\t23:41\n13812345678\t23:42".encode())
    assert "13912345678" in printed(case)
    assert "13912345678" not in printed(case, "regulator")


def test_the_first_lines_of_a_text_are_printed(db: None) -> None:
    case = a_case("chat.txt", "还钱\n".encode())
    a_copy(case.exhibits.get().item, Kind.TEXT, "\n".join(f"第{row}句" for row in range(1, 101)).encode())
    text = printed(case)
    assert "第60句" in text
    assert "第61句" not in text
    assert "前60行，共100行" in text


def test_the_list_of_evidence_says_source_what_it_proves_and_on_which_pages_it_is(db: None) -> None:
    files = [("call.amr", sound.amr(sound.call(1, seed=1))), ("two.png", cast.a_screenshot("two"))]
    draft, code = cast.a_draft(files=files)
    draft.exhibits.filter(item__kind="audio").update(declared={"condition": "forwarded"}, description="证明来电")
    draft.exhibits.filter(item__kind="image").update(description="证明威胁")
    case = filing.file(draft, code)
    for number in range(1, 4):
        a_copy(case.exhibits.get(number=2).item, Kind.PAGE, webp(1240, 1754), number)
    pdf = report.made(papers_of(case))
    text = re.sub(r"\s+", "", text_of(pdf))
    for wanted in (
        "证据目录",
        "证据来源",
        "证明目的",
        "原件/复制件",
        "页码",
        "提交人",
        "别人转发给我的",
        "证明来电",
    ):
        assert wanted in text, wanted
    first, last = (place_of(pdf, words) for words in ("data/originals/E-002.png", "E-2 · 3/3"))
    assert last > first
    assert f"证明威胁{first}–{last}" in text


def place_of(pdf: bytes, words: str) -> int:
    """The number of the first page with these words."""
    with closing(pypdfium2.PdfDocument(pdf)) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    return next(number for number, text in enumerate(texts, 1) if words in text)


def test_a_court_is_told_where_to_look_and_nothing_of_block_chains(borrower: cast.Filed) -> None:
    text = printed(borrower.case)
    assert "法院审查什么，在本案卷何处" in text
    assert "区块链" not in text


def test_the_cover_names_the_office_of_the_settings(borrower: cast.Filed, settings: Any) -> None:
    assert "办理单位" not in printed(borrower.case)
    settings.OFFICE_NAME, settings.OFFICE_ADDRESS, settings.OFFICE_CODE = (
        "某某公司合规部",
        "某市某路1号",
        "91330000X",
    )
    text = printed(borrower.case)
    for wanted in ("办理单位Office某某公司合规部", "地址Address某市某路1号", "Registrationcode91330000X"):
        assert wanted in text


def test_what_the_borrower_asks_for_stands_once_with_its_sum(borrower: cast.Filed) -> None:
    text = printed(borrower.case, "court")
    assert "Moneyback·3,200yuan" in text
    assert text.count("退还费用") == 1


def test_the_police_get_a_sheet_of_who_reports_what_with_lines_to_fill_in(borrower: cast.Filed) -> None:
    consents.give(borrower.case, "police")
    text = printed(borrower.case, "police")
    for wanted in (
        "报案材料",
        "Reporttothepolice",
        "报案要点",
        "投诉人Borrower李小梅",
        "电话Telephone13800138000",
        "见过的号码或账号Numbersseen057188880001",
        "发生次数与时间Howoften,andwhen2·2026-11-20–2026-11-21",
        "受案回执编号",
        "身份证件号码",
    ):
        assert wanted in text, wanted
    assert "报案" not in printed(borrower.case, "court")


def test_the_course_of_events_is_by_time_with_the_source_of_each_step(db: None) -> None:
    case = whole_case.by_an_office_of_its_own()
    rows = course.facts(papers_of(case), papers_of(case).document("statement"))
    times = [row["at"] for row in rows]
    assert times == sorted(times)
    said = [(row["what"]["en"], row["source"]) for row in rows]
    assert said[0] == ("Phone call · 0571 8888 0001 · the person who filed", "投诉人所述 C-1 the borrower, C-1")
    filed = said.index(("complaint filed", "存证账本 0 ledger 0 · 投诉人 borrower"))
    done = [what for what, _source in said[filed:]]
    for wanted in (
        "evidence received, digest taken E-1",
        "routed to a team",
        "decided",
        "referred to an authority",
    ):
        assert wanted in done
    assert "looked at" not in done
    assert "经过Courseofevents" in printed(case)


def test_conduct_is_named_in_a_lawyer_s_words(borrower: cast.Filed) -> None:
    assert acts.ACTS.keys() == conduct.BY_CODE.keys()
    text = printed(borrower.case)
    assert "联系家人、朋友、同事或单位" in text
    assert "Contactedmy" not in text


def test_the_portal_s_own_authority_is_named_in_words(borrower: cast.Filed) -> None:
    seal_all(borrower.case)
    text = printed(borrower.case)
    assert "本站自带的时间戳" in text
    assert "builtin" not in text


def test_a_court_learns_how_the_borrower_can_still_show_who_they_are(borrower: cast.Filed) -> None:
    shown = "投诉人可以随时表明身份"
    assert shown in printed(borrower.case, "court")
    assert shown not in printed(borrower.case, "regulator")
    consents.give(borrower.case, "court")
    assert shown not in printed(borrower.case, "court")


def test_the_facts_of_an_exhibit_are_on_one_page_with_its_first_pictures(db: None) -> None:
    files = [(f"{number}.png", cast.a_screenshot(str(number))) for number in range(1, 6)]
    case = cast.file_a_complaint(files=files).case
    seal_all(case)
    for exhibit in case.exhibits.all():
        for part in (1, 2):
            a_copy(exhibit.item, Kind.PICTURE, webp(1080, 2000, part), part)
    with closing(pypdfium2.PdfDocument(report.made(papers_of(case)))) as document:
        pages = ["".join(page.get_textpage().get_text_bounded().split()) for page in document]
    for exhibit in case.exhibits.select_related("item"):
        on = [page for page in pages if exhibit.item.sha256 in page]
        facts = [f"{exhibit.label}{exhibit.item.name}", f"{exhibit.label}·1/2", f"{exhibit.label}·2/2", "封存时间"]
        assert [fact in on[0] for fact in facts] == [True] * 4, (exhibit.label, on)


def test_the_contents_begin_on_the_page_behind_the_cover(db: None) -> None:
    with closing(pypdfium2.PdfDocument(report.made(papers_of(a_case("one.png"))))) as document:
        pages = ["".join(page.get_textpage().get_text_bounded().split()) for page in document]
    assert ["目录" in pages[0], "目录" in pages[1], "1摘要" in pages[0], "1摘要" in pages[1]] == [
        False,
        True,
        False,
        True,
    ]
