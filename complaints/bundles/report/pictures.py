"""The pictures of the exhibits for the report, each so large that it can be read on paper.

Every part of a long picture, every page of a document that has a copy, a still frame of a video, a waveform.
"""

import base64
import hashlib
import io
from contextlib import suppress
from typing import TypedDict

from PIL import Image, ImageOps

from complaints.bundles.attached import Attached
from evidence.models import Derivative
from evidence.storage import vault

from .words import WAVEFORM, line

Kind = Derivative.Kind
PREFERRED = ((Kind.PICTURE, Kind.PAGE), (Kind.POSTER,), (Kind.WAVEFORM,))
# Millimetres. A phone's screen is a little smaller; two stand side by side.
COLUMN, HIGHEST, PHONE, WAVEFORM_HIGH = 166.0, 222.0, 80.0, 14.0
FINE, COARSE, FEWEST = 8, 5, 4  # pixels a millimetre; COARSE in a report of more than MANY pictures
MANY = 100
THUMBNAIL = (128, 128)  # pixels


class Drawn(TypedDict):
    """A picture and its size on paper in millimetres."""

    svg: str
    width: float
    height: float


class Printed(Drawn):
    """A picture as the template takes it."""

    alt: str
    caption: str  # empty if the exhibit has only one


def of(attached: list[Attached]) -> dict[str, list[Printed]]:
    """Label of an exhibit -> its pictures in their order. Damaged copies are skipped; no proof needs them."""
    chosen = {one.exhibit.label: (one, _chosen(one)) for one in attached}
    fine = COARSE if sum(len(made) for _, made in chosen.values()) > MANY else FINE
    return {label: _all(one, made, fine) for label, (one, made) in chosen.items() if made}


def _chosen(one: Attached) -> list[Derivative]:
    """The copies of the first kind of PREFERRED that the exhibit has."""
    found = (sorted(one.made(kinds), key=lambda copy: copy.number) for kinds in PREFERRED)
    return next((made for made in found if made), [])


def _all(one: Attached, made: list[Derivative], fine: int) -> list[Printed]:
    found = []
    for number, copy in enumerate(made, 1):
        place = f"{one.exhibit.label} · {number}/{len(made)}" if len(made) > 1 else ""
        if printed := _printed(copy, fine):
            found.append(Printed(**printed, caption=place, alt=_alt(one, copy, place)))
    return found


def thumbnail(one: Attached) -> tuple[str, bytes] | None:
    """Media type and bytes of a small picture of the exhibit, of the first picture that the report has of it."""
    for made in _chosen(one)[:1]:
        content = _content(made)
        if made.kind == Kind.WAVEFORM:
            return (made.media_type, content) if content else None
        with suppress(OSError, ValueError), Image.open(io.BytesIO(content)) as picture:
            small = ImageOps.fit(picture.convert("RGB"), THUMBNAIL, centering=(0.5, 0))
            out = io.BytesIO()
            small.save(out, "WEBP", quality=60)
            return "image/webp", out.getvalue()
    return None


def _alt(one: Attached, copy: Derivative, place: str) -> str:
    what = line(WAVEFORM, " ") if copy.kind == Kind.WAVEFORM else one.name
    return f"{place or one.exhibit.label} {what}"


def _content(made: Derivative) -> bytes:
    """The bytes of a copy; b"" if they are missing or damaged."""
    try:
        content = b"".join(vault.read(made.pk))
    except (vault.Missing, vault.Altered):
        return b""
    return content if hashlib.sha256(content).hexdigest() == made.sha256 else b""


def _printed(made: Derivative, fine: int) -> Drawn | None:
    content = _content(made)
    if not content:
        return None
    if made.kind == Kind.WAVEFORM:
        return Drawn(svg=content.decode(), width=COLUMN, height=WAVEFORM_HIGH)
    try:
        return _reduced(content, fine)
    except (OSError, ValueError):
        return None


def _reduced(content: bytes, fine: int) -> Drawn:
    """The picture at `fine` pixels a millimetre in an SVG, the only form in which Typst takes pictures as text."""
    with Image.open(io.BytesIO(content)) as picture:
        opaque = picture.convert("RGB")
    width, height = on_paper(*opaque.size)
    opaque.thumbnail((max(1, round(width * fine)), max(1, round(height * fine))))
    out = io.BytesIO()
    opaque.save(out, "JPEG", quality=72)
    wide, high = opaque.size
    data = base64.b64encode(out.getvalue()).decode()
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}">'
        f'<image width="{wide}" height="{high}" href="data:image/jpeg;base64,{data}"/></svg>'
    )
    return Drawn(svg=svg, width=width, height=height)


def on_paper(wide: int, high: int) -> tuple[float, float]:
    """Width and height in millimetres of a picture of so many pixels.

    It is as wide as the column, or as a phone if it is as narrow as a phone's screen, but never so large that it
    has fewer than FEWEST pixels a millimetre.
    """
    column = PHONE if high > 1.5 * wide else COLUMN
    width = min(column, HIGHEST * wide / high, wide / FEWEST)
    return width, width * high / wide
