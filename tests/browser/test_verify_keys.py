"""A ledger whose key was changed, in both forms of the browser's verifier: they say what Python's says."""

from pathlib import Path
from typing import Any

import pytest

from evidence import holdfast_verify as verifier
from evidence.ledger import signing
from tests.support import changed_keys
from tests.support.bundles import opened
from tests.support.changed_keys import NEW, OLD
from tests.support.verify_pages import Verifier, check, written

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db, pytest.mark.long]
HONEST = (
    *("lost.zip, lost.json", "lost.json, "),
    *("new.zip, kept.json", "new.zip, kept.json note", "new.zip, old.vkey", "new.zip, new.vkey"),
    *("new.zip, all.vkey kept.json", "new.zip, old.vkey note", "old.zip, old.vkey", "old.zip, all.vkey"),
    *("old.zip, kept.json", "kept.json, old.vkey", "kept.json, all.vkey", "later.json, kept.json"),
    *(
        "later.json, old.vkey",
        "later.json, all.vkey note",
        "old.zip, all.vkey newest",
        "kept.json, all.vkey newest",
    ),
)
BROKEN = (
    *("lost.zip, kept.json", "lost.json, old.vkey", "lost.zip, new.vkey"),
    *("silent.zip, kept.json", "silent.zip, old.vkey", "kept.json, new.vkey", "old.zip, new.vkey"),
    *(
        "new.zip, new.vkey stolen",
        "new.zip, all.vkey stolen",
        "old.zip, old.vkey newest",
        "old.zip, all.vkey stolen",
    ),
)


@pytest.fixture
def files(db: None, settings: Any, tmp_path: Path) -> dict[str, Path]:
    papers = changed_keys.papers(settings)
    changed_keys.silent(papers).zip(tmp_path / "silent.zip")
    settings.LEDGER_SIGNING_KEY = OLD
    newest = opened(papers.new_bundle).text("proofs/checkpoint")
    body = newest.partition("\n\n")[0]
    settings.LEDGER_SIGNING_KEY = NEW
    lost_later, lost = changed_keys.after_a_loss(settings)
    contents = {
        "lost.zip": lost,
        "lost.json": lost_later,
        "old.zip": papers.old_bundle,
        "new.zip": papers.new_bundle,
        "kept.json": papers.old_receipt,
        "later.json": papers.new_receipt,
        "note": papers.old_note,
        "newest": newest.encode(),
        "stolen": signing.sign_note(f"{body}\n").encode(),  # a later note by the former key
        "old.vkey": papers.old_key.encode(),
        "new.vkey": papers.all_keys.splitlines()[0].encode(),
        "all.vkey": papers.all_keys.encode(),
    }
    found = {name: written(tmp_path / name, content) for name, content in contents.items()}
    return {**found, "silent.zip": tmp_path / "silent.zip"}


@pytest.mark.parametrize("papers", [*HONEST, *BROKEN])
def test_both_verifiers_say_the_same_of_papers_from_before_and_after(
    papers: str, files: dict[str, Path], online: Verifier, offline: Verifier, tmp_path: Path
) -> None:
    subject, _, kept = papers.partition(", ")
    held = tuple(files[name] for name in kept.split())
    result = check((online, offline), files[subject], held=held)
    assert (result == {"broken"}) == (papers in BROKEN)
    report = as_python_says(files[subject], held, tmp_path / "roots")
    assert (report.exit == 1) == (papers in BROKEN)
    if report.first_broken:
        assert online.first_broken[0] == offline.first_broken[0] == report.first_broken.name
        assert online.first_broken[2] == report.first_broken.says
    assert all(one in online.text(".result") for one in report.cautions if "lost the key" in one)


def as_python_says(subject: Path, held: tuple[Path, ...], roots: Path) -> verifier.Report:
    roots.mkdir()
    keys = [written(roots / one.name, one.read_bytes()) for one in held if one.suffix == ".vkey"]
    kept = [str(one) for one in held if one.suffix != ".vkey"]
    return verifier.verify(str(subject), kept, str(roots) if keys else None)
