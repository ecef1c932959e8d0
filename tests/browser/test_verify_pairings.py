"""Every paper against every other that a reader may hold: both verifiers say the same of each pair."""

from pathlib import Path

import pytest

from tests.browser.test_verify_lies import on_disk, roots
from tests.support.both import Both
from tests.support.pairings import PAIRS, Pair

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db, pytest.mark.long]
__all__ = ["roots"]


@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_a_ledger_that_papers_do_not_prove_to_have_grown_is_broken(
    pair: Pair, both: Both, roots: Path, tmp_path: Path
) -> None:
    checked, held = pair.papers()
    found = both.verdicts(on_disk(tmp_path, "paper", checked), on_disk(tmp_path, "kept", held), roots=roots)
    assert found[0] == found[1]
    assert found[0].noted == found[1].noted
    assert (found[0].result, pair.says in " ".join([found[0].says, *found[0].noted])) == (
        pair.result,
        pair.result != "verified",
    ), found
