"""QR codes as SVG: without a margin for print, with a margin for screens."""

import io

import segno


def for_print(text: str) -> str:
    """The picture as markup, without a margin and without an XML declaration."""
    return _drawn(text, xmldecl=False, border=0)


def for_screen(text: str) -> str:
    """The picture as a file, on white, large enough for a camera."""
    return _drawn(text, scale=4, border=4, light="white")


def _drawn(text: str, **look: object) -> str:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", **look)
    return out.getvalue().decode()
