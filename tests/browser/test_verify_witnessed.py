"""Both verifiers read the earlier checkpoints that witnesses cosigned, in bundles and in later receipts."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from evidence import holdfast_verify as verifier
from evidence.ledger import signing
from tests.support.both import Both
from tests.support.bundles import Ledger, Opened
from tests.support.verify_pages import Pristine, written

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db]
LINE = f"— witness.example/w1 {base64.b64encode(bytes(76)).decode()}\n"  # key id, time, signature


def both_say(both: Both, papers: Pristine, bag: Opened, notes: list[Any], folder: Path) -> set[tuple[str, str]]:
    """What both verifiers say of the bundle and of a later receipt with these notes, signed by the portal."""
    bag.files["proofs/ledger.json"] = verifier.canonical({**bag.json("proofs/ledger.json"), "witnessed": notes})
    bag.re_sign()
    later = json.loads(papers.later)
    del later["signature"]
    later["ledger"]["witnessed"] = notes
    receipt = written(folder / "later.json", signing.sign(later))
    found = [*both.verdicts(bag.zip(folder / "b.zip")), *both.verdicts(receipt)]
    return {(one.result, one.says) for one in found}


def filed_note(papers: Pristine) -> str:
    """A checkpoint of which the bundle and the later receipt prove that their ledger extends it."""
    note: str = json.loads(papers.receipt)["ledger"]["checkpoint"]
    return note


def test_cosigned_checkpoints_that_the_ledger_extends_are_accepted(
    both: Both, pristine: Pristine, spare: Opened, tmp_path: Path
) -> None:
    note = filed_note(pristine) + LINE + LINE.replace("w1", "w2")
    assert both_say(both, pristine, spare, [note], tmp_path) == {("self-consistent only", "")}
    ledger = verifier.open_ledger(spare.json("proofs/ledger.json"))
    assert [len(one.signatures) for one in ledger.witnessed] == [3]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("rewritten", "the portal's record was changed after you got the checkpoint of"),
        (
            "unproved",
            "there is no proof that the ledger extends the checkpoint of 1 entries that witnesses cosigned",
        ),
        ("unsigned", "the checkpoint is not signed with the ledger's key"),
        ("twice", "the checkpoints that witnesses cosigned are not in order"),
        ("number", "a checkpoint that witnesses cosigned is no text"),
    ],
)
def test_a_cosigned_checkpoint_that_does_not_fit_is_refused(
    wrong: str, says: str, both: Both, pristine: Pristine, spare: Opened, tmp_path: Path
) -> None:
    note = filed_note(pristine)
    size = verifier.parse_note(note).size
    other = Ledger([b'{"another":%d}' % number for number in range(size)])
    notes: dict[str, list[Any]] = {
        "rewritten": [other.note(size) + LINE],
        "unproved": [other.note(1) + LINE],
        "unsigned": [note.partition("— ")[0] + LINE],
        "twice": [note + LINE, note + LINE],
        "number": [7],
    }
    found = both_say(both, pristine, spare, notes[wrong], tmp_path)
    assert {result for result, _ in found} == {"broken"}
    assert all(said.startswith(says) for _, said in found), found
