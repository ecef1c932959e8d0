"""What a finding can say that was departed from: sentences with their source and its force, from `norms.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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
        """How a finding's document keeps it, so that it says the same when the file says something else."""
        cited = self.source
        return {
            **{"norm": self.id, "zh": self.zh, "en": self.en, "cited_zh": cited.zh, "cited_en": cited.en},
            **{"force": cited.force, "read": cited.read},
        }


@cache
def all_by_id() -> dict[str, Norm]:
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    known = sources.all_by_id()
    return {
        name: Norm(name, tuple(one["kinds"]), one["zh"], one["en"], known[one["source"]])
        for name, one in data.items()
    }


def of(kind: str) -> list[Norm]:
    """Those that are about this kind of conduct."""
    return [norm for norm in all_by_id().values() if kind in norm.kinds]
