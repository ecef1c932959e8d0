"""Small pictures of the exhibits for the report: a preview, a page, a still frame, or a waveform."""

import base64
import hashlib
import io
from typing import Any

from PIL import Image

from complaints.bundles.attached import Attached
from evidence.models import Derivative
from evidence.storage import vault

Kind = Derivative.Kind
SHOWN = (Kind.PICTURE, Kind.POSTER, Kind.PAGE, Kind.WAVEFORM)  # in order of preference
WIDE, SMALL = 720, 300  # width in pixels; SMALL for a case with very many exhibits
MANY = 100


def of(attached: list[Attached]) -> dict[str, str]:
    """Label of an exhibit -> an SVG. Damaged copies are skipped; no proof needs them."""
    width = SMALL if len(attached) > MANY else WIDE
    found = ((one.exhibit.label, _shown(one, width)) for one in attached)
    return {label: svg for label, svg in found if svg}


def _shown(one: Attached, width: int) -> str:
    made = sorted(one.made(SHOWN), key=lambda copy: (SHOWN.index(copy.kind), copy.number))
    return _svg(made[0], width) if made else ""


def _svg(made: Derivative, width: int) -> str:
    try:
        content = b"".join(vault.read(made.pk))
    except (vault.Missing, vault.Altered):
        return ""
    if hashlib.sha256(content).hexdigest() != made.sha256:
        return ""
    if made.kind == Kind.WAVEFORM:
        return content.decode()
    try:
        return _wrapped(content, width)
    except (OSError, ValueError):
        return ""


def _wrapped(content: bytes, width: int) -> str:
    """A reduced picture inside an SVG, the only form in which Typst accepts pictures as text."""
    with Image.open(io.BytesIO(content)) as picture:
        small: Any = picture.convert("RGB")
    small.thumbnail((width, width))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=72)
    wide, high = small.size
    data = base64.b64encode(out.getvalue()).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}">'
        f'<image width="{wide}" height="{high}" href="data:image/jpeg;base64,{data}"/></svg>'
    )
