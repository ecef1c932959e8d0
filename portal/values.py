"""Turns the text of a setting into its value, and says in a sentence what a text should have been.

Each function raises Wrong. Its message goes on after the setting's name: `is '500M'; it must be …`. A text that
may hold a password or a key is not repeated.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from cryptography import x509
from django.core.exceptions import ImproperlyConfigured

YES, NO = {"1", "true", "yes", "on", "y", "t"}, {"", "0", "false", "no", "off", "n", "f"}
BUILTIN = "builtin:"
PROVES_NOTHING = "names the built-in authority: its clock is this machine's own and proves nothing."
AUTHORITIES = 'a JSON list of {"name", "url", "root"}, with a "policy" where one is needed'
# What one person may promise in a case, where COMPENSATION_BY_ONE is not set: in the country's own money.
BY_ONE = {"CN": "CNY=5000", "US": "USD=700", "GB": "GBP=500", "IN": "INR=50000"}


class Wrong(Exception):
    """The text of a setting cannot be used. The message goes on after the setting's name."""


def flag(text: str) -> bool:
    if text.strip().lower() in YES | NO:
        return text.strip().lower() in YES
    raise Wrong(f"is {text!r}; it must be 1 or 0.")


def number(least: int) -> Callable[[str], int]:
    """Reads whole numbers from `least` on."""

    def read(text: str) -> int:
        if text.strip().isascii() and text.strip().isdecimal() and int(text) >= least:
            return int(text)
        raise Wrong(f"is {text!r}; it must be a whole number from {least} on, without a unit.")

    return read


def several(text: str) -> list[str]:
    """`a, b` as a list; empty parts are left out."""
    return [part.strip() for part in text.split(",") if part.strip()]


def secret(text: str) -> str:
    if len(text) < 32:
        raise Wrong("is too short to be a secret; it must be 32 random characters or more.")
    return text


def seed(text: str) -> str:
    """32 bytes in base64, as text."""
    if len(_decoded(text)) != 32:
        raise Wrong("must be 32 bytes in base64.")
    return text


def line(text: str) -> str:
    """One line of visible characters, because signed papers repeat it."""
    if not text.isprintable():
        raise Wrong(f"is {text!r}; it must be one line without control characters.")
    return text


def day(text: str) -> date | None:
    """A day such as 2026-12-01; None for an empty text."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Wrong(f"is {text!r}; it must be a day, such as 2026-12-01.") from None


def signature(text: str) -> str:
    """How decisions name the person who made them."""
    if text not in ("name", "number"):
        raise Wrong(f"is {text!r}; it must be name or number (of the member of staff).")
    return text


def ledger_name(text: str) -> str:
    """The name of a key in signed notes (C2SP signed-note): the ledger's lines, receipts and bundles have it."""
    if not text or not text.isprintable() or "+" in text or any(letter.isspace() for letter in text):
        raise Wrong(
            f"is {text!r}; it must be a name without spaces, plus or control characters, such as"
            " example.org/ledger: no receipt could be verified."
        )
    return text


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""


def master_keys(text: str) -> list[bytes]:
    """The keys that encrypt the keys of stored files: each 32 bytes in base64, separated by commas, the current
    first."""
    keys = [_decoded(part) for part in text.split(",")]
    if {len(key) for key in keys} != {32} or len(set(keys)) != len(keys):
        raise Wrong("must be different keys of 32 bytes in base64, comma separated, the current first.")
    return keys


def quiet_hours(text: str) -> tuple[int, int] | None:
    """The two hours of `22-8`: no notices from 22:00 to 08:00. None if the text is empty."""
    begins, dash, ends = text.strip().partition("-")
    if not text.strip():
        return None
    if not (dash and begins.isdecimal() and ends.isdecimal() and int(begins) < 24 and int(ends) < 24):
        raise Wrong(f"is {text!r}; it must be two hours, such as 22-8, or empty.")
    return int(begins), int(ends)


def time_zone(text: str) -> str:
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Wrong(f"is {text!r}; it must be a zone such as Asia/Shanghai or Europe/London.") from None


def amounts(text: str) -> dict[str, Decimal]:
    """The sums of `CNY=5000,USD=700` by currency."""
    try:
        read = {name.strip(): Decimal(sum_) for name, sum_ in (part.split("=") for part in several(text))}
    except (ValueError, InvalidOperation):
        read = {"": Decimal(0)}
    if all(len(name) == 3 and name.isupper() and most.is_finite() and most >= 0 for name, most in read.items()):
        return read
    raise Wrong(f"is {text!r}; it must be sums by currency, such as CNY=5000,USD=700.")


def origins(text: str) -> list[str]:
    for origin in several(text):
        if not origin.startswith(("https://", "http://")):
            raise Wrong(f"names {origin!r}; each must begin with https://, such as https://portal.example.")
    return several(text)


def database(text: str) -> dict[str, Any]:
    """Django's settings of one database."""
    if text.partition("://")[0] in ("postgres", "postgresql", "sqlite"):
        try:
            return dict(environ.Env.db_url_config(text))
        except ValueError:
            pass
    raise Wrong("must be postgres://user:password@host:port/name or sqlite:////path/of/a/file.")


def redis(text: str) -> str:
    if text.startswith(("redis://", "rediss://", "redis+socket://")):
        return text
    raise Wrong("must be redis://host:port, rediss://host:port or redis+socket:///path.")


def storage(text: str) -> str:
    url = urlsplit(text)
    if (url.scheme == "s3" and url.netloc) or (url.scheme == "file" and not url.netloc and url.path[:1] == "/"):
        return text
    raise Wrong(f"is {text!r}; it must be file:///path/to/folder or s3://bucket/folder?endpoint=https://…")


def bucket_problems(storage_url: str, environment: Mapping[str, str]) -> dict[str, str]:
    """A whole sentence for each key of a bucket that is missing. Without both, the machine's role is used."""
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    if not storage_url.startswith("s3://") or not any(name in environment for name in names):
        return {}
    missing = [name for name in names if not environment.get(name)]
    return {
        name: f"{name} is empty, and STORAGE_URL names a bucket. Set both keys or neither." for name in missing
    }


def email_url(text: str) -> str:
    try:
        email(text)
    except (ImproperlyConfigured, ValueError):
        raise Wrong("must be smtp+tls://user:password@host:587 or smtp+ssl://…, or empty.") from None
    return text


def email(url: str) -> dict[str, Any]:
    """Django's settings of the mail server; without one, mail goes nowhere."""
    return dict(environ.Env.email_url_config(url or "dummymail://"))


def scanner(text: str) -> str:
    if text and not text.startswith(("tcp://", "unix:///")):
        raise Wrong(f"is {text!r}; it must be tcp://host:port or unix:///path/to/socket, or empty.")
    return text


def authorities(text: str) -> list[dict[str, str]]:
    """The JSON list of timestamp authorities."""
    try:
        listed = json.loads(text)
    except ValueError as problem:
        raise Wrong(f"is not JSON: {problem}.") from None
    if not isinstance(listed, list) or not listed:
        raise Wrong(f"must be {AUTHORITIES}.")
    for entry in listed:
        _check_authority(entry)
    if len({entry["name"] for entry in listed}) != len(listed):
        raise Wrong("names two authorities alike; each needs a name of its own.")
    return listed


def witnesses(text: str) -> list[dict[str, str]]:
    """The JSON list of witnesses. Their keys are looked at by `manage.py check`."""
    try:
        listed = json.loads(text or "[]")
    except ValueError as problem:
        raise Wrong(f"is not JSON: {problem}.") from None
    if not isinstance(listed, list) or not all(_is_witness(entry) for entry in listed):
        raise Wrong(
            'must be a JSON list of {"vkey", "url"}, with texts in quotes; each url must begin with https:// or http://.'
        )
    return listed


def _is_witness(entry: object) -> bool:
    if not isinstance(entry, dict) or set(entry) != {"vkey", "url"}:
        return False
    return all(isinstance(one, str) for one in entry.values()) and entry["url"].startswith(("https://", "http://"))


def _check_authority(entry: object) -> None:
    fields = {"name", "url", "root", "policy"}
    if not isinstance(entry, dict) or not {"name", "url"} <= set(entry) <= fields:
        raise Wrong(f"must be {AUTHORITIES}.")
    if not all(isinstance(given, str) for given in entry.values()):
        raise Wrong(f"must be {AUTHORITIES}, with texts in quotes.")
    if not entry["name"].strip() or not entry["name"].isprintable():
        raise Wrong(f"has the name {entry['name']!r}; it must be one line without control characters.")
    if entry["url"] == BUILTIN:
        return
    if not str(entry["url"]).startswith(("https://", "http://")):
        raise Wrong(f"has the address {entry['url']!r}; it must begin with https:// or http://.")
    _check_root(str(entry.get("root", "")))


def _check_root(path: str) -> None:
    try:
        x509.load_pem_x509_certificate(Path(path).read_bytes())
    except OSError as problem:
        raise Wrong(f"names the root {path!r}, which cannot be read: {problem.strerror}.") from None
    except ValueError:
        raise Wrong(f"names the root {path!r}, which is not a certificate in PEM.") from None
