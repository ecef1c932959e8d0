"""Papers of which the two verifiers once said different things: receipts that anybody can write without a key, and
bundles that are signed again."""

import json
from pathlib import Path
from typing import Any

import pytest

from evidence import holdfast_verify as verifier
from tests.support import honest
from tests.support.both import Both
from tests.support.bundles import Opened
from tests.support.verify_pages import written

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
BROKEN, UNREAD = "broken", "unreadable"
NO_RECEIPT = "no Holdfast receipt"
PAPERS = {
    "NaN": ('{"format":"holdfast-receipt/1","a":NaN}', UNREAD, "saved in another form"),
    "infinity": ('{"a":-Infinity}', UNREAD, "saved in another form"),
    "a fraction": ('{"a":1.5}', UNREAD, "wrote its numbers anew, with a fraction"),
    "a key twice": ('{"a":1,"a":2}', BROKEN, "names a key twice"),
    "a key twice, then cut": ('{"a":1,"a":2,', UNREAD, "its end is missing"),
    "a key twice inside, then cut": ('{"b":{"a":1,"a":2},', BROKEN, "names a key twice"),
    "199 levels": ('{"a":' + "[" * 198 + "]" * 198 + "}", UNREAD, NO_RECEIPT),
    "200 levels": ('{"a":' + "[" * 199 + "]" * 199 + "}", UNREAD, "saved in another form"),
    "deep, and a fraction": ('{"a":' + "[" * 300 + "]" * 300 + ',"b":1.5}', UNREAD, "saved in another form"),
    "a million brackets in a text": ('{"a":"' + "[" * 1_000_001 + '"}', UNREAD, NO_RECEIPT),
    "a million brackets": ('{"a":[' + "{}," * 1_000_000 + "{}]}", BROKEN, "too many parts to be genuine"),
    "half a million, closed and cut": ('{"a":' + "[" * 150 + "]" * 2_000_000, BROKEN, "too many parts"),
    "text of a mail behind it": ('{"a":1}\nSent from my phone', UNREAD, "saved in another form"),
    "a comma behind it": ('{"a":{}},', UNREAD, "saved in another form"),
    "cut": ('{"a":{"b":1},', UNREAD, "its end is missing"),
}


@pytest.mark.parametrize("paper", PAPERS)
def test_both_verifiers_say_the_same_of_a_receipt_that_is_no_receipt(
    paper: str, both: Both, tmp_path: Path
) -> None:
    text, result, says = PAPERS[paper]
    path = written(tmp_path / "receipt.json", text.encode())
    ours, theirs = both.verdicts(path)
    assert (ours.result, ours.link, ours.says) == (theirs.result, theirs.link, theirs.says)
    assert ours.result == result
    assert says in ours.says


class Undescribed(honest.Portal):
    """Its statements do not describe the files. case.json says null for that."""

    def document(self, case: honest.Case, name: str, **more: Any) -> str:
        for one in more.get("exhibits", []):
            one.pop("description")
        return super().document(case, name, **more)

    def case_json(self, case: honest.Case, head: dict[str, Any], documents: dict[str, bytes]) -> bytes:
        told = json.loads(documents["statement"])
        exhibits = [{**one, "description": None} for one in told["exhibits"]]
        said = verifier.canonical({**told, "exhibits": exhibits})
        return verifier.canonical(
            json.loads(super().case_json(case, head, {**documents, "statement": said})) | {"statement": told}
        )


class Alone(honest.Portal):
    """Its ledger has one case."""

    def others(self) -> None:
        pass


def a_bundle(portal: type[honest.Portal], files: int) -> Opened:
    """The bundle of a case with so many files, in a ledger of its own."""
    for seed in range(1000):
        one = portal(seed)
        case = one.file()
        if len(case.items) == files:
            return Opened(case.reference, one.bundle(case))
    raise LookupError


def test_a_missing_description_is_null_for_both(both: Both, tmp_path: Path) -> None:
    path = a_bundle(Undescribed, 1).zip(tmp_path / "bundle.zip")
    assert {one.result for one in both.verdicts(path)} == {"self-consistent only"}


def test_a_size_that_is_true_is_no_number_for_both(both: Both, tmp_path: Path) -> None:
    bag = a_bundle(Alone, 0)
    bag.files["data/case.json"] = verifier.canonical({**bag.json("data/case.json"), "ledger_size": True})
    bag.re_sign(ledger_size=True)
    assert bag.json("proofs/ledger.json")["checkpoint"].split("\n")[1] == "1"
    for verdict in both.verdicts(bag.zip(tmp_path / "bundle.zip")):
        assert (verdict.result, verdict.link) == ("broken", "checkpoint")


def test_an_export_is_written_in_one_way_alone(both: Both, tmp_path: Path) -> None:
    """No list has it, so that anybody could write its JSON otherwise."""
    bag = a_bundle(honest.Portal, 0)
    bag.files["proofs/export.json"] = json.dumps(bag.json("proofs/export.json"), indent=1).encode()
    for verdict in both.verdicts(bag.zip(tmp_path / "bundle.zip")):
        assert (verdict.result, verdict.link) == ("broken", "export")
        assert "proofs/export.json is not in its canonical form" in verdict.says


class Misnamed(honest.Portal):
    """Its seals name a list where the item should be."""

    def append(self, case: honest.Case, kind: str, data: dict[str, Any], subject: str = "") -> None:
        super().append(case, kind, {**data, "item": []} if kind == "evidence.sealed" else data, subject)


def test_a_seal_of_no_item_is_refused_by_both(both: Both, tmp_path: Path) -> None:
    """The receipt does not list its stamps, for the ledger does not say of what they are."""
    portal = Misnamed(1)
    case = next(one for one in (portal.file() for _ in range(50)) if one.items)
    portal.seal(case, next(iter(case.items)))
    case.receipts.append(portal.receipt(case))
    for verdict in both.verdicts(written(tmp_path / "receipt.json", portal.receipt(case))):
        assert (verdict.result, verdict.link) == ("broken", "receipt")
        assert "has no proper “item”" in verdict.says
