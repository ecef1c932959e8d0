"""What an enquiry can ask for, and how long the law requires such records to be kept; from `demands.toml`, in both
languages."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.functional import Promise

from complaints.reference.bilingual import Bilingual
from complaints.reference.sources import READ

FILE = Path(__file__).with_name("demands.toml")


@dataclass(frozen=True)
class Kind:
    code: str
    name: Bilingual


@dataclass(frozen=True)
class Kept:
    """A law or rule that requires records to be kept."""

    code: str
    who: Bilingual
    rule: Bilingual
    source: Bilingual
    sure: str  # a key of sources.READ

    @property
    def read(self) -> str | Promise:
        """How its wording was confirmed."""
        return READ[self.sure]


@cache
def kinds() -> dict[str, Kind]:
    return {row["code"]: Kind(row["code"], Bilingual(row["name"])) for row in _data()["kinds"]}


@cache
def kept() -> dict[str, Kept]:
    return {row["code"]: _kept(row) for row in _data()["kept"]}


def _kept(row: dict[str, Any]) -> Kept:
    return Kept(row["code"], Bilingual(row["who"]), Bilingual(row["rule"]), Bilingual(row["source"]), row["sure"])


def named(code: str, language: str | None = None) -> str:
    """The kind's name; the code itself if the data no longer has it."""
    kind = kinds().get(code)
    return kind.name.in_language(language) if kind else code


def _data() -> dict[str, list[dict[str, Any]]]:
    with FILE.open("rb") as file:
        return tomllib.load(file)
