"""Numbers as addresses, forms and headers spell them: read in this one place, whatever was sent."""

MOST = 18  # digits: any number of so many fits a column of 64 bits


def number(text: str) -> int | None:
    """The whole number that is written in 1 to 18 of the digits 0-9; None for anything else, such as a sign, a
    space, digits of another script, or more digits than that."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST else None


def key(text: str) -> int:
    """The key of a row; 0, which no row has, for what is no number."""
    return number(text) or 0
