"""Makes the beginning of an e-mail readable: some of its header, its text, and the names of what is attached."""

import codecs
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from html.parser import HTMLParser

from . import written
from .wire import Original, Wire

READ = 1 << 20  # bytes of the file
HEADER = ("From", "To", "Cc", "Reply-To", "Date", "Subject")
MOST_PARTS = 200
SILENT = {"script", "style", "head", "title", "template"}
BLOCKS = {"p", "br", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote", "hr"}
# Those of mails, besides the ones that every child loads.
ENCODINGS = (
    "gbk",
    "gb2312",
    "hz",
    "big5hkscs",
    "iso-8859-15",
    "windows-1251",
    "koi8-r",
    "iso-2022-jp",
    "shift_jis",
)
EXAMPLE = (
    b"From: =?utf-8?b?5ZCN?= <a@example.org>\r\nTo: b@example.org\r\nDate: Mon, 30 Nov 2026 09:00:00 +0800\r\n"
    b"Subject: =?gb2312?b?x7fV2A==?=\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
    b"--x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\nPHA+YTwvcD4=\r\n"
    b"--x\r\nContent-Type: text/plain; charset=gbk\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b"=C7=B7\r\n--x\r\nContent-Type: image/png\r\nContent-Disposition: attachment; "
    b"filename*=utf-8''%E5%90%8D.png\r\n\r\n\r\n--x--"
)


def warm_up() -> None:
    written.warm_up()
    for name in ENCODINGS:
        codecs.lookup(name)
    "\n".join(_lines(_parsed(EXAMPLE)))


def look(file: Original, wire: Wire, _media_type: str) -> None:
    file.seek(0)
    data = file.read(READ + 1)
    text = "\n".join(_lines(_parsed(data[:READ])))
    written.send(wire, text, is_cut=len(data) > READ)


def _parsed(data: bytes) -> EmailMessage:
    found = BytesParser(policy=policy.default).parsebytes(data)
    assert isinstance(found, EmailMessage)  # noqa: S101 (the policy makes them)
    return found


def _lines(mail: EmailMessage) -> Iterator[str]:
    for name in HEADER:
        for value in mail.get_all(name, []):
            yield f"{name}: {' '.join(str(value).split())}"
    yield ""
    body = mail.get_body(("plain", "html"))
    if isinstance(body, EmailMessage):
        yield _text(body)
    for part in _attached(mail, body):
        yield f"[{part.get_filename() or part.get_content_type()}]"


def _attached(mail: EmailMessage, body: object) -> Iterator[EmailMessage]:
    """The parts besides the text that is shown and the same text in another form."""
    for count, part in enumerate(mail.walk()):
        if count == MOST_PARTS:
            return
        if not isinstance(part, EmailMessage) or part is body or part.is_multipart():
            continue
        if part.is_attachment() or part.get_filename() or part.get_content_maintype() != "text":
            yield part


def _text(part: EmailMessage) -> str:
    data = part.get_payload(decode=True)
    content = data if isinstance(data, bytes) else b""
    try:
        text = content.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeDecodeError):  # an encoding that is unknown, or not the one it says
        text = written.decoded(content)
    return _of_html(text) if part.get_content_type() == "text/html" else text


class _Page(HTMLParser):
    """Collects the text of a web page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        self.silent += tag in SILENT
        if tag in BLOCKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= bool(self.silent and tag in SILENT)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(" ".join(data.split()) + " " if data.strip() else "")


def _of_html(text: str) -> str:
    page = _Page()
    page.feed(text[: written.READ])
    page.close()
    lines = "".join(page.found).split("\n")
    return "\n".join(line.strip() for line in lines if line.strip())
