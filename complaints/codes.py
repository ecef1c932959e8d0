"""Access and draft codes: 100 random bits in Crockford's base32, kept only as a keyed digest."""

import hashlib
import hmac
import secrets
import unicodedata
from uuid import UUID

from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 20  # characters of 5 bits
SHORT = 8  # characters of a one-time code, which expires in minutes and allows few attempts
LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None})


def fresh() -> str:
    return _spell(secrets.randbits(LENGTH * 5))


def normalise(typed: str, length: int = LENGTH) -> str:
    """The typed code as it is printed, in groups of four. Raises ValueError for a wrong length or letter."""
    letters = unicodedata.normalize("NFKC", typed).strip().upper().translate(LOOKALIKES)
    if len(letters) != length or not set(letters) <= set(ALPHABET):
        raise ValueError("not a code")
    return _grouped(letters)


def digest(code: str) -> str:
    """The keyed digest of a printed code, 64 hex digits. The database stores it in place of the code."""
    return _keyed(b"digest", code).hex()


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
