"""Case bundles: streaming two gigabytes, typesetting a report of 500 pages, a bundle of 1000 exhibits."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from complaints.bundles import exports, making, papers
from complaints.bundles.options import Options
from complaints.bundles.report import report
from complaints.drafts import drafts
from complaints.drafts import files as draft_files
from complaints.filing import filing
from complaints.models import Case, Export
from evidence.checking import sealing
from evidence.ledger import checkpoints
from evidence.models import EvidenceItem
from evidence.storage import vault

from .serving import ANSWERS
from .table import Row, at_most, ratio_at_most
from .verifier import recording

FILES = 8  # of 256 MiB each
ROUNDS = 3
PAGES = 500
EXHIBITS = 1000
ELSEWHERE = """
import sys, django
django.setup()
from bench import bundle
print(bundle.growth(sys.argv[1]))
"""
PARAGRAPH = "他们一天打了几十个电话，还打给我的同事和家人，说要到我孩子的学校去。They called all day long. "


def rows() -> Iterator[Row]:
    yield from _two_gigabytes()
    yield from _many_pages()
    yield from _many_exhibits()


def _two_gigabytes() -> Iterator[Row]:
    case = _filed([(f"{number}.wav", recording) for number in range(FILES)])
    items = list(EvidenceItem.objects.filter(thread=case.thread))
    export = exports.ask(case, Options.usual("office").kept(), language="en")
    checked = _cpu(lambda: [sealing.reread(item) for item in items])
    prepared = _cpu(lambda: exports.make(export.pk))
    export.refresh_from_db()
    yield ratio_at_most(
        "bundle: made and checked, 2 GiB, CPU", prepared, checked, "s", "re-hashing the originals", 2
    )
    ours, floor = [], []
    for _ in range(ROUNDS):
        floor.append(_cpu(lambda: [_drained(vault.read(item.pk)) for item in items]))
        ours.append(_cpu(lambda: _streamed(export)))
    took, least = sorted(ours)[ROUNDS // 2], sorted(floor)[ROUNDS // 2]
    yield ratio_at_most("bundle: 2 GiB leave, CPU", took, least, "s", "streaming the same bytes", 1.3)
    yield at_most("bundle: growth of memory while 2 GiB leave", _growth_elsewhere(export) / 2**20, "MiB", 16)
    yield at_most("bundle: until the first byte leaves", _first_byte(export), "s", 1)


def _many_pages() -> Iterator[Row]:
    case = _filed([], story={"story": f"{PARAGRAPH * 8}\n" * 3_000})
    wanted = papers.read(case, audience="office", checkpoint=checkpoints.current())
    _report(papers.read(_filed([]), audience="office", checkpoint=checkpoints.current()))  # loads the fonts
    pages, took = _report(wanted)
    yield Row("bundle: pages of the long report", pages, "pages", f"at least {PAGES}", pages >= PAGES)
    yield at_most("bundle: 500 pages of it typeset", took * PAGES / pages, "s", 5)


def _many_exhibits() -> Iterator[Row]:
    case = _filed([])
    _add_exhibits(case)
    began = time.perf_counter()
    made = making.make(case, Options.usual("office"), by={"role": "system"})
    size = sum(len(block) for block in made.archive.read())
    took = time.perf_counter() - began
    if size != made.archive.size:
        raise RuntimeError("the bundle has another size than it announced")
    yield at_most("bundle: a thousand exhibits made and streamed", took, "s", 30)


def _add_exhibits(case: Case) -> None:
    """Add EXHIBITS small texts. One addition may have only 50 files, so it takes several."""
    from complaints.conversation import messaging
    from complaints.drafts import additions
    from complaints.models import Draft

    left = EXHIBITS
    while left:
        found: Draft = additions.begin(case, "evidence")
        for _ in range(min(left, 50)):
            draft_files.add_exhibit(found, f"{left}.txt", [f"Message {left}: call us at once.\n".encode() * 3])
            left -= 1
        messaging.send(found)


def _filed(files: list[tuple[str, Any]], **answers: dict[str, Any]) -> Case:
    draft, code = drafts.begin("en")
    for step, given in {**ANSWERS, **answers}.items():
        drafts.save(draft, step, given)
    for name, content in files:
        draft_files.add_exhibit(draft, name, content())
    case = filing.file(draft, code)
    for exhibit in case.exhibits.select_related("item"):
        sealing.seal(exhibit.item)
    return case


def _report(wanted: papers.Papers) -> tuple[int, float]:
    import pypdfium2

    began = time.perf_counter()
    pdf = report.made(wanted)
    took = time.perf_counter() - began
    document = pypdfium2.PdfDocument(pdf)
    pages = len(document)
    document.close()
    return pages, took


def _streamed(export: Export) -> None:
    served = exports.served(export)
    if served.read is None or _drained(served.read(0, served.size)) != export.size:
        raise RuntimeError("the bundle has another size than it announced")


def _first_byte(export: Export) -> float:
    began = time.perf_counter()
    served = exports.served(export)
    if served.read:
        next(served.read(0, served.size))
    return time.perf_counter() - began


def _drained(blocks: Iterator[bytes]) -> int:
    return sum(len(block) for block in blocks)


def _cpu(work: Any) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _growth_elsewhere(export: Export) -> int:
    """`growth`, in a new process: an old one has free memory that it would use first."""
    line = [sys.executable, "-c", ELSEWHERE, str(export.pk)]
    return int(subprocess.run(line, check=True, stdout=subprocess.PIPE, text=True, env=os.environ).stdout)


def growth(key: str) -> int:
    """Bytes by which this process's peak memory grows while it streams the bundle (Linux)."""
    export = Export.objects.get(pk=key)
    _first_byte(export)
    Path("/proc/self/clear_refs").write_text("5")  # resets the peak to what is in use now (proc(5))
    before = _peak_memory()
    _streamed(export)
    return _peak_memory() - before


def _peak_memory() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
