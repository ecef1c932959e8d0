"""What a borrower waits for: form pages, the lookup of a code, filing by sixteen people at once, page sizes."""

import http.client
import os
import re
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.test import Client, override_settings
from django.urls import include, path, reverse

from complaints import codes
from complaints.drafts import drafts
from complaints.drafts.questions import FORMS
from tests.support import cast, pages, services

from .serving import children, server
from .table import Row, at_most, ratio_at_most

AT_ONCE = 16
ROUNDS = 8
VISITS = 60
WARM_ROUNDS = 2  # not measured: the first filings load modules


def empty(request: HttpRequest) -> HttpResponse:
    """The floor for a form page: the base template without a form."""
    return render(request, "base.html", {"title": "Empty"})


urlpatterns = [path("empty/", empty), path("", include("portal.urls"))]


def rows() -> Iterator[Row]:
    call_command("collectstatic", interactive=False, verbosity=0)
    with override_settings(ROOT_URLCONF="bench.borrower", ALLOWED_HOSTS=["testserver"]):
        yield form_pages()
        yield code_lookup()
    yield from over_the_wire()
    yield from filing_at_once("SQLite")
    with services.postgres() as url:
        yield from filing_at_once("PostgreSQL", DATABASE_URL=url)


# In this process: CPU of whole requests


def form_pages() -> Row:
    """The form page that needs the most CPU, against the empty page."""
    client = pages.begun()
    addresses = [reverse("step", args=[step]) for step in FORMS] + [reverse("act", args=["new1"])]
    dearest, floor = max((cpu(client, address) for address in addresses), key=lambda pair: pair[0] / pair[1])
    return ratio_at_most("form page: CPU of the dearest", dearest, floor, "ms", "the empty base page", 3)


def cpu(client: Client, address: str) -> tuple[float, float]:
    """Median CPU milliseconds of a visit to the address and of one to the empty page, made in turns."""
    visits = [(_visit(client, address), _visit(client, "/empty/")) for _ in range(VISITS)]
    page, floor = zip(*visits, strict=True)
    return statistics.median(page) * 1000, statistics.median(floor) * 1000


def _visit(client: Client, address: str) -> float:
    began = time.process_time()
    answer = client.get(address)
    spent = time.process_time() - began
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status_code}")
    return spent


def code_lookup() -> Row:
    """The request that posts a code and opens the case, each time from a new browser."""
    code = cast.file_a_complaint(files=[]).code
    return at_most(
        "follow: a code looked up, CPU", statistics.median(_enter(code) for _ in range(VISITS)), "ms", 3
    )


def _enter(code: str) -> float:
    client = Client()
    client.get("/empty/")
    began = time.process_time()
    answer = client.post(reverse("follow"), {"code": code})
    spent = (time.process_time() - began) * 1000
    if answer.status_code != 302 or not codes.digest(code):
        raise RuntimeError(f"the code opened nothing: {answer.status_code}")
    return spent


# Through the real server


class Browser:
    """A browser with cookies and a real connection, which fills in a complaint and files it."""

    def __init__(self, port: int) -> None:
        self.port, self.token = port, secrets.token_hex(16)
        self.cookies = {settings.CSRF_COOKIE_NAME: self.token, settings.LANGUAGE_COOKIE_NAME: "zh-hans"}

    def ask(self, method: str, address: str, body: bytes = b"", **headers: str) -> tuple[int, bytes, int]:
        """Status, body as it was sent, and number of bytes with the headers."""
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(
                method, address, body, {name.replace("_", "-"): text for name, text in headers.items()}
            )
            answer = connection.getresponse()
            content = answer.read()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, content, len(content) + len(str(answer.headers))

    def post(self, address: str, **typed: object) -> None:
        self.send(address, urlencode({**typed, "csrfmiddlewaretoken": self.token}, doseq=True).encode())

    def send(self, address: str, body: bytes, kind: str = "application/x-www-form-urlencoded") -> None:
        status, content, _size = self.ask("POST", address, body, Content_Type=kind)
        if status != 302:
            raise RuntimeError(f"{address}: {status}\n{content[:2000].decode(errors='replace')}")

    def fill_in(self, exhibit: bytes) -> None:
        """Fill in every step and upload one file."""
        self.post("/complaints/new/", begin="1")
        for step, typed in pages.ANSWERS.items():
            self.post(f"/complaints/new/{step}/", **typed)
        self.post("/complaints/new/contacts/a1/", when="2026-11-20 23:41", channel="call", said="x")
        self._upload(exhibit)

    def _upload(self, exhibit: bytes) -> None:
        fields = {"csrfmiddlewaretoken": self.token, "go": "on", "whole": "1"}
        head = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n'
        parts = [
            f'--b\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{text}\r\n'
            for key, text in fields.items()
        ]
        body = parts[0].encode() + head + exhibit + b"\r\n" + "".join(parts[1:]).encode() + b"--b--\r\n"
        self.send("/complaints/new/evidence/", body, "multipart/form-data; boundary=b")

    def file_complaint(self) -> float:
        """File the complaint. Returns the milliseconds until the answer."""
        began = time.perf_counter()
        self.post("/complaints/new/check/", go="file")
        return (time.perf_counter() - began) * 1000


def filing_at_once(database: str, **more: str) -> Iterator[Row]:
    """CPU and slowest answers of rounds in which AT_ONCE people file at the same moment."""
    took: list[list[float]] = []
    spent = 0.0
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="holdfast-filing-")))
        more = {**more, "DATA_DIR": str(folder), "REDIS_URL": _redis(opened, folder)}
        _prepare(more)
        port, process = opened.enter_context(server("portal.wsgi:application", **more))
        for number in range(WARM_ROUNDS + ROUNDS):
            people = [Browser(port) for _ in range(AT_ONCE)]
            for place, somebody in enumerate(people):
                somebody.fill_in(cast.a_screenshot(f"{number} {place}"))
            before = cpu_of(process)
            with ThreadPoolExecutor(AT_ONCE) as crowd:
                waited = list(crowd.map(Browser.file_complaint, people))
            if number >= WARM_ROUNDS:
                took, spent = [*took, waited], spent + cpu_of(process) - before
    yield at_most(f"filing, {AT_ONCE} at once, {database}: CPU", spent * 1000 / AT_ONCE / ROUNDS, "ms", 40)
    yield slowest(f"filing, {AT_ONCE} at once, {database}: p99", took)


def slowest(name: str, took: list[list[float]]) -> Row:
    """p99 against p50. Each wait is first scaled by the median of its round, so that a round in which the whole
    machine was slow does not count as unfair to anybody."""
    half = statistics.median(wait for waited in took for wait in waited)
    even = [wait / statistics.median(waited) * half for waited in took for wait in waited]
    return ratio_at_most(name, statistics.quantiles(even, n=100)[98], half, "ms", "p50", 3)


def _redis(opened: ExitStack, folder: Path) -> str:
    """The address of a Redis that takes the messages. No worker runs."""
    socket = str(folder / "redis.sock")
    redis = services.Redis(folder, socket)
    redis.start()
    opened.callback(redis.stop)
    return f"redis+socket://{socket}?virtual_host=0"


def _prepare(more: dict[str, str]) -> None:
    for command in (["migrate"], ["collectstatic", "--no-input"]):
        line = [sys.executable, "manage.py", *command, "--verbosity", "0"]
        subprocess.run(line, env={**os.environ, **more}, check=True)


def cpu_of(parent: int) -> float:
    """CPU seconds that a process and its children have used so far (Linux)."""
    ticks = os.sysconf("SC_CLK_TCK")
    stats = (
        Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in [parent, *children(parent)]
    )
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) / ticks


def over_the_wire() -> Iterator[Row]:
    """KiB of the first page with all its files, and of the largest later page with the files that are new on
    it."""
    with server("portal.wsgi:application") as (port, _process):
        somebody = Browser(port)
        known: set[str] = set()
        first = loaded(somebody, "/", known)
        somebody.fill_in(cast.a_screenshot("wire"))
        later = [f"/complaints/new/{step}/" for step in drafts.STEPS] + [
            "/complaints/new/contacts/new1/",
            "/follow/",
        ]
        largest = max(loaded(somebody, address, known) for address in ["/complaints/new/", *later])
    yield at_most("wire: first view", first / 1024, "KiB", 60)
    yield at_most("wire: largest later view", largest / 1024, "KiB", 15)


def loaded(somebody: Browser, address: str, known: set[str]) -> int:
    """Bytes of a page and of those of its files that are not in `known`. Adds them to `known`."""
    _status, page, size = somebody.ask("GET", address, Accept_Encoding="gzip")
    named = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.decode())) - known
    known |= named
    return size + sum(somebody.ask("GET", each, Accept_Encoding="gzip")[2] for each in named)
