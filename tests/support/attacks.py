"""What attackers do to a bundle, and how the tests run the verifier on it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence import holdfast_verify as verifier

from . import cast
from .bundles import Opened

Change = Callable[[Opened], None]


@dataclass
class Held:
    """What the lawyer has from outside the bundle: the folder with the roots, and the borrower's receipt."""

    roots: Path
    receipt: Path


def holdfast(lawyer: cast.Lawyer, *arguments: str | Path) -> tuple[int, dict[str, Any]]:
    done = lawyer.verifies(*arguments, "--json")
    assert not done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)


def says(answer: dict[str, Any]) -> str:
    return str(next(check["says"] for check in answer["checks"] if not check["ok"]))


def is_refused(path: Path, held: Held, link: str, says: str) -> None:
    report = verifier.verify(str(path), [str(held.receipt)], str(held.roots))
    assert report.exit == 1
    assert report.first_broken
    assert report.first_broken.name == link, report.first_broken
    assert says in report.first_broken.says


def flip(name: str, at: int = 40) -> Change:
    def change(bag: Opened) -> None:
        content = bytearray(bag.files[name])
        content[at % len(content)] ^= 1
        bag.files[name] = bytes(content)

    return change


def another_digest_in(name: str) -> Change:
    """A change: the first line of the file names another digest, which is just as well formed."""

    def change(bag: Opened) -> None:
        first = bag.files[name][:1]
        bag.files[name] = (b"1" if first == b"0" else b"0") + bag.files[name][1:]

    return change


def remove(name: str) -> Change:
    return lambda bag: bag.files.__delitem__(name)


def add(name: str) -> Change:
    return lambda bag: bag.files.__setitem__(name, b"added")


def rename(name: str, other: str) -> Change:
    return lambda bag: bag.files.__setitem__(other, bag.files.pop(name))


def swap(name: str, other: str) -> Change:
    def change(bag: Opened) -> None:
        bag.files[name], bag.files[other] = bag.files[other], bag.files[name]

    return change


ORIGINAL, OTHER = "data/originals/E-001.png", "data/originals/E-002.png"
COPY, OTHER_COPY = "data/copies/E-001-picture-1.webp", "data/copies/E-002-picture-1.webp"
CUSTODY, REPORT, CASE = "data/custody.csv", "data/report.pdf", "data/case.json"
CONTACTS = "data/contacts.csv"
STATEMENT, REPORTER = "data/documents/statement.json", "data/documents/reporter.json"
TOKEN, QUERY = "proofs/timestamps/E-001.builtin.tsr", "proofs/timestamps/E-001.builtin.tsq"
RECEIPT, CHECKPOINT, LEDGER = "proofs/receipt.json", "proofs/checkpoint", "proofs/ledger.json"
EXPORT, ROOT_PEM = "proofs/export.json", "proofs/authorities/builtin.pem"
YES, NO = True, False
