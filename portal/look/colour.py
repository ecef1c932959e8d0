"""Checks the contrast of the site's own colour (WCAG 2.2, 1.4.3), and derives the stylesheet's colours from it."""

import re

from portal.values import Wrong

PAPER, DARK_PAPER, DARK_CARD, DARK_INK = "#fbfaf7", "#12191b", "#1a2326", "#0b2021"  # as in static/colours.css
WHITE = "#ffffff"
READABLE, BY_NIGHT = 4.5, 7.5  # least contrast on light and on dark pages

Rgb = tuple[int, int, int]


class Unreadable(Wrong):
    """The colour cannot be used."""


def _rgb(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """Relative luminance, from 0 to 1 (WCAG 2)."""
    parts = (part / 255 for part in _rgb(colour))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2): from 1 (the same) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, with_: str, part: float) -> str:
    """A mixture of two colours; `part` (0 to 1) is the share of the second."""
    pairs = zip(_rgb(colour), _rgb(with_), strict=True)
    return "#" + "".join(f"{round(one * (1 - part) + other * part):02x}" for one, other in pairs)


def _wash(colour: str) -> str:
    """The darkest background for text in the colour: the page's, with a little of the colour."""
    return mixed(colour, PAPER, 0.92)


def checked(given: str) -> str:
    """The setting as #rrggbb in lower case, or "" for none. Raises Unreadable."""
    if not given:
        return ""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", given):
        raise Unreadable(f"is {given!r}; it is a colour like #0a5a5c.")
    for ground, what in ((_wash(given), "text of it on the page"), (WHITE, "white text on it")):
        if (found := contrast(given, ground)) < READABLE:
            raise Unreadable(
                f"is {given}, which cannot be read: the contrast of {what} is {found:.1f}, and must be "
                f"{READABLE} at least. Choose a darker one."
            )
    return given.lower()


def by_night(colour: str) -> str:
    """The colour, lightened until its contrast on the dark page and its cards is BY_NIGHT."""
    lighter = (mixed(colour, WHITE, part / 20) for part in range(21))
    grounds = (DARK_PAPER, DARK_CARD, DARK_INK)
    return next(light for light in lighter if min(contrast(light, ground) for ground in grounds) >= BY_NIGHT)


def roles(colour: str) -> tuple[dict[str, str], dict[str, str]]:
    """The stylesheet's custom properties that depend on the colour, for light and for dark pages."""
    night = by_night(colour)
    day_roles = {
        "teal": colour,
        "teal-strong": mixed(colour, "#000000", 0.2),
        "on-teal": WHITE,
        "wash": _wash(colour),
    }
    night_roles = {
        "teal": night,
        "teal-strong": mixed(night, WHITE, 0.3),
        "on-teal": DARK_INK,
        "wash": mixed(night, DARK_PAPER, 0.85),
    }
    return day_roles, night_roles
