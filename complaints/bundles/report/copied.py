"""What texts and lists of calls say, as far as the report prints it."""

from collections.abc import Collection
from typing import Any

from complaints.bundles.attached import Attached
from complaints.reference import numbers
from evidence.models import Derivative
from evidence.viewing import reading

from .words import Both, both

Kind = Derivative.Kind
MOST_LINES, MOST_ROWS, MOST_COLUMNS = 60, 40, 6
FIRST = both("前 %(shown)s 行，共 %(all)s 行", "rows 1 to %(shown)s of %(all)s")
WITH_A_NUMBER = both(
    "含投诉人所列号码的 %(found)s 行，印出 %(shown)s 行；共 %(all)s 行",
    "%(shown)s of the %(found)s rows with a number that the borrower named, of %(all)s rows",
)


def comparable(named: Collection[str]) -> frozenset[str]:
    """The numbers of the statement as `facts` compares them with those in a list."""
    return frozenset(map(numbers.national, named)) - {""}


def facts(one: Attached, named: frozenset[str]) -> dict[str, Any]:
    """The template's values: `lists`, with numbered rows, and `texts`. `named` is from `comparable`."""
    return {
        "lists": [_list(rows, named) for rows in (_rows(one, made) for made in one.made([Kind.TABLE])) if rows],
        "texts": [_text(text) for text in (_read(one, made) for made in one.made([Kind.TEXT])) if text],
    }


def _read(one: Attached, made: Derivative) -> str:
    text = reading.text(made).strip("\n")
    return one.mask.text(text) if one.mask else text


def _rows(one: Attached, made: Derivative) -> list[list[str]]:
    return [line.split("\t") for line in _read(one, made).split("\n") if line]


def _list(rows: list[list[str]], named: frozenset[str]) -> dict[str, Any]:
    """The first row, and below it the rows with a number of the statement, or the first ones if there are none."""
    below = list(enumerate(rows[1:], 2))
    found = [row for row in below if any(_national(cell) in named for cell in row[1])]
    shown = (found or below)[:MOST_ROWS]
    columns = min(max(map(len, rows)), MOST_COLUMNS)
    counts = {"shown": len(shown), "found": len(found), "all": len(below)}
    said = WITH_A_NUMBER if found else FIRST
    return {
        "columns": columns,
        "rows": [_row(number, row, columns) for number, row in [(1, rows[0]), *shown]],
        "said": both(said["zh"] % counts, said["en"] % counts),
    }


def _national(cell: str) -> str:
    """The number in a cell; "" if it is none. A list has times and amounts, too."""
    return numbers.national(cell) if numbers.is_number(cell, 5) else ""


def _row(number: int, cells: list[str], columns: int) -> dict[str, Any]:
    return {"row": str(number), "cells": (cells + [""] * columns)[:columns]}


def _text(text: str) -> dict[str, Any]:
    lines = text.split("\n")
    counts = {"shown": min(len(lines), MOST_LINES), "all": len(lines)}
    said: Both | None = both(FIRST["zh"] % counts, FIRST["en"] % counts) if len(lines) > MOST_LINES else None
    return {"text": "\n".join(lines[:MOST_LINES]), "said": said}
