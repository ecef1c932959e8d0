"""The rules that a finding can name as broken. `norms.toml` has their texts and sources."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from complaints.models import Case
from complaints.reference import sources
from complaints.reference.bilingual import in_chinese
from complaints.reference.sources import Source

FILE = Path(__file__).with_name("norms.toml")


@dataclass(frozen=True)
class Norm:
    id: str
    kinds: tuple[str, ...]  # codes of conduct.KINDS
    zh: str
    en: str
    source: Source

    def __str__(self) -> str:
        return f"{self.zh}（{self.source}）" if in_chinese() else f"{self.en} ({self.source})"

    @property
    def frozen(self) -> dict[str, str]:
        """The rule as it is copied into a finding's document, which must not change when `norms.toml` does."""
        cited = self.source
        return {
            **{"norm": self.id, "zh": self.zh, "en": self.en, "cited_zh": cited.zh, "cited_en": cited.en},
            **{"force": cited.force, "read": cited.read},
        }


@cache
def all_by_id() -> dict[str, Norm]:
    """Every rule of `norms.toml`, by its id. Raises KeyError for a source that sources.toml lacks."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    known = sources.all_by_id()
    return {
        name: Norm(name, tuple(one["kinds"]), one["zh"], one["en"], known[one["source"]])
        for name, one in data.items()
    }


def country_of(case: Case) -> str:
    """The country whose rules are offered at once: where the borrower lives, if there are rules of that country;
    else this portal's."""
    lives_in = case.complaint.region.partition("-")[0]
    known = {norm.source.country for norm in all_by_id().values()}
    return lives_in if lives_in in known else settings.COUNTRY


def of(kind: str) -> list[Norm]:
    """The rules about this kind of conduct (a code of `conduct.KINDS`)."""
    return [norm for norm in own_first() if kind in norm.kinds]


def own_first() -> list[Norm]:
    """Every rule: first those of this portal's country."""
    return sorted(all_by_id().values(), key=lambda norm: norm.source.country != settings.COUNTRY)
