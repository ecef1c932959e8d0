"""The verifier on a bundle of a gigabyte, against hashlib over the same bytes; its page on fifty exhibits."""

import hashlib
import os
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from playwright.sync_api import Browser

from complaints.bundles import making
from complaints.drafts import drafts, files
from complaints.filing import filing
from complaints.models import Case
from evidence import holdfast_verify as verifier
from evidence import verify_page
from evidence.checking import sealing
from tests.support.browser import a_browser
from tests.support.verify_pages import orm_beside_playwright

from .serving import ANSWERS
from .table import Row, at_most, speed_at_least, timed

FILES, SIZE = 4, 256 << 20  # bytes each: a bundle of a gigabyte
BLOCK = 1 << 20


def rows() -> Iterator[Row]:
    case = a_big_case()
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as folder:
        path = Path(folder) / "bundle.zip"
        with path.open("wb") as file:
            file.writelines(making.stream(case, audience="office")[1])
        hashed(path)  # so that the file is in the page cache for both
        pairs = [(timed(lambda: verified(path)), timed(lambda: hashed(path))) for _ in range(3)]
        took, floor = (statistics.median(times) for times in zip(*pairs, strict=True))
        yield speed_at_least("verifier: a bundle of a gigabyte", took, floor, "s", "hashlib over it", 0.8)
        ours = timed(lambda: verified(path), time.process_time)
        floor = timed(lambda: hashed(path), time.process_time)
        yield speed_at_least("verifier: a bundle of a gigabyte, CPU", ours, floor, "s", "hashlib over it", 0.8)
    yield at_most("verifier: documents of 20,000 messages, CPU", timed(many_messages, time.process_time), "s", 2)
    yield at_most("verifier's page: fifty exhibits, CPU", fifty_in_the_page(), "s", 3)


def a_big_case() -> Case:
    """A case with FILES sealed recordings."""
    return a_case([(f"{number}.wav", recording()) for number in range(FILES)])


def a_case(exhibits: list[tuple[str, Iterable[bytes]]]) -> Case:
    """A case with these exhibits, sealed."""
    draft, code = drafts.begin("en")
    for step, answers in ANSWERS.items():
        drafts.save(draft, step, answers)
    for name, content in exhibits:
        files.add_exhibit(draft, name, content)
    case = filing.file(draft, code)
    for exhibit in case.exhibits.select_related("item"):
        sealing.seal(exhibit.item)
    return case


def recording() -> Iterator[bytes]:
    yield b"RIFF\xff\xff\xff\xffWAVE"
    block = os.urandom(BLOCK)
    for _ in range(SIZE // BLOCK):
        yield block


def fifty_in_the_page() -> float:
    """Seconds of CPU that Chromium with all its processes takes to check a bundle of fifty exhibits."""
    case = a_case([(f"{number}.txt", [f"Message {number}: call us at once.\n".encode()]) for number in range(50)])
    with tempfile.TemporaryDirectory(prefix="holdfast-bench-") as folder, a_browser() as browser:
        page, bundle, session = Path(folder) / "verify.html", Path(folder) / "bundle.zip", browser.new_page()
        page.write_bytes(verify_page.html())
        with orm_beside_playwright():
            bundle.write_bytes(b"".join(making.stream(case, audience="borrower")[1]))
        for _ in range(2):  # the first time, it reads its code too
            session.goto(page.as_uri())
            before = cpu_of(browser)
            session.locator("[data-zone=subject] input[type=file]").set_input_files(bundle)
            session.wait_for_selector("#verifier[data-state=done]")
        return cpu_of(browser) - before


def cpu_of(browser: Browser) -> float:
    found = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    return sum(float(one["cpuTime"]) for one in found)


def verified(path: Path) -> None:
    report = verifier.verify(str(path))
    if report.exit == 1:
        raise RuntimeError(report.first_broken)


def many_messages() -> None:
    content = {"kind": "case.replied", "data": {"message": "0" * 64}}
    verifier.documents_of([verifier.Entry(place, b"", content) for place in range(20_000)])


def hashed(path: Path) -> None:
    sha256, buffer = hashlib.sha256(), memoryview(bytearray(BLOCK))
    with path.open("rb", buffering=0) as file:
        while got := file.readinto(buffer):
            sha256.update(buffer[:got])
