"""What a camera reads from the picture of a response."""

import io

import zxingcpp
from django.http import HttpResponse
from PIL import Image


def picture(response: object) -> Image.Image:
    assert isinstance(response, HttpResponse)
    return Image.open(io.BytesIO(response.content))


def scanned(response: object) -> str:
    """The text of its one QR code."""
    (found,) = zxingcpp.read_barcodes(picture(response))
    text: str = found.text
    return text


def size(response: object) -> tuple[int, int]:
    """Width and height in pixels."""
    return picture(response).size
