"""Masks numbers, addresses and names of third parties in what people wrote.

A masked document is a derivative. It names the digest of the original on the ledger, proves that the words left in
it were filed, and is marked as masked wherever it is shown or verified. It has no salt, because a few digits could
be guessed with a known salt. Numbers are found by patterns. Names are not, so the person who exports must list
them. Files are never masked: leave the exhibit out.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from complaints.reference import folding, numbers
from complaints.reference.folding import Folded
from evidence import holdfast_verify as verifier
from evidence.ledger import parts

from . import names_in_text, spotting

NUMBER, ADDRESS, NAME = verifier.MASKS
TOKENS = re.compile(
    r"[A-Za-z]+|.", re.DOTALL
)  # the units that the ledger's digests cover: a Latin word, or one other character
# Fields with text that people wrote. All other fields are choices, times, sums or digests.
WRITTEN = {
    *("story", "other_wish", "said", "claimed", "text", "reasons", "description", "name", "note", "kept"),
    *("source", "answer", "question", "declared", "what", "proof", "reason", "owner", "authority"),
    *("why_set_aside", "other_rule", "missing", "added_because"),
    *("product", "account", "borrowed", "their_number"),
}
NAMED = {*("lender", "platform", "agency", "numbers", "number", "organisation")}  # only names are masked in these

PASSES = 20  # over one text; far more than ordinary texts need


@dataclass(frozen=True)
class Mask:
    """What to mask. `known` are the collectors' own numbers, which stay; `hidden` are names and numbers to mask.

    Without `others` only those of `hidden` are masked, and numbers and addresses of other people stay.
    """

    known: frozenset[str]
    hidden: tuple[str, ...]
    others: bool = True

    @cached_property
    def _names(self) -> re.Pattern[str] | None:
        return names_in_text.pattern(self.hidden)

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(map(numbers.canonical, self.known))

    def text(self, written: str, shown: Callable[[str, str], str] = lambda _hidden, word: word) -> str:
        """The text with each masked passage replaced by its word, or by `shown(passage, word)`."""
        out, at = [], 0
        for start, end, word in self._gaps(written):
            out += [written[at:start], shown(written[start:end], word)]
            at = end
        return "".join([*out, written[at:]])

    def _gaps(self, written: str) -> list[tuple[int, int, str]]:
        """Where something is masked, from left to right: start, end, and the word that replaces it."""
        folded = Folded(written)
        found = [(*folded.within(span), word) for span, word in self._found(folded.view)]
        edges = [*(one.start() for one in TOKENS.finditer(written)), len(written)] if found else []
        gaps: list[tuple[int, int, str]] = []
        for first, last, word in sorted(found):
            start, end = edges[bisect_right(edges, first) - 1], edges[bisect_left(edges, last)]
            if gaps and start < gaps[-1][1]:  # overlapping gaps become one
                begun, ended, as_before = gaps.pop()
                gaps.append((begun, max(end, ended), as_before))
            else:
                gaps.append((start, end, word))
        return gaps

    def _found(self, view: str) -> Iterator[tuple[spotting.Span, str]]:
        """The places to mask in a text's view, and why. Finds are cut out, and the rest is searched again."""
        names, seeks_numbers = self._names, self.others or self._has_hidden_number(view)
        left = view
        for _time in range(PASSES):
            spans = [(span, ADDRESS) for span in spotting.addresses(left)] if self.others else []
            if seeks_numbers:
                spans += [(span, NUMBER) for span in spotting.numbers(left, self._stays)]
                spans += [(span, NUMBER) for span in spotting.spelled_numbers(left, self._stays)]
            spans += [(one.span(), NAME) for one in names.finditer(left)] if names else []
            for (start, end), _word in spans:
                left = left[:start] + spotting.TAKEN * (end - start) + left[end:]
            yield from spans
            if not spans:
                return

    @cached_property
    def _hidden_numbers(self) -> frozenset[str]:
        return frozenset(numbers.canonical(one) for one in self.hidden if numbers.is_number(one, 7))

    def _has_hidden_number(self, view: str) -> bool:
        """Whether the digits of a hidden number are in the text. If not, its numbers need not be looked at."""
        digits = re.sub(r"\D", "", folding.in_figures(view))
        return any(folding.digits(one) in digits for one in self.hidden if numbers.is_number(one, 7))

    def _stays(self, number: str) -> bool:
        found = numbers.canonical(number)
        if found in self._hidden_numbers:
            return False
        return not self.others or found in self._known or numbers.is_of_a_service(number)

    @cached_property
    def names_alone(self) -> "Mask":
        """A mask of the names, which leaves all numbers and addresses."""
        return replace(self, others=False)

    def document(self, content: dict[str, Any]) -> dict[str, Any]:
        """The masked document without its salt, or the document itself if nothing in it is masked."""
        masked = _rewritten(content, self.text, self.names_alone.text)
        if masked == content:
            return content
        return {name: value for name, value in masked.items() if name != "salt"}

    def pieces(self, content: dict[str, Any], digest: str) -> list[Any]:
        """The masked document in pieces: strings, and gaps that say how many tokens they hide.

        The document cannot contain its own digest, so the digest marks the gaps until the text is split.
        """
        gaps: list[dict[str, Any]] = []

        def shown(hidden: str, word: str) -> str:
            tokens = verifier.tokens_of(verifier.canonical(hidden).decode()[1:-1])
            gaps.append({"hidden": len(tokens), "as": word})
            return f"{digest}{len(gaps) - 1}."

        masked = _rewritten(
            content,
            lambda written: self.text(written, shown),
            lambda written: self.names_alone.text(written, shown),
        )
        text, _seed = verifier.text_and_seed(masked)
        found = re.split(rf"{digest}(\d+)\.", text)
        return [gaps[int(one)] if at % 2 else one for at, one in enumerate(found) if one]


def _rewritten(content: dict[str, Any], text: Callable[[str], str], named: Callable[[str], str]) -> dict[str, Any]:
    """The document with `text` applied to everything that people wrote, and `named` to the fields of NAMED."""

    def value(name: str, part: Any, *, inside: bool = False) -> Any:
        if isinstance(part, dict):
            return {key: value(key, one, inside=name == "declared") for key, one in part.items()}
        if isinstance(part, list):
            return [value(name, one, inside=inside) for one in part]
        if not isinstance(part, str):
            return part
        return text(part) if inside or name in WRITTEN else named(part) if name in NAMED else part

    return {name: value(name, one) for name, one in content.items()}


def of(
    statement: dict[str, Any], hidden: Iterable[str], *, others: bool = True, known: Iterable[str] = ()
) -> Mask:
    """The mask of a case. Numbers from which the collectors called, and those of `known`, stay readable."""
    runs = [run for one in known for run in (one, *re.split(r"\D+", one))]
    return Mask(collectors(statement) | {*runs}, tuple(hidden), others)


def collectors(statement: dict[str, Any]) -> frozenset[str]:
    """The numbers from which the collectors called, as the borrower wrote them."""
    return frozenset(
        [*statement.get("numbers", []), *(one.get("number", "") for one in statement.get("contacts", []))]
    )


def derivative(name: str, original: str, content: dict[str, Any], mask: Mask) -> bytes:
    """The bytes of `data/masked/NAME.json`.

    It has the masked document, the digest of the original, and the proof of its words by the root on the ledger.
    """
    pieces = mask.pieces(content, original)
    head = {"format": "holdfast-masked/2", "name": name, "original": original, "document": mask.document(content)}
    return verifier.canonical({**head, "pieces": pieces, "proof": parts.proof(content, pieces)})
