"""Makes a small copy of a picture, turned upright and without metadata."""

import io
import re
from typing import Any, cast

import pillow_heif
from PIL import AvifImagePlugin, Image, ImageFile, ImageMath, ImageOps

from . import claims
from .wire import NoPreview, Original, Wire

LONG, SHORT = 1600, 720  # pixels of the copy's sides
MOST_PIECES = 20
SMALL = 160  # pixels of the width of the small picture, which lists show; at most a third higher than wide
OVERLAP = 60  # pixels that two pieces have in common, so that a line of text at the cut is whole in one of them
MOST_PIXELS = 120_000_000  # telephones make up to 108 million, or 200 million, which are read at half size
ENOUGH, SLOWEST = 8, 600_000  # seconds of the CPU for any picture, and pixels that it decodes in a second
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP", "image/avif": "AVIF"}
# No decoder serves here: pillow-jxl-plugin 1.3.4 has libjxl 0.11.1 of 2024, decodes a picture before its size can
# be looked at, and is under the GPL; imagecodecs needs numpy; the FFmpeg of PyAV is built without one.
UNREAD = {"image/jxl": "jpeg_xl"}
FORMATS |= {"image/gif": "GIF", "image/bmp": "BMP", "image/tiff": "TIFF", "image/jp2": "JPEG2000"}


def warm_up() -> None:
    Image.init()
    pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.MAX_IMAGE_PIXELS = None  # `look` checks the size, and memory is limited
    small(Image.new("RGB", (8, 8)))


def look(file: Original, wire: Wire, media_type: str) -> None:
    """Send the picture. Of a file that breaks off, send the part that is there."""
    if media_type in UNREAD:
        raise NoPreview(UNREAD[media_type])
    try:
        _send(file, wire, media_type)
    except OSError as error:
        if "truncated" not in str(error):
            raise
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        _send(file, wire, media_type)
        raise NoPreview("cut") from None


def _send(file: Original, wire: Wire, media_type: str) -> None:
    with Image.open(cast(Any, file), formats=[FORMATS.get(media_type, "HEIF")]) as picture:
        pages = MOST_PIECES if picture.format == "TIFF" else 1
        wire.expect(0, ENOUGH + pages * picture.width * picture.height / SLOWEST)
        first = _first(picture, wire)
        count = int(getattr(picture, "n_frames", 1)) if picture.format != "MPO" else 1
        if picture.format == "TIFF" and count > 1:
            _send_pages(picture, first, count, wire)
            return
        moving = {"frames": count} if count > 1 else {}
        pieces = cut(first.size)
        facts = moving | ({"pieces": len(pieces)} if len(pieces) > 1 else {}) | _clip(picture)
        wire.send_json(b"J", facts=facts, claims={})
        for number, box in enumerate(pieces[:MOST_PIECES], 1):
            wire.send_copy("picture", as_webp(first.crop(box)), number)
        wire.send_copy("small", small(first))


def _first(picture: Any, wire: Wire) -> Image.Image:
    """The picture for its copy. Its size is sent: measured once it is decoded, else as the file's claim."""
    width, height = picture.size
    wanted = fitted(width, height)
    try:
        picture.draft("RGB", wanted)  # JPEG is decoded at the smallest size that is enough
        if picture.width * picture.height > MOST_PIXELS:
            raise NoPreview("too_big")
        claimed = claims.of_picture(picture.getexif(), picture.info)  # decodes the whole picture if it is PNG
        wire.send_json(b"J", facts={}, claims=claimed)
        shown = upright(picture, wanted)
    except (Exception, MemoryError):
        wire.send_json(b"J", facts={}, claims={"dimensions": f"{width} × {height}"})
        raise
    is_turned = (shown.width > shown.height) != (width > height) and width != height
    size = (height, width) if is_turned else (width, height)
    wire.send_json(b"J", facts={"width": size[0], "height": size[1]}, claims={})
    return shown


def _send_pages(picture: Any, page: Image.Image, count: int, wire: Wire) -> None:
    """Send the pages of a TIFF, as faxes are, each cut if it is long."""
    sent = 0
    first = page
    for number in range(count):
        if number:
            picture.seek(number)
            if picture.width * picture.height > MOST_PIXELS:
                raise NoPreview("too_big")
            page = upright(picture, fitted(*picture.size))
        pieces = cut(page.size)
        if sent + len(pieces) > MOST_PIECES:
            break
        for box in pieces:
            sent += 1
            wire.send_copy("picture", as_webp(page.crop(box)), sent)
        facts = {"pages": count, "pages_shown": number + 1} | ({"pieces": sent} if sent > number + 1 else {})
        wire.send_json(b"J", facts=facts, claims={})
    wire.send_copy("small", small(first))


def _clip(picture: Any) -> dict[str, int]:
    """Whether a telephone put a short video behind the picture (Android's motion photo)."""
    said = picture.info.get("xmp", b"")
    said = said if isinstance(said, bytes) else b""
    return {"has_clip": 1} if re.search(rb'MotionPhoto="1"|MicroVideo="1"', said) else {}


def fitted(width: int, height: int) -> tuple[int, int]:
    """The size of the copy: at most LONG pixels a side, or longer if the shorter side would be less than SHORT."""
    scale = min(1.0, max(LONG / max(width, height, 1), SHORT / max(1, min(width, height))))
    return max(1, round(width * scale)), max(1, round(height * scale))


def cut(size: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """The boxes of the picture's pieces: each has the full shorter side, and of the longer at most LONG pixels and
    OVERLAP of the next piece."""
    width, height = size
    count = -(-max(size) // LONG)
    step = -(-max(size) // count)
    if height >= width:
        return [(0, top, width, min(top + step + OVERLAP, height)) for top in range(0, height, step)]
    return [(left, 0, min(left + step + OVERLAP, width), height) for left in range(0, width, step)]


def upright(picture: Any, size: tuple[int, int]) -> Image.Image:
    """The picture, no larger than `size`, turned by its Exif orientation, on white if transparent."""
    orientation = picture.getexif().get(0x0112, 1)
    picture.load()
    if picture.mode.startswith(("I", "F")):
        picture = _in_eight_bits(picture)
    elif "transparency" in picture.info or picture.mode in ("LA", "PA", "RGBa", "La"):
        picture = picture.convert("RGBA")
    small: Image.Image = picture if picture.mode in ("RGB", "RGBA", "L") else picture.convert("RGB")
    small.thumbnail(size, Image.Resampling.LANCZOS, reducing_gap=2)
    if small.mode == "RGBA":
        small = Image.alpha_composite(Image.new("RGBA", small.size, "white"), small)
    clean = Image.new("RGB", small.size)
    clean.paste(small.convert("RGB"))
    clean.getexif()[0x0112] = orientation
    return ImageOps.exif_transpose(clean)


def small(picture: Image.Image) -> bytes:
    """The small picture: the beginning of one that is much longer than wide, or much wider than high."""
    box = (0, 0, min(picture.width, picture.height * 2), min(picture.height, picture.width * 4 // 3 or 1))
    beginning = picture.crop(box)
    beginning.thumbnail((SMALL, SMALL * 4 // 3))
    return as_webp(beginning)


def _in_eight_bits(picture: Any) -> Image.Image:
    """A grey picture of 16 bits. One grey may be transparent (PNG, 11.3.2.1): it becomes white."""
    grey: Image.Image = picture.point(lambda value: value / 256).convert("L")
    transparent = picture.info.get("transparency")
    if isinstance(transparent, int):
        clear = ImageMath.lambda_eval(lambda of: of["grey"] == transparent, grey=picture.convert("I"))
        grey.paste(255, mask=clear.point(lambda value: value * 255).convert("L"))
    return grey


def as_webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=80, exif=b"", icc_profile=None, xmp=b"")
    return out.getvalue()
