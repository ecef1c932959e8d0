"""Messages and questions to the borrower that are written often: data, in both languages."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from complaints.enquiries.demands import Words, spoken
from complaints.models import Message

FILE = Path(__file__).with_name("phrases.toml")


@dataclass(frozen=True)
class Phrase:
    code: str
    kind: str  # of Message.Kind: a message or a question
    name: Words
    text: Words

    def __post_init__(self) -> None:
        if self.kind not in (Message.Kind.MESSAGE, Message.Kind.QUESTION):
            raise ValueError(f"{self.code} is of no kind that the office can send")

    @property
    def label(self) -> str:
        """For whoever chooses it, in their language."""
        return spoken(self.name)

    def in_the_language_of(self, language: str) -> str:
        return spoken(self.text, language)


@cache
def all_of_them() -> dict[str, Phrase]:
    with FILE.open("rb") as file:
        rows = tomllib.load(file)["phrases"]
    return {row["code"]: Phrase(**row) for row in rows}
