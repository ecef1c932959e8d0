"""Access and draft codes: 100 random bits in Crockford's base32, kept only as a keyed digest."""

import hashlib
import hmac
import secrets
import unicodedata
from uuid import UUID

from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20  # characters of 5 bits
SHORT = 8  # of a one-time code, which lives for minutes and allows few attempts
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})


def fresh() -> str:
    return _spell(secrets.randbits(LENGTH * 5))


def short() -> str:
    """One to be told by word of mouth; only where attempts are few."""
    return fresh()[: SHORT + SHORT // 4 - 1]


def normalise(typed: str, length: int = LENGTH) -> str:
    """The code as printed, from however it was typed; raises ValueError when it cannot be one."""
    letters = unicodedata.normalize("NFKC", typed).strip().upper().translate(LOOKALIKES)
    if len(letters) != length or not set(letters) <= set(ALPHABET):
        raise ValueError("not a code")
    return _grouped(letters)


def digest(code: str) -> str:
    """64 hex digits: what the database keeps of a printed code, and looks it up by."""
    return _keyed(b"digest", code).hex()


def derived(code: str, purpose: str) -> str:
    """Another code that follows from this one and the portal's key; neither reveals the other."""
    return _spell(int.from_bytes(_keyed(purpose.encode(), code), "big") >> (256 - LENGTH * 5))


def one_time(key: UUID) -> str:
    """The one-time code of a row: it follows from the row's id and the portal's key, and is kept nowhere."""
    return derived(str(key), "one-time")[: SHORT + SHORT // 4 - 1]


def _keyed(purpose: bytes, code: str) -> bytes:
    return hmac.digest(settings.ACCESS_CODE_KEY.encode(), purpose + b":" + code.encode(), hashlib.sha256)


def _spell(number: int) -> str:
    return _grouped("".join(ALPHABET[number >> shift & 31] for shift in range((LENGTH - 1) * 5, -1, -5)))


def _grouped(letters: str) -> str:
    return " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))
