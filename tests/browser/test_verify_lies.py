"""Papers that lie although all is signed and fits together: both verifiers say so, in the same words."""

from pathlib import Path

import pytest

from evidence.ledger import signing
from tests.support import honest, lies
from tests.support.both import Both
from tests.support.bundles import Opened
from tests.support.verify_pages import written

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db, pytest.mark.long]


def on_disk(folder: Path, name: str, paper: bytes | Opened) -> Path:
    return (
        written(folder / f"{name}.json", paper) if isinstance(paper, bytes) else paper.zip(folder / f"{name}.zip")
    )


@pytest.fixture
def roots(tmp_path: Path) -> Path:
    """The key, and the roots of both authorities."""
    folder = tmp_path / "roots"
    folder.mkdir()
    written(folder / "ledger.vkey", f"{signing.vkey()}\n".encode())
    for number, pem in enumerate(honest.authorities().pems.values()):
        written(folder / f"{number}.pem", pem)
    return folder


@pytest.mark.parametrize("name", lies.LIES)
def test_a_lie_is_named_by_both(name: str, both: Both, roots: Path, tmp_path: Path) -> None:
    lie = lies.LIES[name]()
    kept = [on_disk(tmp_path, held.partition(".")[0], paper) for held, paper in lie.kept.items()]
    found = both.verdicts(on_disk(tmp_path, "paper", lie.paper), *kept, roots=roots)
    assert found[0] == found[1]
    assert [(one.result, one.link) for one in found] == [(lie.result, lie.link)] * 2, found
    assert all(lie.says in " ".join([one.says, *one.noted]) for one in found), found
    assert found[0].noted == found[1].noted


@pytest.mark.parametrize("is_bundle", [True, False])
def test_the_honest_paper_of_the_same_portal_holds(
    is_bundle: bool, both: Both, roots: Path, tmp_path: Path
) -> None:
    portal, case = lies.decided()
    paper = lies.bag_of(portal, case) if is_bundle else portal.receipt(case)
    found = both.verdicts(on_disk(tmp_path, "paper", paper), roots=roots)
    assert {one.result for one in found} == {"verified"}
    assert not any("names" in note or "E-1" in note for one in found for note in one.noted)
