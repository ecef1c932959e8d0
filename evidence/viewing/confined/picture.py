"""Makes a small copy of a picture, turned upright and without metadata."""

import io
from typing import Any, cast

import pillow_heif
from PIL import AvifImagePlugin, Image, ImageMath, ImageOps

from . import claims
from .wire import NoPreview, Original, Wire

LONG, SHORT = 1600, 720  # pixels of the copy's sides
MOST_PIECES = 20
MOST_PIXELS = 120_000_000  # telephones make up to 108 million, or 200 million, which are read at half size
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP", "image/avif": "AVIF"}


def warm_up() -> None:
    Image.init()
    pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.MAX_IMAGE_PIXELS = None  # `look` checks the size, and memory is limited
    as_webp(Image.new("RGB", (8, 8)))


def look(file: Original, wire: Wire, media_type: str) -> None:
    with Image.open(cast(Any, file), formats=[FORMATS.get(media_type, "HEIF")]) as picture:
        width, height = picture.size
        wanted = fitted(width, height)
        picture.draft("RGB", wanted)  # JPEG is decoded at the smallest size that is enough
        try:
            if picture.width * picture.height > MOST_PIXELS:
                raise NoPreview("too_big")
            claimed = claims.of_picture(picture.getexif(), picture.info)  # decodes the whole picture if it is PNG
            wire.send_json(b"J", facts={}, claims=claimed)
            shown = upright(picture, wanted)
        except (Exception, MemoryError):
            wire.send_json(b"J", facts={}, claims={"dimensions": f"{width} × {height}"})
            raise
        is_turned = (shown.width > shown.height) != (width > height) and width != height
        pieces = cut(shown.size)
        facts = dict(zip(("height", "width") if is_turned else ("width", "height"), (width, height), strict=True))
        wire.send_json(b"J", facts=facts | ({"pieces": len(pieces)} if len(pieces) > 1 else {}), claims={})
        for number, box in enumerate(pieces[:MOST_PIECES], 1):
            wire.send_copy("picture", as_webp(shown.crop(box)), number)


def fitted(width: int, height: int) -> tuple[int, int]:
    """The size of the copy: at most LONG pixels a side, or longer if the shorter side would be less than SHORT."""
    scale = min(1.0, max(LONG / max(width, height, 1), SHORT / max(1, min(width, height))))
    return max(1, round(width * scale)), max(1, round(height * scale))


def cut(size: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """The boxes of the picture's pieces: each has the full shorter side and at most LONG pixels of the longer."""
    width, height = size
    count = -(-max(size) // LONG)
    step = -(-max(size) // count)
    if height >= width:
        return [(0, top, width, min(top + step, height)) for top in range(0, height, step)]
    return [(left, 0, min(left + step, width), height) for left in range(0, width, step)]


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
