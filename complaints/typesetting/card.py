"""A code to keep, as a PNG: the site's address, a neutral name, the code, and a QR code. It names no debt.

A phone saves a picture by a long press, also in browsers that save no other files.
"""

from pathlib import Path

from django.utils.translation import get_language

from . import pdf, qr

TEMPLATE = Path(__file__).with_name("card.typ")
ON_A_LINE = 3  # groups of the code


def png(site: str, name: str, code: str, address: str) -> bytes:
    """The picture's bytes. `code` has spaces between its groups; the QR code contains `address`."""
    groups = code.split()
    lines = [" ".join(groups[at : at + ON_A_LINE]) for at in range(0, len(groups), ON_A_LINE)]
    facts = {"site": site, "name": name, "lines": lines, "lang": (get_language() or "en").partition("-")[0]}
    return pdf.png(TEMPLATE, facts, columns={}, qr=qr.for_print(address))
