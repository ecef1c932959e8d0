"""The verifier on a bundle of a gigabyte, against hashlib over the same bytes."""

import hashlib
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from complaints.bundles import making
from complaints.drafts import drafts, files
from complaints.filing import filing
from complaints.models import Case
from evidence import holdfast_verify as verifier
from evidence.checking import sealing

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


def a_big_case() -> Case:
    """A case with FILES sealed recordings."""
    draft, code = drafts.begin("en")
    for step, answers in ANSWERS.items():
        drafts.save(draft, step, answers)
    for number in range(FILES):
        files.add_exhibit(draft, f"{number}.wav", recording())
    case = filing.file(draft, code)
    for exhibit in case.exhibits.select_related("item"):
        sealing.seal(exhibit.item)
    return case


def recording() -> Iterator[bytes]:
    yield b"RIFF\xff\xff\xff\xffWAVE"
    block = os.urandom(BLOCK)
    for _ in range(SIZE // BLOCK):
        yield block


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
