"""Makes a small copy of a picture, turned upright and without metadata."""

import io
from typing import Any, cast

import pillow_heif
from PIL import AvifImagePlugin, Image, ImageOps

from . import claims
from .wire import NoPreview, Original, Wire

SIDE = 1600  # pixels
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
        picture.draft("RGB", (SIDE, SIDE))  # JPEG is decoded at the smallest size that is enough
        if picture.width * picture.height > MOST_PIXELS:
            raise NoPreview("too_big")
        claimed = claims.of_picture(picture.getexif(), picture.info)  # decodes the whole picture if it is PNG
        wire.send_json(b"J", facts={"width": width, "height": height}, claims=claimed)
        wire.send_copy("picture", as_webp(upright(picture)))


def upright(picture: Any) -> Image.Image:
    """The picture with at most SIDE pixels a side, turned by its Exif orientation, on white if transparent."""
    orientation = picture.getexif().get(0x0112, 1)
    picture.load()
    if "transparency" in picture.info or picture.mode in ("LA", "PA", "RGBa", "La"):
        picture = picture.convert("RGBA")
    if picture.mode.startswith(("I", "F")):
        picture = picture.point(lambda value: value / 256).convert("L")
    small: Image.Image = picture if picture.mode in ("RGB", "RGBA", "L") else picture.convert("RGB")
    small.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS, reducing_gap=2)
    if small.mode == "RGBA":
        small = Image.alpha_composite(Image.new("RGBA", small.size, "white"), small)
    clean = Image.new("RGB", small.size)
    clean.paste(small.convert("RGB"))
    clean.getexif()[0x0112] = orientation
    return ImageOps.exif_transpose(clean)


def as_webp(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=80, exif=b"", icc_profile=None, xmp=b"")
    return out.getvalue()
