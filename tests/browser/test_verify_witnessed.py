"""Both verifiers read the earlier checkpoints that witnesses cosigned, in bundles and in later receipts."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from complaints.filing import receipts
from evidence import holdfast_verify as verifier
from evidence.ledger import checkpoints, signing
from tests.support import cast
from tests.support.both import Both
from tests.support.bundles import Ledger, Opened, exported, opened, seal_all
from tests.support.verify_pages import PICTURES, Pristine, written
from tests.support.witness_server import Witness, cosign

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


# -- as the portal makes them

ANNE, BO = Witness("anne.example/w"), Witness("bo.example/w")


@pytest.fixture(scope="module")
def cosigned(django_db_setup: None, django_db_blocker: Any) -> Iterator[Pristine]:
    """The papers of a sealed case: both witnesses saw its checkpoint, one of them also a later one."""
    with django_db_blocker.unblock(), transaction.atomic():
        case = cast.file_a_complaint(files=PICTURES).case
        seal_all(case)
        cosign(checkpoints.current(), ANNE, BO)
        cast.file_a_complaint(files=[])
        cosign(checkpoints.current(), BO)
        bundle = exported(case)
        papers = Pristine(opened(bundle), bundle, bytes(case.receipt), receipts.extended(case))
        transaction.set_rollback(True)
    yield papers


@pytest.mark.parametrize(
    ("named", "quorum", "result"),
    [
        ((ANNE, BO), "", "verified"),
        ((ANNE, Witness("c.example/w")), "1", "verified"),
        ((ANNE, Witness("c.example/w")), "2", "broken"),
        ((Witness(ANNE.name),), "", "broken"),  # another key under her name
    ],
)
def test_both_verifiers_count_the_witnesses_of_papers_that_the_portal_made(
    named: tuple[Witness, ...], quorum: str, result: str, both: Both, cosigned: Pristine, tmp_path: Path
) -> None:
    filing = written(tmp_path / "filing.json", cosigned.receipt)
    keys = " ".join(one.vkey for one in named)
    for name, content in (("bundle.zip", cosigned.bundle), ("later.json", cosigned.later)):
        paper = written(tmp_path / name, content)
        found = both.verdicts(paper, filing, witnesses=keys, quorum=quorum)
        assert [one.result for one in found] == [result, result], found
        assert found[0] == found[1]
