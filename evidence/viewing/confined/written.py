"""Makes the beginning of a text readable: finds its encoding, and makes hidden characters visible."""

import codecs
import re
import unicodedata
from collections.abc import Iterable, Sequence

from .wire import NoPreview, Original, Wire

READ = 256 << 10  # bytes of the file
MOST_LINES, MOST_LETTERS = 300, 24_000  # of a copy
LONGEST_LINE = 2_000
BLANK = {"\u115f", "\u1160", "\u3164", "\uffa0", "\u2800"}  # letters that look like a space
KEPT = {"\n", "\t", "\u200d"}  # the last one joins the parts of one emoji
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}  # Unicode's categories
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
LETTERS = re.compile("[\t\n\r -~\u00a0-\u024f\u0370-\u04ff\u2000-\u27bf\u3000-\u9fff\uac00-\ud7a3\uff00-\uffee]")
FOREIGN, ALONE = re.compile(b"[\x80-\xff]+"), re.compile(b"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
# The commonest characters of Chinese text, simplified and traditional: they tell GB18030 from Big5.
COMMON = set(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "這個們來為國說時會對於著過發後裡還錢款电话電話号號请請您欠元月日贷貸催收催款今天明天家"
)


def warm_up() -> None:
    beginning_of("a\u202e", READ)


def look(file: Original, wire: Wire, _media_type: str) -> None:
    text, is_cut = opened(file)
    send(wire, text, is_cut=is_cut)


def opened(file: Original) -> tuple[str, bool]:
    """The text of the file's first bytes, and whether there are more."""
    file.seek(0)
    data = file.read(READ + 1)
    return decoded(data[:READ]), len(data) > READ


def send(wire: Wire, text: str, *, is_cut: bool) -> None:
    """Send the text's beginning as a copy. Raises NoPreview if there is none."""
    shown, is_shorter = beginning_of(text, MOST_LETTERS)
    if not shown.strip():
        raise NoPreview("empty")
    if is_cut or is_shorter:
        wire.send_json(b"J", facts={"is_cut": 1}, claims={})
    wire.send_copy("text", shown.encode("utf-8", "replace"))


def beginning_of(text: str, letters: int) -> tuple[str, bool]:
    """The first lines, with hidden characters made visible, and whether that is not all."""
    lines = re.sub(r"\r\n?|[\u2028\u2029\x85]", "\n", text).rstrip().split("\n")
    kept: list[str] = []
    for line in lines[:MOST_LINES]:
        part = visible(line[:LONGEST_LINE]) + ("…" if len(line) > LONGEST_LINE else "")
        letters -= len(part) + 1
        if letters < 0:
            break
        kept.append(part)
    is_whole = len(kept) == len(lines) and all(len(line) <= LONGEST_LINE for line in kept)
    return "\n".join(kept), not is_whole


def visible(text: str) -> str:
    """The text with control, direction and other hidden characters spelled, as 〈U+202E〉."""
    hidden = {sign for sign in set(text) - KEPT if sign in BLANK or unicodedata.category(sign) in HIDDEN}
    return text.translate({ord(sign): f"〈U+{ord(sign):04X}〉" for sign in hidden})


def decoded(data: bytes) -> str:
    """The bytes as text. They may end in the middle of a character; bytes that are no text become U+FFFD."""
    for mark, encoding in MARKS.items():
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    return _strict(data, "utf-8") or _wide(data) or _chinese(data) or _western(data)


def _strict(data: bytes, encoding: str) -> str:
    """The text; "" if some bytes are wrong in this encoding."""
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(data, final=False)
    except UnicodeDecodeError:
        return ""
    return "" if "\0" in text else text


def _wide(data: bytes) -> str:
    """UTF-16 without a mark: it has zeros, as every space does, and nearly all of it is ordinary in one order."""
    if b"\0" not in data:
        return ""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = _strict(data, encoding)
        if text and len(LETTERS.findall(text)) >= 0.95 * len(text):
            return text
    return ""


def _western(data: bytes) -> str:
    """Windows-1252; GB18030 with marks for the wrong bytes where its characters are those of Chinese."""
    chinese = data.decode("gb18030", "replace")
    foreign = [sign for sign in chinese if sign > "\x7f"]
    return chinese if len(foreign) > 10 and _is_usual(foreign) else data.decode("cp1252", "replace")


def _chinese(data: bytes) -> str:
    """The text, read as GB18030, Big5 or UTF-16 without a mark, whichever gives the most common characters. "" if
    most of it is not Chinese."""
    texts = [text for encoding in ("gb18030", "big5") if (text := _strict(data, encoding))]
    ascii_signs = len(re.findall(b"[ -~]", data))
    if len(data) % 2 == 0 and ascii_signs < 0.8 * len(data):  # two of them look like one Chinese character
        wide = (_strict(data, encoding) for encoding in ("utf-16-le", "utf-16-be"))
        texts += filter(_is_usual, wide)
    foreign = {text: [sign for sign in text if sign > "\x7f"] for text in texts}
    texts = [text for text in texts if len(LETTERS.findall("".join(foreign[text]))) >= 0.9 * len(foreign[text])]
    if 2 * len(ALONE.findall(data)) > len(FOREIGN.findall(data)):  # letters with accents, or Big5
        texts = [text for text in texts if _is_usual(foreign[text])]
    return max(texts, key=lambda text: _common(foreign[text]), default="")


def _is_usual(signs: Sequence[str]) -> bool:
    """Whether more than a tenth of them are common in Chinese."""
    return 10 * _common(signs) > len(signs)


def _common(signs: Iterable[str]) -> int:
    return sum(sign in COMMON for sign in signs)
