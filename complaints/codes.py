"""Access and draft codes: 100 random bits in Crockford's base32, kept only as a keyed digest."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator
from itertools import pairwise, takewhile
from uuid import UUID

from django.conf import settings

from complaints.reference import folding

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20  # characters of 5 bits
SHORT = 8  # characters of a one-time code, which expires in minutes and allows few attempts
LOOKALIKES = str.maketrans("OIL", "011")
REFERENCE = re.compile(  # of the case, or a day, copied with the code
    r"\bHF\W*\d{4}\W*\d{4,18}\b|(?<![A-Z0-9])(?:20\d\d(?:-\d\d-\d\d|/\d{1,2}/\d{1,2}|年\d{1,2}月\d{1,2}日)"
    r"|\d{1,2}[-/.]\d{1,2}[-/.]20\d\d)(?![A-Z0-9])"
)
WORDS = re.compile("[A-Z0-9]+")
LETTER = re.compile("[a-z0-9]")
LETTERS = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")
STRETCHES = re.compile(r"[a-z0-9](?:[^\w]*_*[a-z0-9])*")  # of a text's view: with any signs, without other letters
COPIED_WITH_A_CODE = (
    "Holdfast my your the this is here access draft code codes one time verification passphrase password key case "
    "complaint reference recovery enquiry save keep saved please do not dont share it safe none private secret"
)
LABELS = {word.translate(LOOKALIKES) for word in COPIED_WITH_A_CODE.upper().split()}


def fresh() -> str:
    return _spell(secrets.randbits(LENGTH * 5))


def normalise(typed: str, length: int = LENGTH) -> str:
    """The code as printed. Signs between its letters and labels round it, such as “Access code: …”, do not matter.
    Raises ValueError if the text is not a code, or could be more than one."""
    words = _words(REFERENCE.sub(" ", folding.clean(typed).upper()))
    bare = [word for word in words if word not in LABELS]
    found = _between_labels(words, length) or {*_codes_in(bare, length)}
    if len(found) > 1 and (once := _once(bare)) != bare:
        found = {*_codes_in(once, length)}
    if len(found) != 1:
        raise ValueError("not a code")
    return _grouped(found.pop())


def all_in(text: str, length: int = LENGTH) -> Iterator[tuple[tuple[int, int], str]]:
    """Where something in a text could be a code, and that code as printed. Most of these are ordinary words;
    a comparison of digests finds the codes among them. Other letters may be beside a code whose own letters are
    together, or in fours as they are printed."""
    folded = folding.Folded(text)
    for stretch in STRETCHES.finditer(folded.view):
        places = [place for place in range(*stretch.span()) if folded.view[place] in LETTERS]
        joined = "".join(folded.view[place] for place in places)
        for first in range(len(places) - length + 1):
            span, letters = (places[first], places[first + length - 1] + 1), joined[first : first + length]
            if _is_whole(folded.view, span) or _is_in_fours(places[first : first + length]):
                spelled = letters.upper().translate(LOOKALIKES)
                if set(spelled) <= set(ALPHABET) and not letters.isdecimal():  # a number, as good as always
                    yield folded.within(span), _grouped(spelled)


def _is_whole(view: str, span: tuple[int, int]) -> bool:
    """Whether no letter or digit is beside it."""
    return not LETTER.match(view[span[0] - 1 : span[0]]) and not LETTER.match(view[span[1] : span[1] + 1])


def _is_in_fours(places: list[int]) -> bool:
    """Whether there are other signs between the letters at these places after every fourth alone, or none."""
    return all(behind - before == 1 for at, (before, behind) in enumerate(pairwise(places), 1) if at % 4)


def _words(text: str) -> list[str]:
    return [word.translate(LOOKALIKES) for word in WORDS.findall(text)]


def _once(words: list[str]) -> list[str]:
    """The words once, where somebody pasted all of them two to four times."""
    for times in (2, 3, 4):
        if words == words[: len(words) // times] * times:
            return words[: len(words) // times]
    return words


def _between_labels(words: list[str], length: int) -> set[str]:
    """The codes that all words spell together but labels before and behind: a piece of a code may read as one."""
    before = len(list(takewhile(LABELS.__contains__, words)))
    behind = len(list(takewhile(LABELS.__contains__, reversed(words))))
    ends = range(len(words) - behind, len(words) + 1)
    whole = {"".join(words[start:end]) for start in range(before + 1) for end in ends}
    return {letters for letters in whole if len(letters) == length and set(letters) <= set(ALPHABET)}


def _codes_in(words: list[str], length: int) -> Iterator[str]:
    """Every code of this length that some words in a row, each taken whole, spell together."""
    for place in range(len(words)):
        letters, behind = "", place
        while len(letters) < length and behind < len(words):
            letters, behind = letters + words[behind], behind + 1
        if len(letters) == length and set(letters) <= set(ALPHABET):
            yield letters


def digest(code: str) -> str:
    """The keyed digest of a printed code, 64 hex digits. The database stores it in place of the code."""
    return _keyed(b"digest", code).hex()


def phrase_digest(phrase: str) -> str:
    """What the database keeps of a passphrase without its link, to recognise it by. It opens nothing."""
    return digest(f"phrase:{phrase}")


def linked(text: str) -> str:
    """The keyed digest by which cases with the same text are found, 64 hex digits. It does not reveal the text."""
    return _keyed(b"linked", text).hex()


def derived(code: str, purpose: str) -> str:
    """Another code, computed from this one and the portal's key. Neither code reveals the other."""
    return _spell(int.from_bytes(_keyed(purpose.encode(), code), "big") >> (256 - LENGTH * 5))


def of_page(page: str, purpose: str) -> str:
    """A secret of 256 bits in hex, computed from a page's form token and the portal's key. It is stored nowhere.
    The same page sent twice gets the same secret; without a token each is new."""
    return _keyed(f"page:{purpose}".encode(), page or secrets.token_hex()).hex()


def short(code: str, purpose: str) -> str:
    """A code of 8 characters, to be read out to somebody. Use it only where few attempts are allowed."""
    return derived(code, purpose)[: SHORT + SHORT // 4 - 1]


def one_time(key: UUID) -> str:
    """The one-time code of a row, computed from the row's id and the portal's key. It is stored nowhere."""
    return short(str(key), "one-time")


def _keyed(purpose: bytes, code: str) -> bytes:
    return hmac.digest(settings.ACCESS_CODE_KEY.encode(), purpose + b":" + code.encode(), hashlib.sha256)


def _spell(number: int) -> str:
    return _grouped("".join(ALPHABET[number >> shift & 31] for shift in range((LENGTH - 1) * 5, -1, -5)))


def _grouped(letters: str) -> str:
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))
