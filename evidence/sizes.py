"""Sizes of files as people read them."""

from django.utils import formats

UNITS = (("GB", 1024**3), ("MB", 1024**2), ("kB", 1024))


def in_words(count: int) -> str:
    """A number of bytes in units of 1024, such as “1.5 MB”. The script of the evidence page writes the same
    (`static/files/words.js`)."""
    name, unit = next((one for one in UNITS if count >= one[1]), UNITS[-1])
    number = max(1, count / unit)
    digits = 1 if name != "kB" and number < 10 else 0
    return f"{formats.number_format(round(number, digits), decimal_pos=digits)}\u00a0{name}"
