"""A case with twenty exhibits that its borrower or its recipient reads in the browser: what a phone loads
and what the page costs."""

import gzip
import re
import time
from collections.abc import Iterator

from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse

from complaints.bundles import exports, grants
from complaints.bundles.options import Options
from complaints.models import Case
from evidence.viewing import previews
from tests.support import cast, pages

from .table import Row, at_most, median_of

EXHIBITS = 20
VISITS = 20


def rows() -> Iterator[Row]:
    call_command("collectstatic", interactive=False, verbosity=0)
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        filed = _filed()
        yield from _own(filed)
        yield from _read(filed.case)


def _own(filed: cast.Filed) -> Iterator[Row]:
    """The borrower's page of the case, seen again with every small picture: each is asked for, and not sent."""
    phone, address = pages.follows(filed.code), reverse("follow_case")
    page = phone.get(address).content
    pictures = re.findall(r'<img class="small" src="([^"]+)"', page.decode())
    if len(pictures) != EXHIBITS:
        raise RuntimeError(f"{len(pictures)} small pictures")
    asked = sum(_size_of_again(phone, picture) for picture in pictures)
    second_view = len(gzip.compress(page)) + asked
    yield at_most("case page: twenty exhibits, second view", second_view / 1024, "KiB", 30)
    spent = median_of(VISITS, lambda: phone.get(address), time.process_time)
    yield at_most("case page: twenty exhibits, CPU of the page", spent * 1000, "ms", 100)


def _size_of_again(phone: Client, address: str) -> int:
    """Bytes of the answer, with its headers, to a browser that has the picture."""
    mark = phone.get(address)["ETag"]
    again = phone.get(address, headers={"If-None-Match": mark})
    if again.status_code != 304:
        raise RuntimeError(f"{address}: {again.status_code}")
    return len(again.content) + len(str(again.headers))


def _read(case: Case) -> Iterator[Row]:
    phone, (link, phrase) = Client(), _lent(case)
    phone.post(link, {"phrase": phrase})
    phone.post(link, {"go": "read"})
    address = f"{link}read/"
    page = gzip.compress(phone.get(address).content)
    small = sum(int(phone.get(f"{address}{number}/small/")["Content-Length"]) for number in range(1, EXHIBITS + 1))
    yield at_most("reading: twenty exhibits, first view", (len(page) + small) / 1024, "KiB", 60)
    spent = median_of(VISITS, lambda: phone.get(address), time.process_time)
    yield at_most("reading: twenty exhibits, CPU of the page", spent * 1000, "ms", 100)


def _filed() -> cast.Filed:
    """A case with screenshots that were opened."""
    words = "他们一天打了几十个电话，还打给我的同事和家人。"
    shots = [(f"{number}.png", cast.a_screenshot(f"{number} {words}", (1080, 2340))) for number in range(EXHIBITS)]
    filed = cast.file_a_complaint(files=shots)
    for exhibit in filed.case.exhibits.select_related("item"):
        previews.derive(exhibit.item)
    return filed


def _lent(case: Case) -> tuple[str, str]:
    """The address and the passphrase of a grant whose bundle is made."""
    given = grants.give(case, Options.usual("legal_aid").kept(), grants.Terms("A lawyer", 7, 1), language="en")
    exports.make_waiting()
    return reverse("handed", args=[given.link]), given.phrase
