"""Every paper against every other that a reader may hold: both verifiers say the same of each pair."""

import json
from pathlib import Path

import pytest

from evidence import holdfast_verify as verifier
from tests.browser.test_verify_lies import on_disk, roots
from tests.support import pairings
from tests.support.both import Both
from tests.support.bundles import Ledger
from tests.support.pairings import PAIRS, Pair
from tests.support.verify_pages import written

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


def test_a_proof_from_the_portal_shows_what_no_paper_proves(both: Both, tmp_path: Path) -> None:
    portal, case, _ = pairings.early()
    receipt = portal.receipt(case)
    here = verifier.open_receipt(receipt).ledger.size
    size, path = here - 1, written(tmp_path / "receipt.json", receipt)
    note = written(tmp_path / "note.txt", portal.ledger.note(size).encode())
    assert all(f"/ledger/consistency/{size}/{here}" in " ".join(one.noted) for one in both.verdicts(path, note))
    others = Ledger([leaf + b" " for leaf in portal.ledger.leaves])
    for ledger, is_shown in ((portal.ledger, True), (others, False)):
        proof = {"proof": ledger.told(here, [size], [])["consistency"][0]["proof"]}
        answer = written(tmp_path / f"{here}.json", json.dumps(proof).encode())
        found = both.verdicts(path, note, answer)
        assert [pairings.NO_PROOF in " ".join(one.noted) for one in found] == [not is_shown] * 2
        assert {one.result for one in found} == {"self-consistent only"}  # nothing says whose key it is
