"""The site's own colour: refused when it cannot be read, and readable in every role, by day and by night."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from portal.look import colour, site
from portal.look.colour import Unreadable
from tests.support import cast
from tests.support.pages import somebody, text
from tests.support.services import ROOT

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_the_standard() -> None:
    assert colour.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colour.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert colour.contrast("#0a5a5c", "#0a5a5c") == 1


@pytest.mark.parametrize("own", ["", "#0a5a5c", "#1D4ED8", "#7a1f5c"])
def test_a_colour_that_can_be_read_is_taken(own: str) -> None:
    assert colour.checked(own) == own.lower()


@pytest.mark.parametrize("own", ["teal", "#0a5", "0a5a5c", "#0a5a5g", "red; } body { display: none", "#0a5a5c\n"])
def test_what_is_no_colour_is_refused(own: str) -> None:
    with pytest.raises(Unreadable, match="a colour like #0a5a5c"):
        colour.checked(own)


@pytest.mark.parametrize("own", ["#7fcbc6", "#ffffff", "#e0a000", "#767676"])
def test_a_colour_too_light_to_read_is_refused_with_its_contrast(own: str) -> None:
    with pytest.raises(Unreadable, match=r"cannot be read: the contrast .* must be 4\.5 at least"):
        colour.checked(own)


@given(colours)
def test_every_colour_that_is_taken_can_be_read_in_each_of_its_roles(own: str) -> None:
    try:
        colour.checked(own)
    except Unreadable:
        return
    day, night = colour.roles(own)
    for ground in (colour.PAPER, colour.WHITE, day["wash"]):
        assert colour.contrast(day["teal"], ground) >= 4.5
    for ground in (colour.DARK_PAPER, colour.DARK_CARD, night["wash"]):
        assert colour.contrast(night["teal"], ground) >= 4.5
    for roles in (day, night):
        assert colour.contrast(roles["on-teal"], roles["teal"]) >= 4.5
        assert colour.contrast(roles["on-teal"], roles["teal-strong"]) >= 4.5


def test_the_papers_are_those_of_the_stylesheet() -> None:
    css = (ROOT / "static" / "colours.css").read_text()
    assert f"--paper: {colour.PAPER}" in css
    assert f"--paper: {colour.DARK_PAPER}" in css
    assert f"--card: {colour.DARK_CARD}" in css
    for shade in (site.DAY, site.NIGHT):
        assert shade in site.MARK.read_text()
        assert f"--teal: {shade}" in css


def test_a_colour_that_cannot_be_read_stops_the_start_with_one_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={**os.environ, "SITE_COLOUR": "#ffd700"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode
    assert "SITE_COLOUR is #ffd700, which cannot be read" in done.stderr.strip().splitlines()[-1]


# The pages


def test_as_shipped_there_is_no_stylesheet_of_the_sites_own(db: None) -> None:
    assert "site.css" not in text(somebody().get("/"))
    assert somebody().get(reverse("site_css")).status_code == 404
    assert somebody().get(reverse("site_mark")).status_code == 404


def test_an_own_colour_comes_after_the_stylesheet_and_may_be_kept_for_long(settings: Any, db: None) -> None:
    settings.SITE_COLOUR = "#1d4ed8"
    page = text(somebody().get("/"))
    address = site.addresses()["site_css"]
    assert page.index("holdfast.css") < page.index(f'href="{address}"')
    answer = somebody().get(address)
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "--teal: #1d4ed8;" in text(answer)
    assert "prefers-color-scheme: dark" in text(answer)
    assert not answer.cookies


def test_the_mark_has_the_colour_too(settings: Any, db: None) -> None:
    settings.SITE_COLOUR = "#1d4ed8"
    mark = text(somebody().get(site.addresses()["site_mark"]))
    assert "#1d4ed8" in mark
    assert site.DAY not in mark
    assert text(somebody().get("/")).count("site.svg?v=") == 2


def test_another_colour_has_another_address(settings: Any) -> None:
    settings.SITE_COLOUR = "#1d4ed8"
    blue = site.addresses()
    settings.SITE_COLOUR = "#7a1f5c"
    assert site.addresses() != blue


def test_the_desk_has_the_colour_too(settings: Any, supervisor: Any) -> None:
    settings.SITE_COLOUR = "#1d4ed8"
    page = text(cast.signed_in(supervisor).get(reverse("admin:complaints_case_changelist")))
    assert page.index("desk.css") < page.index("site.css?v=")
