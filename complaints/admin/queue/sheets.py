"""Lists as CSV, for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

from evidence.holdfast_verify import harmless


def of(header: Iterable[Any], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The header, then one line for each row. No cell is a formula."""
    yield "\ufeff" + _line(header)  # the byte order mark, without which spreadsheets misread Chinese
    yield from map(_line, rows)


def _line(cells: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([harmless(str(cell)) for cell in cells])
    return out.getvalue()


def download(lines: Iterator[str], name: str) -> StreamingHttpResponse:
    """The lines as a file of this name and today's date."""
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
