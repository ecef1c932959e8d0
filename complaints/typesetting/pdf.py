"""PDFs and PNGs from Typst templates and JSON: PDF/A-2a and PDF/UA-1, any Unicode text, same input, same bytes."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from . import glyphs

STANDARDS = ["a-2a", "ua-1"]
DOTS_PER_INCH = 216  # of a picture: sharp on a phone, and a camera reads a QR code from it
COLUMN = 30  # em of text: the width of what has no narrower column
WHOLE = float("inf")  # a digest has its line to itself, and is copied without places to break


def pdf(
    template: Path,
    facts: Mapping[str, Any],
    made_at: datetime,
    *,
    columns: Mapping[str, float],
    pictures: Mapping[str, Any] | None = None,
) -> bytes:
    """The PDF's bytes.

    The template reads the facts as data from `sys.inputs.data`, so that no text is taken for markup, and
    `pictures`, which have SVGs, from `sys.inputs.pictures`. `made_at` is the document's date. `columns` (name of a
    fact -> em of text) has those that are not as wide as COLUMN, each also for all within the fact.
    """
    inputs = {
        "data": json.dumps(_legible(facts, columns, COLUMN), ensure_ascii=False),
        "pictures": json.dumps(pictures or {}),
    }
    made_on = made_at.astimezone(UTC).replace(microsecond=0)
    return compiled(template, inputs, format="pdf", pdf_standards=STANDARDS, timestamp=made_on)


def png(template: Path, facts: Mapping[str, Any], *, columns: Mapping[str, float], **inputs: str) -> bytes:
    """The only page of a template as a PNG. `inputs` are further ones of `sys.inputs`."""
    data = json.dumps(_legible(facts, columns, COLUMN), ensure_ascii=False)
    return compiled(template, {"data": data, **inputs}, format="png", ppi=DOTS_PER_INCH)


def compiled(template: Path, inputs: dict[str, str], **how: Any) -> bytes:
    """What typst makes of the template with these `sys.inputs`: one file."""
    compiler = typst.Compiler(template, root=template.parent, font_paths=_fonts(), ignore_system_fonts=True)
    made = compiler.compile(sys_inputs=inputs, **how)
    if not isinstance(made, bytes):
        raise TypeError("typst made more than one file")
    return made


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(glyphs.folder())])


def _legible(value: Any, columns: Mapping[str, float], column: float) -> Any:
    """The same value with each of its texts made legible in its column."""
    if isinstance(value, str):
        return glyphs.legible(value, column)
    if isinstance(value, Mapping):
        return {name: _legible(part, columns, columns.get(name, column)) for name, part in value.items()}
    if isinstance(value, list):
        return [_legible(part, columns, column) for part in value]
    return value
