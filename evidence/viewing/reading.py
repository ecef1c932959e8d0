"""Reads copies of texts and tables for a page. Their maker, the child, is not trusted: they are bounded again."""

import logging

from evidence.models import Derivative
from evidence.storage import vault

from .confined.written import visible

log = logging.getLogger(__name__)

MOST_BYTES = 256 << 10
MOST_ROWS, MOST_COLUMNS = 250, 30


def text(made: Derivative) -> str:
    """The copy's text, with hidden characters spelled; "" if its bytes are missing or altered."""
    try:
        content = b"".join(vault.read(made.pk, 0, min(made.size, MOST_BYTES)))
    except (vault.Missing, vault.Altered):
        log.warning("the %s copy of item %s cannot be read", made.kind, made.item_id)
        return ""
    return visible(content.decode("utf-8", "replace"))


def rows(made: Derivative) -> list[list[str]]:
    """The cells of a table's copy, by row."""
    lines = text(made).split("\n")[:MOST_ROWS]
    return [line.split("\t")[:MOST_COLUMNS] for line in lines] if any(lines) else []
