"""Films that are turned, mirrored or squeezed: red at the top left, green at the top right, blue below the red."""

import struct

import pytest
from PIL import Image

from tests.support import viewing
from tests.support.viewing import seen

ONE, MINUS, NONE = (struct.pack(">i", part << 16) for part in (1, -1, 0))
CORNERS = {
    "as it is": (ONE, NONE, NONE, ONE, "RG"),
    "mirrored": (MINUS, NONE, NONE, ONE, "GR"),
    "upside down": (MINUS, NONE, NONE, MINUS, "WB"),
    "flipped": (ONE, NONE, NONE, MINUS, "BW"),
    "to the right": (NONE, ONE, MINUS, NONE, "BR"),
    "to the left": (NONE, MINUS, ONE, NONE, "GW"),
    "mirrored along the diagonal": (NONE, ONE, ONE, NONE, "RB"),
    "mirrored along the other": (NONE, MINUS, MINUS, NONE, "WG"),
}


@pytest.mark.parametrize("name", CORNERS)
def test_a_film_is_turned_and_mirrored_as_it_says(name: str) -> None:
    a, b, c, d, top = CORNERS[name]
    found = seen(viewing.with_matrix(viewing.corners(), a + b + NONE + c + d), "video", "video/mp4")
    poster = found.picture("poster").convert("RGB")
    assert "".join(_colour(poster, at) for at in (10, poster.width - 10)) == top
    assert (found.facts["width"] < found.facts["height"]) == (poster.width < poster.height)


def _colour(poster: Image.Image, at: int) -> str:
    pixel = poster.crop((at, 10, at + 1, 11)).tobytes()
    bright = [name for name, part in zip("RGB", pixel, strict=True) if part > 120]
    return bright[0] if len(bright) == 1 else "W"


def test_a_film_whose_pixels_are_not_square_is_shown_as_wide_as_it_is() -> None:
    found = seen(viewing.corners(pixel="2:1"), "video", "video/mp4")
    assert found.picture("poster").size == (320, 120)
    assert (found.facts["width"], found.facts["height"]) == (320, 120)
