"""Documents, tables and mails as people send them."""

from tests.support.viewing import office

OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX, XLSX = f"{OFFICE}.wordprocessingml.document", f"{OFFICE}.spreadsheetml.sheet"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
EXCEL = f'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{RELATIONS}"'
KNOWN = {"[Content_Types].xml": "<Types/>"}


def letter(paragraphs: list[str], table: list[list[str]] | None = None) -> bytes:
    """A Word document."""
    rows = "".join(
        f"<w:tr>{''.join(f'<w:tc>{_paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in table or []
    )
    body = "".join(map(_paragraph, paragraphs)) + (f"<w:tbl>{rows}</w:tbl>" if rows else "")
    return office({**KNOWN, "word/document.xml": f"<w:document {WORD}><w:body>{body}</w:body></w:document>"})


def _paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def workbook(**sheets: str) -> bytes:
    """An Excel table: the rows of each sheet as XML; style 1 is a date with its time, shared text 0 is "时间"."""
    named = "".join(f'<sheet name="{name}" sheetId="{at}" r:id="r{at}"/>' for at, name in enumerate(sheets, 1))
    targets = "".join(
        f'<Relationship Id="r{at}" Target="worksheets/s{at}.xml"/>' for at, _ in enumerate(sheets, 1)
    )
    styles = '<numFmts><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"/></numFmts>'
    styles += '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
    parts = {
        **KNOWN,
        "xl/workbook.xml": f"<workbook {EXCEL}><sheets>{named}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships>{targets}</Relationships>",
        "xl/sharedStrings.xml": f"<sst {EXCEL}><si><r><t>时</t></r><r><t>间</t></r></si></sst>",
        "xl/styles.xml": f"<styleSheet {EXCEL}>{styles}</styleSheet>",
    }
    for at, rows in enumerate(sheets.values(), 1):
        parts[f"xl/worksheets/s{at}.xml"] = f"<worksheet {EXCEL}><sheetData>{rows}</sheetData></worksheet>"
    return office(parts)


def mail(body: str, *, sort: str = "plain", charset: str = "utf-8") -> bytes:
    head = "From: =?utf-8?b?5YKs5pS2?= <a@example.org>\nTo: b@example.org\nDate: Mon, 30 Nov 2026 09:00:00 +0800\n"
    head += f"Subject: =?utf-8?b?5qyg5qy+?=\nMIME-Version: 1.0\nContent-Type: text/{sort}; charset={charset}\n\n"
    return (head + body).encode(charset)
