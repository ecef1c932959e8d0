"""Honest random cases in both verifiers: neither raises an alarm, and they say the same of all that was kept."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from evidence.ledger import signing
from tests.support import honest
from tests.support.both import Both
from tests.support.verify_pages import written

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db]
CASES_A_LEDGER = 25
ZIP, JSON = "bundle.zip", "receipt.json"


@dataclass
class Chosen:
    """What somebody checks, what they kept of the case, and whether they hold the key and the roots."""

    subject: Path
    kept: list[Path]
    roots: Path | None


def cases(count: int, seed: int) -> Iterator[tuple[honest.Portal, honest.Case]]:
    """Cases of ledgers that grow, with receipts and bundles of every age."""
    for number in range(count):
        if number % CASES_A_LEDGER == 0:
            portal = honest.Portal(seed + number)
        case, chance = portal.file(), portal.random.random
        case.receipts += [portal.receipt(case)] if chance() < 0.7 else []
        portal.live(case)
        for _ in range(portal.random.randrange(4)):
            portal.append(case, "evidence.viewed", {})
            case.receipts.append(portal.receipt(case))
            if chance() < 0.3:
                portal.export(case)
            portal.others()
            if chance() < 0.3:
                portal.anchor()
        yield portal, case


def chosen(portal: honest.Portal, case: honest.Case, folder: Path) -> Chosen:
    chance = portal.random.random
    if chance() < 0.5:
        portal.export(case)
        subject = packed(folder / ZIP, case.bundles[-1])
    else:
        subject = written(folder / JSON, portal.receipt(case))
    if chance() < 0.3:  # so that what was kept may be newer
        portal.append(case, "evidence.viewed", {})
        case.receipts.append(portal.receipt(case))
    kept = [written(folder / f"{n}.json", one) for n, one in enumerate(case.receipts) if chance() < 0.4]
    kept += [packed(folder / f"{n}.zip", one) for n, one in enumerate(case.bundles) if chance() < 0.4]
    notes = [size for size in portal.sizes[-5:] if chance() < 0.3]
    kept += [written(folder / f"{size}.note", portal.ledger.note(size).encode()) for size in notes]
    (roots := folder / "roots").mkdir(exist_ok=True)
    written(roots / "ledger.vkey", signing.vkey().encode())
    written(roots / "root.pem", b"".join(honest.authorities().pems.values()))
    return Chosen(subject, kept, roots if chance() < 0.5 else None)


def packed(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"HF-1/{name}", content)
    return path


def neither_raises_an_alarm(both: Both, count: int, seed: int, folder: Path) -> None:
    for number, (portal, case) in enumerate(cases(count, seed)):
        one = chosen(portal, case, folder)
        ours, theirs = both.verdicts(one.subject, *one.kept, roots=one.roots)
        assert ours == theirs, f"case {number} of seed {seed}"
        assert ours.noted == theirs.noted, f"case {number} of seed {seed}"
        assert ours.result in ("verified", "self-consistent only"), f"case {number} of seed {seed}: {ours}"


@pytest.mark.long
def test_no_false_alarm_in_20_random_cases(both: Both, tmp_path: Path) -> None:
    neither_raises_an_alarm(both, 20, 4217, tmp_path)


@pytest.mark.thorough
@pytest.mark.timeout(6 * 3600)
def test_no_false_alarm_in_10_000_random_cases(both: Both, tmp_path: Path) -> None:
    neither_raises_an_alarm(both, 10_000, 20261123, tmp_path)
