"""What a PDF shows is in its copy, by its pixels; and what is missing is said."""

import pytest
from PIL import Image

from tests.support import pdfs, viewing
from tests.support.viewing import Seen, seen

PDF, WIDE = "application/pdf", "utf-16-be"
WIN = b"/Encoding /WinAnsiEncoding"
NAMED = b"/Encoding << /Type /Encoding /Differences [65 /afii10017 /afii10018 /afii10019] >>"
DEBT, OLD_DEBT = "欠款金额壹万元整", "欠款金額壹萬元整"
NOT_INSIDE = {
    "Chinese, CID, Unicode": (
        pdfs.chinese(b"STSong-Light", b"UniGB-UCS2-H", b"GB1"),
        pdfs.coded(DEBT, "utf-16-be"),
    ),
    "Chinese, TrueType, GBK": (
        pdfs.chinese(b"SimSun", b"GBK-EUC-H", b"GB1", sort=b"CIDFontType2"),
        pdfs.coded(DEBT, "gbk"),
    ),
    "Chinese of Taiwan, Big5": (pdfs.chinese(b"MingLiU", b"ETen-B5-H", b"CNS1"), pdfs.coded(OLD_DEBT, "big5")),
    "Japanese": (
        pdfs.chinese(b"KozMinPro-Regular", b"UniJIS-UCS2-H", b"Japan1"),
        pdfs.coded("借金の返済", WIDE),
    ),
    "Latin, TrueType": (pdfs.latin(b"Calibri", coded=WIN), b"(Amount 1000)"),
    "Latin, one of the usual": (pdfs.latin(b"Arial", coded=WIN), b"(Amount 1000)"),
    "Latin, Type 1": (pdfs.latin(b"AGaramond", b"Type1", flags=34, coded=WIN), b"(Amount 1000)"),
    "Cyrillic": (pdfs.latin(b"Arial", coded=NAMED), b"(ABC)"),
    "symbols": (pdfs.latin(b"Symbol", b"Type1", flags=4), b"(abcS)"),
    "dingbats": (pdfs.latin(b"ZapfDingbats", b"Type1", flags=4), b"(4abcn)"),
}


def dark(picture: Image.Image, box: tuple[int, int, int, int] | None = None) -> int:
    """How many pixels of a box are dark."""
    return sum(picture.convert("L").crop(box or (0, 0, *picture.size)).histogram()[:128])


@pytest.mark.parametrize("name", NOT_INSIDE)
def test_text_whose_font_is_not_inside_is_shown(name: str) -> None:
    fonts, text = NOT_INSIDE[name]
    found = seen(pdfs.written(fonts, text), "document", PDF)
    assert found.reason == ""
    assert dark(found.picture("page")) > 2000


@pytest.mark.parametrize(
    ("fonts", "text"),
    [
        (pdfs.chinese(b"HYSMyeongJo-Medium", b"UniKS-UCS2-H", b"Korea1"), pdfs.coded("빚을 갚다", "utf-16-be")),
        (pdfs.latin(b"Wingdings", flags=4), b"(abc)"),
    ],
)
def test_letters_that_no_font_here_has_are_said_to_be_missing(fonts: list[bytes], text: bytes) -> None:
    assert seen(pdfs.written(fonts, text), "document", PDF).reason == "letters"


def test_text_that_nobody_was_to_see_is_not_missing() -> None:
    hidden = pdfs.chinese(b"HYSMyeongJo-Medium", b"UniKS-UCS2-H", b"Korea1")
    assert seen(pdfs.written(hidden, pdfs.coded("빚", "utf-16-be"), mode=3), "document", PDF).reason == ""


BLACK = b"0 0 0 rg 0 0 100 80 re f"
WIDGETS = {
    "a text with its appearance": pdfs.form(b"/FT /Tx /V (1000) /DA (/Helv 20 Tf 0 g)", BLACK),
    "a text without an appearance": pdfs.form(b"/FT /Tx /V (MMMMMM) /DA (/Helv 30 Tf 0 g)"),
    "a choice": pdfs.form(b"/FT /Ch /Ff 131072 /V (b) /Opt [(a) (b)] /DA (/Helv 20 Tf 0 g)", BLACK),
    "an electronic seal": pdfs.form(b"/FT /Sig", BLACK),
}


@pytest.mark.parametrize("name", WIDGETS)
def test_what_is_filled_in_and_sealed_is_shown(name: str) -> None:
    found = seen(WIDGETS[name], "document", PDF)
    assert found.reason == ""
    width, height = found.picture("page").size
    inside = (width * 20 // 300, height * 20 // 120, width * 120 // 300, height * 100 // 120)
    assert dark(found.picture("page"), inside) > 1000


def test_a_ticked_box_is_shown() -> None:
    ticked = pdfs.form(b"/FT /Btn /V /Yes /AS /Yes", BLACK).replace(b"/N 6 0 R", b"/N << /Yes 6 0 R >>")
    assert dark(seen(ticked, "document", PDF).picture("page")) > 1000


def test_a_tall_page_is_cut_into_pieces_of_the_full_width() -> None:
    found = seen(viewing.pdf(1, 200, 1600), "document", PDF)
    sizes = {found.picture("page", number).size for _kind, number in found.copies}
    assert {width for width, _height in sizes} == {720}
    heights = sum(found.picture("page", number).height for _kind, number in found.copies)
    assert heights - 60 * (len(found.copies) - 1) in range(5750, 5780)  # 60 pixels twice at each cut
    assert found.facts == {"pages": 1, "pages_shown": 1, "pieces": len(found.copies)}


def test_a_wide_page_is_cut_into_pieces_of_the_full_height() -> None:
    found = seen(viewing.pdf(1, 1600, 200), "document", PDF)
    assert {found.picture("page", number).height for _kind, number in found.copies} == {720}


def test_the_pages_that_a_file_claims_are_told_from_those_that_are_there() -> None:
    found: Seen = seen(viewing.pdf(2).replace(b"/Count 2", b"/Count 1000000"), "document", PDF)
    assert (found.facts, found.claims) == ({"pages": 2}, {"pages": "1000000"})
