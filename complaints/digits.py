"""Read whole numbers from addresses, forms and headers."""

MOST = 18  # digits; any number of this length fits a 64-bit column


def number(text: str) -> int | None:
    """The whole number that is written in 1 to 18 digits 0-9. None for anything else, such as a sign, a space or
    digits of another script."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST else None


def key(text: str) -> int:
    """The number as the key of a row; 0, which no row has, if the text is not a number."""
    return number(text) or 0
