"""A bundle read in the browser. All of it comes from the bundle as it was made, so it has no more than the ZIP.

Bundles for a recipient's key have no pages: only that key opens them.
"""

import json
from dataclasses import dataclass
from typing import Any

from complaints.exhibits import serving
from complaints.models import Export, Grant

from . import bag, exports, plan
from .attached import COPIES

REPORT = "report.pdf"
TYPES = {
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
}
TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Reading:
    """The page of a bundle in one language, and the bundle."""

    export: Export
    archive: bag.Archive
    page: dict[str, Any]  # report.page.Page

    def exhibit(self, number: int) -> dict[str, Any] | None:
        """The exhibit of this number, if the bundle has it."""
        return next((one for one in self.page["exhibits"] if one["number"] == number and one["file"]), None)

    def owner(self, name: str) -> dict[str, Any] | None:
        """The exhibit to which the file of the bundle belongs."""
        return next((one for one in self.page["exhibits"] if name in (one["file"], *one["copies"])), None)


def is_possible(grant: Grant) -> bool:
    """Whether the bundle can be read in the browser: it has pages, and is not for a recipient's key alone."""
    export = grant.export
    return export.is_ready and not grant.age_key and bool(plan.beside(export.pk, "zh.json"))


def of(export: Export, language: str) -> Reading | None:
    """The bundle to read in this language ("zh" or "en"); None if it has no pages. Raises Refused if it may not be
    read now."""
    archive = exports.archive(export)
    page = plan.beside(export.pk, f"{language}.json")
    return Reading(export, archive, json.loads(page)) if page else None


def copies(exhibit: dict[str, Any]) -> dict[str, list[str]]:
    """Kind of copy -> names in the bundle, in their order."""
    found: dict[str, list[str]] = {kind: [] for kind in COPIES}
    for name in exhibit["copies"]:
        found[name.rsplit("-", 2)[1]].append(name)
    return found


def thumbnail(reading: Reading, number: int) -> serving.Served | None:
    """The small picture of an exhibit."""
    exhibit = reading.exhibit(number)
    name = exhibit["thumbnail"] if exhibit else ""
    content = plan.beside(reading.export.pk, name) if name else None
    return _served(reading, bag.small(name, content), attached=False) if content else None


def file(reading: Reading, name: str) -> serving.Served | None:
    """The report, a copy or an original by its name in the bundle ("data/copies/…"); None for anything else."""
    exhibit = reading.owner(name)
    if exhibit is None and name != f"data/{REPORT}":
        return None
    member = next((one for one in reading.archive.members if one.name == name), None)
    is_copy = exhibit is not None and name != exhibit["file"]
    return _served(reading, member, attached=not is_copy) if member else None


def _served(reading: Reading, member: bag.Member, *, attached: bool) -> serving.Served:
    """Originals are never shown in a page: a browser saves them, under their name in the bundle."""
    name = member.name.rpartition("/")[2]
    media_type = "application/octet-stream" if attached else TEXT
    media_type = TYPES.get(name.rpartition(".")[2], media_type) if not attached or name == REPORT else media_type
    return serving.Served(
        reading.export.pk,
        member.size,
        member.sha256,
        media_type,
        f"{reading.export.case.reference}-{name}",
        attached=attached,
        read=lambda start, end: iter(member.blocks(start, end)),
    )
