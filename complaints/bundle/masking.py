"""Third parties' numbers, addresses and names, masked in what people wrote.

A masked document is a derivative: it names the digest of the one on the ledger, has no salt (a few digits under a
known salt could be guessed), and is marked as masked wherever it is shown or verified. Numbers follow patterns;
names do not, so that whoever exports lists them. What an exhibit itself shows is never masked: leave it out.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from evidence import holdfast_verify as verifier

NUMBER = "[号码已遮盖 number masked]"
ADDRESS = "[邮箱已遮盖 e-mail masked]"
NAME = "[姓名已遮盖 name masked]"
# What people wrote; everything else of a document is a choice, a time, a sum or a digest.
WRITTEN = {
    *("story", "other_wish", "said", "claimed", "text", "reasons", "description", "name", "note", "kept"),
    *("source", "answer", "question", "declared", "what", "proof", "reason", "owner", "authority"),
    *("why_set_aside", "other_rule", "missing", "added_because"),
}
E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
GAP = r"[ \-]?"
GROUPED = (  # identity card, telephone, bank card, as people group them
    r"\d{17}X",
    rf"\(\d{{2,4}}\){GAP}\d{{3,4}}{GAP}\d{{3,4}}",
    rf"0\d{{2,3}}{GAP}\d{{3,4}}{GAP}\d{{3,4}}",
    rf"1\d{{2}}{GAP}\d{{4}}{GAP}\d{{4}}",
    rf"\d{{3}}{GAP}\d{{3}}{GAP}\d{{4}}",
    rf"\d{{4}}(?:{GAP}\d{{4}}){{2,3}}(?:{GAP}\d{{1,3}})?",
    r"\d{7,19}",
)
NUMBERED = re.compile(rf"(?<![\d.])(?:\+\d{{1,3}}{GAP})?(?:{'|'.join(GROUPED)})(?!\d)", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Mask:
    """`known` are the collectors' own numbers, which stay; `hidden` the names to be masked."""

    known: frozenset[str]
    hidden: tuple[str, ...]

    @cached_property
    def _names(self) -> re.Pattern[str] | None:
        longest_first = sorted(filter(None, (name.strip() for name in self.hidden)), key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE) if longest_first else None

    def text(self, written: str) -> str:
        """The text with what is to be masked replaced by a word that says so."""
        narrow = "".join(map(_narrow, written))  # full-width digits are digits; every letter keeps its place
        found = [(one.span(), ADDRESS) for one in E_MAIL.finditer(narrow)]
        found += [(one.span(), NUMBER) for one in NUMBERED.finditer(narrow) if digits(one[0]) not in self.known]
        found += [(one.span(), NAME) for one in self._names.finditer(narrow)] if self._names else []
        out, at = [], 0
        for (start, end), word in sorted(found):
            if start >= at:
                out += [written[at:start], word]
                at = end
        return "".join([*out, written[at:]])

    def document(self, content: dict[str, Any]) -> dict[str, Any]:
        """A frozen document with what people wrote masked, and without its salt; the same where nothing was."""
        masked = {name: self._value(name, value) for name, value in content.items()}
        if masked == content:
            return content
        return {name: value for name, value in masked.items() if name != "salt"}

    def _value(self, name: str, value: Any, *, inside: bool = False) -> Any:
        written = inside or name in WRITTEN
        if isinstance(value, dict):
            return {key: self._value(key, one, inside=name == "declared") for key, one in value.items()}
        if isinstance(value, list):
            return [self._value(name, one, inside=inside) for one in value]
        return self.text(value) if written and isinstance(value, str) else value


def of(statement: dict[str, Any], hidden: Iterable[str]) -> Mask:
    """The mask of a case: the numbers from which they called stay readable."""
    told = [*statement.get("numbers", []), *(one.get("number", "") for one in statement.get("contacts", []))]
    return Mask(frozenset(map(digits, told)), tuple(hidden))


def derivative(name: str, original: str, document: dict[str, Any]) -> bytes:
    """`data/masked/NAME.json`: the masked document and the digest of the one on the ledger."""
    told = {"format": "holdfast-masked/1", "name": name, "original": original, "document": document}
    return verifier.canonical(told)


def digits(text: str) -> str:
    return "".join(filter(str.isdigit, map(_narrow, text)))


def _narrow(letter: str) -> str:
    narrow = unicodedata.normalize("NFKC", letter)
    return narrow if len(narrow) == 1 else letter
