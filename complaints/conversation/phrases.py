"""Ready-made messages and questions to the borrower, in both languages, from `phrases.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from complaints.models import Message
from complaints.reference.bilingual import Bilingual

FILE = Path(__file__).with_name("phrases.toml")


@dataclass(frozen=True)
class Phrase:
    code: str
    kind: str  # Message.Kind.MESSAGE or QUESTION
    name: Bilingual
    text: Bilingual

    def __post_init__(self) -> None:
        if self.kind not in (Message.Kind.MESSAGE, Message.Kind.QUESTION):
            raise ValueError(f"{self.code} is of no kind that the office can send")

    @property
    def label(self) -> str:
        """Its name in the active language."""
        return str(self.name)

    def in_the_language_of(self, language: str) -> str:
        return self.text.in_language(language)


@cache
def all_of_them() -> dict[str, Phrase]:
    with FILE.open("rb") as file:
        rows = tomllib.load(file)["phrases"]
    texts = ((row, Bilingual(row["name"]), Bilingual(row["text"])) for row in rows)
    return {row["code"]: Phrase(row["code"], row["kind"], name, text) for row, name, text in texts}
