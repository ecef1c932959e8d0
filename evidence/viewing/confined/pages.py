"""Makes pictures of a PDF's first pages."""

import io

import pypdfium2
from pypdfium2 import PdfDocument, PdfiumError

from . import claims, picture
from .wire import NoPreview, Original, Wire

MOST_PAGES = 20
SIDE = 1400  # pixels


def warm_up() -> None:
    picture.warm_up()
    out = io.BytesIO()
    document = PdfDocument.new()
    document.new_page(72, 72)
    document.save(out)
    again = PdfDocument(out)  # reading through Python needs memory that is executed: it is taken once
    again[0].render().to_pil()


def look(file: Original, wire: Wire, _media_type: str) -> None:
    try:
        document = PdfDocument(file)
    except PdfiumError as error:
        locked = getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD
        raise NoPreview("encrypted" if locked else "damaged") from None
    wire.send_json(b"J", facts={"pages": len(document)}, claims=claims.of_pdf(document.get_metadata_dict()))
    if not len(document):
        raise NoPreview("empty")
    for number in range(min(len(document), MOST_PAGES)):
        wire.send_copy("page", page_of(document, number), number + 1)


def page_of(document: PdfDocument, number: int) -> bytes:
    page = document[number]
    width, height = page.get_size()
    if not (0 < width < 1e5 and 0 < height < 1e5):
        raise NoPreview("too_big")
    scale = min(SIDE / max(width, height), 4.0)
    if min(width, height) * scale < 1:
        raise NoPreview("too_big")
    image = page.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB")
    page.close()
    return picture.as_webp(image)
