"""Texts, tables, letters and mails: their beginning can be read, as it is."""

import zipfile
from io import BytesIO

import pytest

from tests.support import written
from tests.support.viewing import office, seen

SAID = "催收人员：今天必须还钱，否则打电话给你家人\n金额 5000 元"
SAID_IN_TAIWAN = "催收人員：今天必須還錢，否則打電話給你家人\n金額 5000 元"


def text(content: bytes, media_type: str = "text/plain") -> str:
    found = seen(content, "text" if media_type == "text/plain" else "document", media_type)
    assert found.reason == ""
    return found.copies["text", 1].decode()


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5", "cp1252"]
)
def test_a_text_is_read_in_the_encoding_it_has(encoding: str) -> None:
    said = {"big5": SAID_IN_TAIWAN, "cp1252": "René said “pay now” – today"}.get(encoding, SAID)
    assert text(said.encode(encoding)) == said


@pytest.mark.parametrize("more", ["", "."])
@pytest.mark.parametrize(
    "said",
    [
        "20 Nov: he said “pay £300 today or I call your boss” – again",
        "Ils ont appelé ma mère à minuit, et déjà deux fois hier",
        "Sie haben für Samstag gedroht: “wir kommen zu Ihrer Tochter”",
        "Me llamó mi jefe: “¿qué pasó con el préstamo?” mañana",
        "name,note\ncafé,paid\nbar,unpaid\n" * 4,
        "café “quoted” – dash",
    ],
)
def test_a_western_text_of_any_length_is_not_shown_as_chinese(said: str, more: str) -> None:
    assert text((said + more).encode("cp1252")).strip() == (said + more).strip()


def test_signs_that_hide_or_turn_a_text_are_seen() -> None:
    assert text("a\u202eb\u200bc\x07d\u2066".encode()) == "a〈U+202E〉b〈U+200B〉c〈U+0007〉d〈U+2066〉"


def test_of_a_long_text_the_beginning_is_shown_and_said_to_be_one() -> None:
    found = seen(b"a line\n" * 100_000, "text", "text/plain")
    assert found.facts == {"is_cut": 1}
    assert len(found.copies["text", 1]) < 30_000
    assert seen(b"a line\n" * 10, "text", "text/plain").facts == {}


def cells(content: bytes, media_type: str, number: int = 1) -> list[list[str]]:
    found = seen(content, "table", media_type)
    assert found.reason == ""
    return [line.split("\t") for line in found.copies["table", number].decode().split("\n")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_list_is_a_table(delimiter: str) -> None:
    content = "时间,号码\n2026-11-20 23:41,13800000000\n2026-11-21,=1+1".replace(",", delimiter)
    rows = [["时间", "号码"], ["2026-11-20 23:41", "13800000000"], ["2026-11-21", "=1+1"]]
    assert cells(content.encode("gb18030"), "text/csv") == rows


def test_of_a_long_list_the_first_rows_and_columns_are_shown() -> None:
    found = seen(b"\n".join([b"1,2,3" + b",x" * 60] * 5000), "table", "text/csv")
    rows = found.copies["table", 1].decode().split("\n")
    assert (found.facts, len(rows), rows[0].count("\t")) == ({"is_cut": 1}, 200, 29)


def test_each_sheet_of_an_excel_file_is_a_table_with_its_dates() -> None:
    calls = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>号码</t></is></c></row>'
    calls += '<row r="2"><c r="A2" s="1"><v>46346.98680555556</v></c><c r="C2"><v>13800000000</v></c></row>'
    content = written.workbook(calls=calls, other='<row r="1"><c r="A1" t="b"><v>1</v></c></row>')
    assert cells(content, written.XLSX) == [
        ["calls"],
        ["时间", "", "号码"],
        ["2026-11-20 23:41:00", "", "13800000000"],
    ]
    assert cells(content, written.XLSX, 2) == [["other"], ["TRUE"]]


def test_a_letter_of_word_is_read_by_paragraphs_and_cells() -> None:
    content = written.letter(["催款函", "今天还钱"], [["金额", "5000"], ["日期", "11-30"]])
    assert text(content, written.DOCX) == "催款函\n今天还钱\n金额\t5000\n日期\t11-30"


def test_of_a_mail_the_header_the_text_and_the_names_of_files_are_shown() -> None:
    shown = text(written.mail("今天还钱", charset="gbk"), "message/rfc822")
    assert shown.startswith("From: 催收 <a@example.org>\nTo: b@example.org\nDate: Mon, 30 Nov 2026")
    assert "Subject: 欠款" in shown and shown.endswith("\n今天还钱")


def test_a_mail_in_html_is_shown_as_its_words() -> None:
    page = "<style>p {color: red}</style><p>今天<b>还钱</b><br>否则</p><script>alert(1)</script>"
    shown = text(written.mail(page, sort="html"), "message/rfc822")
    assert shown.endswith("今天 还钱\n否则") and "alert" not in shown and "<" not in shown.partition("\n\n")[2]


def packed(part: str, content: bytes) -> bytes:
    """An Office file with a part that unpacks to much more."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(part, content)
    return out.getvalue()


def test_a_letter_that_unpacks_without_end_is_read_to_a_limit() -> None:
    bomb = packed("word/document.xml", f"<w:document {written.WORD}><w:body>".encode() + b"<w:p/>" * 20_000_000)
    assert seen(bomb, "document", written.DOCX).reason == "empty"


@pytest.mark.parametrize(("part", "kind"), [("word/document.xml", "document"), ("xl/workbook.xml", "table")])
def test_an_office_file_with_a_document_type_is_not_read(part: str, kind: str) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    media_type = written.DOCX if kind == "document" else written.XLSX
    assert seen(office({**written.KNOWN, part: laughs}), kind, media_type).reason == "kind"


def test_an_office_file_with_a_password_is_said_to_have_one() -> None:
    assert seen(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), "document", written.DOCX).reason == "encrypted"


def test_what_stands_above_and_below_a_letter_is_read_and_a_text_box_once() -> None:
    choices = "<x:Choice><w:t>box</w:t></x:Choice><x:Fallback><w:t>box</w:t></x:Fallback>"
    box = f'<x:AlternateContent xmlns:x="x">{choices}'
    body = f"<w:document {written.WORD}><w:body><w:p>{box}</x:AlternateContent></w:p></w:body></w:document>"
    head = f"<w:hdr {written.WORD}><w:p><w:r><w:t>某某催收公司</w:t></w:r></w:p></w:hdr>"
    foot = f"<w:ftr {written.WORD}><w:p><w:r><w:t>页脚</w:t></w:r></w:p></w:ftr>"
    parts = {"word/footer1.xml": foot, "word/document.xml": body, "word/header1.xml": head}
    assert text(office({**written.KNOWN, **parts}), written.DOCX) == "某某催收公司\nbox\n页脚"


def test_pictures_inside_a_mail_are_named_and_the_same_text_in_another_form_is_not() -> None:
    mail = (
        b"From: a@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n"
        b"--y\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
        b"--y\r\nContent-Type: text/html\r\n\r\n<p>hello</p>\r\n--y--\r\n"
        b"--x\r\nContent-Type: image/png\r\nContent-ID: <1>\r\n\r\n\r\n--x--"
    )
    assert text(mail, "message/rfc822") == "From: a@example.org\n\nhello\n[image/png]"


def test_a_short_chinese_text_in_utf_16_without_a_mark_or_a_space_is_read() -> None:
    assert text("今天必须还钱的".encode("utf-16-le")) == "今天必须还钱的"


def test_a_chinese_text_with_a_few_wrong_bytes_is_still_chinese() -> None:
    assert text(SAID.encode("gb18030") + b"\xff\xff" + SAID.encode("gb18030")).startswith(SAID)


def test_of_an_ofd_the_words_of_its_pages_are_shown_in_their_order() -> None:
    def page(*words: str) -> str:
        runs = "".join(f"<ofd:TextObject><ofd:TextCode>{word}</ofd:TextCode></ofd:TextObject>" for word in words)
        return f'<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content>{runs}</ofd:Content></ofd:Page>'

    pages = {f"Doc_0/Pages/Page_{at}/Content.xml": page(f"第{at}页", "金额 5000") for at in (10, 2, 0)}
    content = office({"OFD.xml": "<ofd:OFD xmlns:ofd='x'/>", **pages})
    assert text(content, "application/ofd") == "第0页\n金额 5000\n\n第2页\n金额 5000\n\n第10页\n金额 5000"
