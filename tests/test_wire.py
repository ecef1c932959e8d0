"""Over the wire, as the web server sends it behind its proxy: how much a phone on a weak signal has to load, and
what a sender reads who is refused."""

import re
from collections.abc import Iterator

import pytest

from complaints.views.public.guides import TITLES

from .support.web import Web, serving

pytestmark = pytest.mark.sqlite_only

FIRST, LATER = 60_000, 15_000  # bytes
LATER_PAGES = [
    "/complaints/new/",
    "/complaints/begin/",
    *(f"/guide/{topic}/" for topic in TITLES),
    "/guide/numbers/",
    "/follow/",
    "/ledger/",
]


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with serving(fresh=tmp_path_factory.mktemp("wire"), SITE_COLOUR="#1d4ed8", BEHIND_PROXY="1") as web:
        yield web


def test_behind_its_proxy_the_portal_answers(web: Web) -> None:
    for path in ("/", "/follow/", "/admin/login/"):
        assert web.ask("GET", path, X_Forwarded_For="1.2.3.4, 198.51.100.7", X_Forwarded_Proto="https")[0] == 200


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_refused_sender_of_a_whole_piece_comes_to_read_why(web: Web, method: str) -> None:
    """The server takes the piece before it closes the connection: else the sender is cut off while it sends."""
    for _ in range(3):
        status, headers, _body = web.ask(method, "/uploads/", bytes(4 << 20), Tus_Resumable="0.9")
        assert (status, headers["tus-version"]) == (412, "1.0.0")


def sent(web: Web, path: str, language: str) -> tuple[int, str]:
    """How many bytes of body and headers come, and the body where it came as it is."""
    status, headers, body = web.ask("GET", path, Accept_Encoding="gzip", Accept_Language=language)
    assert status == 200, path
    packed = headers.get("content-encoding") == "gzip"
    told = sum(len(name) + len(value) + 4 for name, value in headers.items())
    return len(body) + told, "" if packed else body.decode()


def of_the_page(page: str) -> set[str]:
    """The addresses that a page loads by itself."""
    return set(re.findall(r'<(?:link|script|img)[^>]*? (?:href|src)="([^"]+)"', page))


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_first_view_is_at_most_sixty_kilobytes(web: Web, language: str) -> None:
    size, page = sent(web, "/", language)
    loaded = of_the_page(page)
    assert any(name.endswith(".css") for name in loaded)
    assert any(name.startswith("/site.css") for name in loaded)
    assert size + sum(sent(web, name, language)[0] for name in loaded) <= FIRST


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("path", LATER_PAGES)
def test_later_views_are_at_most_fifteen_kilobytes(web: Web, path: str, language: str) -> None:
    _size, home = sent(web, "/", language)
    size, page = sent(web, path, language)
    fresh = of_the_page(page) - of_the_page(home)
    assert size + sum(sent(web, name, language)[0] for name in fresh) <= LATER


def test_what_does_not_change_is_packed_and_kept(web: Web) -> None:
    _size, home = sent(web, "/", "en")
    for name in of_the_page(home):
        _status, headers, body = web.ask("GET", name, Accept_Encoding="gzip")
        assert "immutable" in headers["cache-control"], name
        assert headers.get("content-encoding") == "gzip" or len(body) < 2_000, name
