"""A case that its recipient reads in the browser: what a phone loads of twenty exhibits, and what it costs."""

import gzip
import time
from collections.abc import Iterator

from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse

from complaints.bundles import exports, grants
from complaints.bundles.options import Options
from evidence.viewing import previews
from tests.support import cast

from .table import Row, at_most, median_of

EXHIBITS = 20
VISITS = 20


def rows() -> Iterator[Row]:
    call_command("collectstatic", interactive=False, verbosity=0)
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        yield from _read()


def _read() -> Iterator[Row]:
    phone, (link, phrase) = Client(), _opened()
    phone.post(link, {"phrase": phrase})
    phone.post(link, {"go": "read"})
    address = f"{link}read/"
    page = gzip.compress(phone.get(address).content)
    small = sum(int(phone.get(f"{address}{number}/small/")["Content-Length"]) for number in range(1, EXHIBITS + 1))
    yield at_most("reading: twenty exhibits, first view", (len(page) + small) / 1024, "KiB", 60)
    spent = median_of(VISITS, lambda: phone.get(address), time.process_time)
    yield at_most("reading: twenty exhibits, CPU of the page", spent * 1000, "ms", 100)


def _opened() -> tuple[str, str]:
    """The address and the passphrase of a grant of a case with screenshots, whose bundle is made."""
    words = "他们一天打了几十个电话，还打给我的同事和家人。"
    shots = [(f"{number}.png", cast.a_screenshot(f"{number} {words}", (1080, 2340))) for number in range(EXHIBITS)]
    case = cast.file_a_complaint(files=shots).case
    for exhibit in case.exhibits.select_related("item"):
        previews.derive(exhibit.item)
    given = grants.give(case, Options.usual("legal_aid").kept(), grants.Terms("A lawyer", 7, 1), language="en")
    exports.make_waiting()
    return reverse("handed", args=[given.link]), given.phrase
