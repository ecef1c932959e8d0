"""Makes pictures of a PDF's first pages."""

import io
import math

import pypdfium2
from PIL import Image
from pypdfium2 import PdfDocument, PdfiumError, PdfPage

from . import claims, letters, picture
from .fonts import Fonts
from .wire import NoPreview, Original, Wire

MOST_PIECES = 20  # pictures of a document: pages, or pieces of long ones
LONG, SHORT = 1400, 720  # pixels of a picture's sides
LARGEST = 4.0  # pixels per point
ENOUGH, OF_EACH = 10, 4  # seconds of the CPU for any document, and for each picture of it
XFA = {pypdfium2.raw.FORMTYPE_XFA_FULL, pypdfium2.raw.FORMTYPE_XFA_FOREGROUND}
_fonts: list[Fonts] = []


def warm_up() -> None:
    picture.warm_up()
    _fonts.append(Fonts())
    out = io.BytesIO()
    document = PdfDocument.new()
    document.new_page(72, 72)
    document.save(out)
    again = PdfDocument(out)  # reading through Python needs memory that is executed: it is taken once
    again[0].render().to_pil()


def look(file: Original, wire: Wire, _media_type: str) -> None:
    try:
        document = PdfDocument(file)
        document.init_forms()  # without it, form fields and signatures are not drawn; no script is run
    except PdfiumError as error:
        locked = getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise NoPreview("encrypted" if locked else "damaged") from None
    claimed, pages = len(document), _pages_that_exist(document)
    wire.send_json(b"J", facts={"pages": pages}, claims=claims.of_pdf(document.get_metadata_dict()))
    if claimed != pages:
        wire.send_json(b"J", facts={}, claims={"pages": str(claimed)})
    if not pages:
        raise NoPreview("damaged" if claimed else "empty")
    wire.expect(0, ENOUGH + OF_EACH * _pictures(document, pages))
    if _show(document, pages, wire):
        raise NoPreview("letters")
    if document.get_formtype() in XFA:
        raise NoPreview("form")


def _pictures(document: PdfDocument, pages: int) -> int:
    """How many pictures there will be."""
    return min(
        MOST_PIECES,
        sum(len(plan(*document.get_page_size(number))[1]) for number in range(min(pages, MOST_PIECES))),
    )


def _pages_that_exist(document: PdfDocument) -> int:
    """How many of the pages that the file claims to have can be opened, the first ones without a gap."""
    least, most = 0, len(document)
    if most and _exists(document, most - 1):
        return most
    while least < most:  # the first page that cannot be opened
        middle = (least + most) // 2
        least, most = (middle + 1, most) if _exists(document, middle) else (least, middle)
    return least


def _exists(document: PdfDocument, number: int) -> bool:
    try:
        document[number].close()
    except PdfiumError:
        return False
    return True


def _show(document: PdfDocument, pages: int, wire: Wire) -> bool:
    """Send pictures of the first pages, and how many pages they show. Returns whether letters are missing."""
    sent, missing = 0, False
    for number in range(pages):
        page = document[number]
        scale, crops = plan(*page.get_size())
        if sent + len(crops) > MOST_PIECES:
            break
        for crop in crops:
            sent += 1
            piece = _drawn(page, scale, crop)
            wire.send_copy("page", picture.as_webp(piece), sent)
            if sent == 1:
                wire.send_copy("small", picture.small(piece))
        whole = piece if len(crops) == 1 else _drawn(page, LONG / max(page.get_size()), (0, 0, 0, 0))
        missing = missing or letters.are_missing(page, whole)
        if sent > number + 1:
            wire.send_json(b"J", facts={"pages_shown": number + 1, "pieces": sent}, claims={})
        page.close()
    return missing


def plan(width: float, height: float) -> tuple[float, list[tuple[float, float, float, float]]]:
    """The scale of a page of so many points, and what to leave out of each piece: left, bottom, right, top.

    A long page is cut into pieces of the full shorter side. Raises NoPreview.
    """
    short, long = sorted((width, height))
    if short <= 0 or long >= 1e5:
        raise NoPreview("too_big")
    scale = min(LARGEST, max(LONG / long, SHORT / short), MOST_PIECES * LONG / long)
    if short * scale < 1:
        raise NoPreview("too_big")
    count = max(1, math.ceil(long * scale / LONG - 0.01))
    over = picture.OVERLAP / scale  # points
    edges = [(place * long / count, long - (place + 1) * long / count - over) for place in range(count)]
    if height >= width:
        return scale, [(0, max(0, after), 0, before) for before, after in edges]
    return scale, [(before, 0, max(0, after), 0) for before, after in edges]


def _drawn(page: PdfPage, scale: float, crop: tuple[float, float, float, float]) -> Image.Image:
    image: Image.Image = page.render(scale=scale, crop=crop).to_pil().convert("RGB")
    return image
