"""A ledger whose key was changed, and made-up changes that nobody should accept."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from complaints.filing import receipts
from complaints.models import Case
from evidence import holdfast_verify as verifier
from evidence.ledger import checkpoints, keys, rotation, signing
from evidence.timestamps import anchoring

from . import cast
from .bundles import Opened, exported, opened, seal_all
from .keys import vkey

OLD, NEW, NEWEST = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2, 3))  # seeds
OPERATOR = {"role": "administrator"}


@dataclass
class Papers:
    """What people have of one case: from before the key was changed (`old`), and from after it."""

    old_key: str
    old_receipt: bytes
    old_note: bytes
    old_bundle: bytes
    new_receipt: bytes
    new_bundle: bytes
    all_keys: str
    changed_at: int  # size of the ledger


def papers(settings: Any, seeds: Iterable[str] = (NEW,)) -> Papers:
    settings.LEDGER_SIGNING_KEY = OLD
    case = cast.file_a_complaint(files=[("one.png", cast.a_screenshot("one"))]).case
    seal_all(case)
    old_key, old_bundle = signing.vkey(), exported(case)
    anchoring.anchor()  # the stamped checkpoint is one by the old key
    old_note = checkpoints.current().note.encode()
    for seed in seeds:
        rotation.change(seed, by=OPERATOR)
        settings.LEDGER_SIGNING_KEY = seed
        cast.file_a_complaint(files=[])
    new_receipt, new_bundle = receipts.extended(case), exported(case)
    changed_at = keys.former()[0][0]
    old = old_key, bytes(case.receipt), old_note, old_bundle
    return Papers(*old, new_receipt, new_bundle, keys.as_text(), changed_at)


def after_a_loss(settings: Any) -> tuple[bytes, bytes]:
    """A later receipt and bundle of the first case, after the present key was lost and replaced."""
    case = Case.objects.get(exhibits__number=1)
    settings.LEDGER_SIGNING_KEY = NEWEST
    rotation.replace_lost(by=OPERATOR)
    return receipts.extended(case), exported(case)


def silent(papers: Papers) -> Opened:
    """The new bundle without a word of the change, signed again."""
    bag = opened(papers.new_bundle)
    told = bag.json("proofs/ledger.json")
    del told["keys"]
    bag.files["proofs/ledger.json"] = verifier.canonical(told)
    bag.re_sign()
    return bag


def change(
    place: int, former: str, new: str, by: str = "", size: int | None = None, name: str = "a"
) -> dict[str, Any]:
    """What an entry about a change says of the keys of two seeds, signed with that of the seed `by`."""
    data = {"from": key(former, name), "to": key(new, name)}
    signer = Ed25519PrivateKey.from_private_bytes(base64.b64decode(by or former))
    message = verifier.key_change(data["from"], data["to"], place if size is None else size)
    mark = base64.b64encode(signer.sign(message)).decode()
    return {"kind": "ledger.key_changed", "place": place, "data": {**data, "ed25519": mark}}


def key(seed: str, name: str = "a") -> str:
    return vkey(name, Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed)).public_key().public_bytes_raw())


GOOD = [change(4, OLD, NEW), change(9, NEW, NEWEST)]
LOST = {**change(4, OLD, NEW), "data": {"from": key(OLD), "to": key(NEW)}}
# Entries, the present key, and a part of the sentence that refuses them
CHAINS: dict[str, tuple[list[dict[str, Any]], str, str]] = {
    "none": ([], key(OLD), ""),
    "one": (GOOD[:1], key(NEW), ""),
    "two": (GOOD, key(NEWEST), ""),
    "a lost key": ([LOST, GOOD[1]], key(NEWEST), ""),
    "not to the present key": (GOOD[:1], key(NEWEST), "does not lead to the next key"),
    "a fork": ([GOOD[0], change(9, OLD, NEWEST)], key(NEWEST), "goes back to an earlier key"),
    "a loop": ([GOOD[0], change(9, NEW, OLD)], key(OLD), "goes back to an earlier key"),
    "to itself": ([change(4, OLD, OLD)], key(OLD), "goes back to an earlier key"),
    "signed with the new key": ([change(4, OLD, NEW, by=NEW)], key(NEW), "is not signed with the former key"),
    "signed for another size": ([change(4, OLD, NEW, size=5)], key(NEW), "is not signed with the former key"),
    "an empty signature": (
        [{**GOOD[0], "data": {**GOOD[0]["data"], "ed25519": ""}}], key(NEW), "is not signed with the former key",
    ),
    "a signature that is no text": (
        [{**GOOD[0], "data": {**GOOD[0]["data"], "ed25519": None}}], key(NEW), "no proper “ed25519”",
    ),
    "the wrong order": ([GOOD[1], GOOD[0]], key(NEWEST), "does not lead to the next key"),
    "before the change before": ([GOOD[0], change(4, NEW, NEWEST)], key(NEWEST), "does not lead to the next key"),
    "another kind of entry": ([{**GOOD[0], "kind": "proof.settings"}], key(NEW), "does not lead to the next key"),
    "of another ledger": (
        [{**GOOD[0], "data": {**GOOD[0]["data"], "from": key(OLD, "b")}}], key(NEW), "that of another ledger",
    ),
}  # fmt: skip
