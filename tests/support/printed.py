"""Where each character of a PDF is printed."""

import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2


@dataclass(frozen=True)
class Printed:
    """A character and its box, in points from the page's lower left corner."""

    page: int
    letter: str
    left: float
    bottom: float
    right: float
    top: float


def letters(pdf: bytes) -> list[Printed]:
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as document:
        return [one for number in range(len(document)) for one in _on(document, number)]


def _on(document: pypdfium2.PdfDocument, number: int) -> Iterator[Printed]:
    page = document[number].get_textpage()
    for place in range(page.count_chars()):
        letter = page.get_text_range(place, 1)
        if letter.strip("\u200b \r\n\t\u00a0"):
            yield Printed(number, letter, *page.get_charbox(place))


def places(found: list[Printed], word: str) -> Iterator[int]:
    """Where in the list a word begins."""
    text = "".join(one.letter[:1] for one in found)
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def outside(found: list[Printed], margin: float = 62.3, width: float = 595.3) -> list[Printed]:
    """What is printed outside the margins at the sides."""
    return [one for one in found if one.left < margin - 1 or one.right > width - margin + 1]


def overprinted(found: list[Printed]) -> list[tuple[Printed, Printed]]:
    """Characters of one line of which one is printed over half of the other; marks over their letters are none."""
    lines: dict[tuple[int, int], list[Printed]] = {}
    for one in found:
        if not unicodedata.category(one.letter[:1]).startswith("M"):
            lines.setdefault((one.page, round(one.bottom + one.top)), []).append(one)
    in_order = (sorted(line, key=lambda one: one.left) for line in lines.values())
    return [(one, after) for line in in_order for one, after in pairwise(line) if _cover(one, after)]


def _cover(one: Printed, after: Printed) -> bool:
    narrower = min(one.right - one.left, after.right - after.left)
    is_ligature = one.left == after.left and one.right == after.right
    return narrower > 0 and not is_ligature and one.right - after.left > narrower / 2


def in_the_text(one: Printed) -> bool:
    """Whether it is neither in the head nor in the foot of an A4 page."""
    return one.bottom > 55 and one.top < 842 - 55
