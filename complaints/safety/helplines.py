"""Helplines by country, read from `helplines.toml` or the file in HELPLINES. A person must confirm them."""

import tomllib
from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from complaints.reference.bilingual import Bilingual

SHIPPED = Path(__file__).with_name("helplines.toml")
AT_ONCE = ("danger", "medical", "crisis")
NEEDED = ("danger", "crisis")  # every country needs a number for each of these


class Unusable(Exception):
    """The helplines cannot be used. The message is a sentence for the operator."""


@dataclass(frozen=True)
class Number:
    need: str
    number: str  # as people read it
    tel: str  # as a telephone dials it
    name: Bilingual
    note: Bilingual


@dataclass(frozen=True)
class Country:
    code: str
    name: Bilingual
    numbers: tuple[Number, ...]
    confirmed_by: str
    confirmed_on: date | None

    @property
    def is_confirmed(self) -> bool:
        """Whether a person of the office has confirmed these numbers."""
        return bool(self.confirmed_by and self.confirmed_on)

    def number(self, need: str) -> Number | None:
        return next((number for number in self.numbers if number.need == need), None)


def countries() -> dict[str, Country]:
    """The countries of the file by code, read once in each process. Raises Unusable."""
    path = Path(settings.HELPLINES or SHIPPED)
    try:
        return _read(path)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Unusable(f"The numbers to call in {path} cannot be read: {problem!r}.") from problem


def here() -> Country:
    """The helplines of this portal's country. Raises Unusable."""
    known = countries()
    if settings.COUNTRY not in known:
        raise Unusable(f"COUNTRY is {settings.COUNTRY!r}, and the numbers to call know only {', '.join(known)}.")
    country = known[settings.COUNTRY]
    if missing := [need for need in NEEDED if not country.number(need)]:
        raise Unusable(f"The numbers to call in {country.code} have none for {' and '.join(missing)}.")
    return country


def at_once(answered_yes: Container[str]) -> list[Number]:
    """The urgent numbers, after a yes to a safety question. The crisis line comes first unless they are in
    danger."""
    first = AT_ONCE if "danger" in answered_yes else AT_ONCE[::-1]
    return [number for need in first for number in here().numbers if number.need == need]


def elsewhere() -> list[Country]:
    return [country for country in countries().values() if country.code != settings.COUNTRY]


@lru_cache(maxsize=4)
def _read(path: Path) -> dict[str, Country]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {code: _country(code, given) for code, given in data.items()}


def _country(code: str, given: dict[str, Any]) -> Country:
    on = given["confirmed_on"]
    return Country(
        code=code,
        name=Bilingual(given["name"]),
        numbers=tuple(_number(number) for number in given["numbers"]),
        confirmed_by=given["confirmed_by"].strip(),
        confirmed_on=date.fromisoformat(str(on)) if on else None,
    )


def _number(given: dict[str, Any]) -> Number:
    return Number(
        need=given["need"],
        number=given["number"],
        tel=given.get("tel", given["number"]),
        name=Bilingual(given["name"]),
        note=Bilingual(given.get("note", {})),
    )
