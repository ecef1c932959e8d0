"""Why the portal refuses a file, and the sentence that the sender reads. libmagic names what is refused."""

from functools import lru_cache

# isort: off
import pylibmagic  # noqa: F401  (loads libmagic itself, so it must come first)
import magic

# isort: on
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evidence import sizes

MESSAGES: dict[str, Promise] = {
    "empty": _("This file is empty. Check that it opens on your own device, then choose it again."),
    "too_large": _("This file is larger than %(most)s. If you can, split it and upload the parts."),
    "too_large_image": _("This picture is larger than 100 MB. Save it smaller, or upload a screenshot of it."),
    "too_large_document": _("This document is larger than 200 MB. Split it and upload the parts."),
    "too_large_table": _("This list is larger than 50 MB. Split it and upload the parts."),
    "too_large_text": _("This text is larger than 50 MB. Split it and upload the parts."),
    "many": _("This file was not saved: too many were chosen at once. Choose it again with fewer others."),
    "full": _("We have no room for files at the moment. Your answers are safe. Please try again later."),
    "away": _("We cannot store files at the moment. Your answers are safe. Please try again later."),
    "busy": _("Many people are uploading. Yours will continue by itself in a moment."),
    "damaged": _("This file was damaged on the way. Yours is fine: please upload it again."),
    "archive": _("This is an archive with other files inside. Unpack it and upload those files."),
    "archive_locked": _(
        "This archive has a password, like bills from payment apps. Unpack it with the password they "
        "sent you, and upload the files inside."
    ),
    "program": _(
        "This is a program, which we do not take. If someone sent it to you, do not open it:"
        " upload a screenshot of their message instead."
    ),
    "script": _("This is a script or program text, which we do not take. Upload a screenshot of it instead."),
    "web_page": _("This is a web page or a file like one. Upload a screenshot of it, or print it to PDF."),
    "macros": _("This Office file contains macros. Save it without macros (.docx, .xlsx) or as PDF."),
    "office": _(
        "This is an old or password-protected Office file."
        " Save it without a password as .docx, .xlsx or PDF, and upload that."
    ),
    "office_locked": _(
        "This Office file is protected by a password. Open it, save it without the password"
        " (in WPS or Office: File, Encrypt, and clear the password), and upload that."
    ),
    "outlook": _(
        "This is an e-mail saved by Outlook. Save it as .eml or print it to PDF, and upload that."
        " Keep the original."
    ),
    "iwork": _(
        "This is a file of Pages, Numbers or Keynote. Export it there as Word, Excel or PDF, and upload that."
    ),
    "list": _(
        "We cannot take this kind of list. Open it in WPS, Office or LibreOffice, save it as .xlsx or "
        "CSV, and keep the original."
    ),
    "list_page": _(
        "This is a web page that holds a list, though its name may end in .xls. Open it in WPS or Excel,"
        " save it as .xlsx, and keep the original."
    ),
    "wechat": _(
        "This is a picture from WeChat's own store, which only WeChat can open. Open it in WeChat, save it to your"
        " pictures, and upload it from there."
    ),
    "audio": _("We cannot take this kind of recording. Save it as MP3, M4A or WAV, and keep the original."),
    "image": _("We cannot take this kind of picture. Save it as JPEG or PNG, and keep the original."),
    "video": _("We cannot take this kind of video. Save it as MP4, and keep the original."),
    "document": _("We cannot take this kind of document. Save it as PDF, and keep the original."),
    "unknown": _(
        "We cannot tell what this file is; it may be damaged or belong to one app only. If it opens for you,"
        " save it as a recording, picture, video or PDF, or upload a screenshot."
    ),
}
WEB_PAGES = {"text/html", "image/svg+xml", "text/xml", "application/xml", "application/xhtml+xml"}
SCRIPTS = {
    "application/javascript",
    "text/javascript",
    "text/x-script.python",
    "text/x-python",
    "text/x-shellscript",
    "text/x-php",
    "text/x-perl",
    "text/x-ruby",
    "text/x-lua",
    "text/x-msdos-batch",
    "text/vbscript",
}
# Beginnings that libmagic does not recognise, or not without more bytes
KNOWN = (
    (b"MZ", "program"),
    (b"dex\n", "program"),
    (b"\0asm", "program"),
    (b"L\0\0\0\x01\x14\x02\0", "program"),  # a Windows shortcut
    (b"MSCF", "archive"),
    (b"\x07\x08V1\x08\x07", "wechat"),
    (b"\x07\x08V2\x08\x07", "wechat"),
    (b"8BPS", "image"),
)
# Beginnings of pictures: PNG, GIF, WebP, and JPEG with each of its usual second marks
PICTURES = (
    b"\x89PNG\r\n",
    b"GIF8",
    b"RIFF",
    *(b"\xff\xd8\xff" + bytes([mark]) for mark in (0xE0, 0xE1, 0xDB, 0xEE)),
)
OUTLOOK = ("__nameid_version", "__properties_version", "__substg1.0_")
REFUSALS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "program",
        (
            "application/x-dosexec",
            "application/vnd.microsoft.portable-executable",
            "application/x-executable",
            "application/x-pie-executable",
            "application/x-sharedlib",
            "application/x-object",
            "application/x-mach-binary",
            "application/x-ms-shortcut",
            "application/x-java",
            "application/java",
            "application/x-ms-installer",
            "application/vnd.android",
            "application/x-msi",
            "application/wasm",
        ),
    ),
    ("office_locked", ("application/encrypted",)),
    ("office", ("application/x-ole-storage", "application/CDFV2", "application/msword", "application/vnd.ms-")),
    (
        "archive",
        (
            "application/zip",
            "application/gzip",
            "application/zlib",
            "application/zstd",
            "application/x-7z",
            "application/x-rar",
            "application/vnd.rar",
            "application/x-bzip",
            "application/x-xz",
            "application/x-tar",
            "application/x-lz",
            "application/x-iso9660",
            "application/x-cpio",
            "application/x-arc",
            "application/vnd.ms-cab",
        ),
    ),
    ("document", ("application/rtf", "text/rtf", "application/postscript", "application/epub", "image/vnd.djvu")),
    ("web_page", ("text/html", "image/svg", "text/xml", "application/xml")),
    ("audio", ("audio/", "application/ogg")),
    ("image", ("image/",)),
    ("video", ("video/", "application/vnd.rn-realmedia", "application/x-matroska")),
)


class FileRefused(Exception):
    """The portal does not accept the file. `code` is a key of MESSAGES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def is_temporary(self) -> bool:
        """Whether the cause is the portal's storage and not the file: the sender can try again later."""
        return self.code in ("full", "away")

    @property
    def message(self) -> str:
        if self.code == "too_large":
            return str(MESSAGES[self.code]) % {"most": sizes.in_words(settings.MAX_FILE_BYTES)}
        return str(MESSAGES[self.code])


def reason(head: bytes) -> str:
    """The key in MESSAGES for a file that begins with `head` and has none of the accepted formats."""
    if code := next((code for beginning, code in KNOWN if head.startswith(beginning)), ""):
        return code
    if head.startswith(b"bplist00") and b"WebMainResource" in head:
        return "web_page"
    if _is_hidden_picture(head):
        return "wechat"
    name = libmagic(head)
    return next((code for code, names in REFUSALS if name.startswith(names)), "unknown")


def _is_hidden_picture(head: bytes) -> bool:
    """Whether it is a picture with every byte changed by the same number (XOR), as WeChat stores them."""
    keys = ((beginning, head[0] ^ beginning[0]) for beginning in PICTURES if len(head) > 100)
    return any(key and bytes(byte ^ key for byte in head[: len(begin)]) == begin for begin, key in keys)


def zip_reason(head: bytes, names: set[bytes]) -> str:
    """The key in MESSAGES for a ZIP that is refused: `names` are those of the files inside."""
    if any(name.endswith((b".iwa", b"Index.zip")) for name in names):
        return "iwork"
    if b"xl/workbook.bin" in names or b"opendocument.spreadsheet" in head[38:120]:
        return "list"
    if head[30:38] == b"mimetype" or b"[Content_Types].xml" in names:
        return "document"
    return "archive_locked" if head[6:7] and head[6] & 1 else "archive"


def ole_reason(names: set[str]) -> str:
    """The key in MESSAGES for an OLE file: `names` are those of the streams inside."""
    if names & {"EncryptedPackage", "EncryptionInfo"}:
        return "office_locked"
    return "outlook" if any(name.startswith(OUTLOOK) for name in names) else "office"


def text_reason(head: bytes) -> str:
    """The key in MESSAGES for a web page or script that begins with `head`; "" for any other text."""
    name = libmagic(head[:4096])  # with more, libmagic takes half a second over a file of blanks
    if name in WEB_PAGES:
        return "web_page"
    return "script" if name in SCRIPTS else ""


@lru_cache
def _database() -> magic.Magic:
    return magic.Magic(mime=True)


def libmagic(head: bytes) -> str:
    """libmagic's media type for the bytes. Good enough to name what is refused, not to decide what is accepted."""
    try:
        return str(_database().from_buffer(head))
    except magic.MagicException:
        return "application/octet-stream"
