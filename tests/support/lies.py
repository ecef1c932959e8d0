"""Papers that lie although everything in them is signed and fits together: their maker has the signing key.

They are of an honest portal in memory. Both verifiers judge the same ones.
"""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from evidence import holdfast_verify as verifier
from evidence.ledger import rfc3339

from . import honest
from .additions import re_signed
from .bundles import Ledger, Opened
from .witnesses import ANNE, BO

Document = dict[str, Any]
DAY = timedelta(days=1)


@dataclass
class Lie:
    """A paper, what the reader holds besides key and roots, and what both verifiers must say: the result, the
    check that fails, and a part of its sentence or of a note."""

    paper: bytes | Opened
    result: str
    link: str
    says: str
    kept: dict[str, bytes | Opened] = field(default_factory=dict)


class Portal(honest.Portal):
    """A portal that says of files that they came by `shift` later than they did."""

    shift = timedelta(0)
    written: timedelta | None = None  # how much later than their entries its documents say that they were written

    def document(self, case: honest.Case, name: str, **more: Any) -> str:
        dates = verifier.OWN_DATES.get(name.partition("-")[0], ()) if self.written is not None else ()
        return super().document(
            case, name, **{one: rfc3339(case.at + (self.written or timedelta(0))) for one in dates}, **more
        )

    def append(self, case: honest.Case, kind: str, data: Document, subject: str = "") -> None:
        if kind == "evidence.received":
            data = {**data, "received_at": rfc3339(case.at + self.shift)}
        super().append(case, kind, data, subject)


def decided(
    shift: timedelta = timedelta(0), seals: bool = True, written: timedelta | None = None
) -> tuple[Portal, honest.Case]:
    """A decided case with two exhibits, under a stamped checkpoint, and entries of other cases around it."""
    portal = Portal(1)
    portal.shift, portal.written = shift, written
    portal.ledger.add(b"another case")
    while len((case := portal.file()).items) != 2:
        pass
    for item in case.items if seals else ():
        portal.seal(case, item)
    for kind in honest.CLOSED[:3]:
        portal.step(case, kind)
    portal.anchor()
    return portal, case


def bag_of(portal: Portal, case: honest.Case) -> Opened:
    return Opened(case.reference, dict(portal.bundle(case)))


def without_receipt(bag: Opened) -> Opened:
    bag.files.pop("proofs/receipt.json")
    bag.re_sign(withheld=["receipt", *bag.json("proofs/export.json")["withheld"]])
    return bag


# -- dates


def came_before() -> Lie:
    portal, case = decided(-30 * DAY)
    return Lie(portal.receipt(case), "verified", "", "E-1 is said to have come on ")


def came_before_and_not_stamped() -> Lie:
    portal, case = decided(-30 * DAY)
    portal.anchors.clear()
    return Lie(portal.receipt(case), "verified", "", "no authority has dated E-1: that it came on ")


def came_afterwards() -> Lie:
    portal, case = decided(300 * DAY)
    return Lie(portal.receipt(case), "broken", "receipt", "but what it is of is said to have come at ")


def bundle_of_what_came_afterwards() -> Lie:
    portal, case = decided(300 * DAY, seals=False)
    return Lie(bag_of(portal, case), "broken", "thread", "but what it is of is said to have come at ")


def documents_of(shift: timedelta) -> Lie:
    """The documents say that they were written by `shift` later than their entries say."""
    portal, case = decided(written=shift)
    return Lie(bag_of(portal, case), "broken", "documents", "and was made with it: one is false")


def issued_before_its_stamp() -> Lie:
    portal, case = decided()
    now, size = honest.authorities().now, len(portal.ledger.leaves)
    name, note = next(one for one in honest.authorities().pems if one != "builtin"), portal.ledger.note(size)
    honest.authorities().now = now + 60 * DAY
    stamp = honest.authorities().stamp(name, hashlib.sha256(note.encode()).digest())
    honest.authorities().now = now
    portal.anchors.append((size, name, note, *stamp))
    return Lie(portal.receipt(case), "broken", "anchors", "it is back-dated")


def stamped_after_the_seal() -> Lie:
    """A seal of today lists a token of next month, which is not in the receipt."""
    portal, case = decided(seals=False)
    item = next(iter(case.items))
    token = {"authority": "builtin", "sha256": "0" * 64, "gen_time": rfc3339(case.at + 30 * DAY)}
    told = {"item": item, "sha256": case.items[item].sha256, "tokens": [token]}
    portal.append(case, "evidence.sealed", told, f"item:{item}")
    return Lie(
        portal.receipt(case), "broken", "receipt", "a timestamp of a time at which it cannot have been made"
    )


# -- names


def sealed_by_another() -> Lie:
    """Each seal names the other authority than the one whose token it lists."""
    portal, case = decided(seals=False)
    one, other = honest.authorities().pems
    for item, stamped in [*case.items.items()]:
        answers = {one: stamped.answers[other], other: stamped.answers[one]}
        case.items[item] = honest.Stamped(stamped.content, answers)
        portal.seal(case, item)
    return Lie(
        bag_of(portal, case), "broken", "timestamps", "it is of another authority than it is said to be: of "
    )


def no_longer_a_local_clock() -> Lie:
    """The receipt that is held says of an authority that it is a local clock; the bundle does not."""
    portal, case = decided()
    kept = re_signed(
        portal.receipt(case), lambda one: [each.update(local_clock=True) for each in one["authorities"]]
    )
    return Lie(bag_of(portal, case), "verified", "", "时间戳 TSA is a local clock", {"kept.json": kept})


def with_authorities(edit: Callable[[list[Document]], object]) -> Opened:
    bag = bag_of(*decided())
    listed = bag.json("proofs/export.json")["authorities"]
    edit(listed)
    bag.re_sign(authorities=listed)
    return bag


def two_names() -> Lie:
    bag = with_authorities(
        lambda listed: listed.extend({**one, "name": f"{one['name']} Court"} for one in [*listed])
    )
    return Lie(bag, "verified", "", "one authority is called by several names, for they have one root: ")


def no_digest() -> Lie:
    bag = with_authorities(lambda listed: listed.append({"name": "Court", "root_sha256": "not a digest"}))
    return Lie(bag, "broken", "timestamps", "is not a SHA-256 in hex")


def planted() -> Lie:
    """The receipt has an exhibit of which no complaint, message or answer says anything."""
    portal, case = decided()
    one = honest.pool()[3]
    told = {"item": "planted", "sha256": one.sha256, "size": len(one.content), "media_type": "image/png"}
    portal.append(case, "evidence.received", {**told, "received_at": ""}, "item:planted")
    case.items["planted"], case.types["planted"], case.names["planted"] = one, "image/png", "planted.png"
    return Lie(portal.receipt(case), "verified", "", "E-3 came with no complaint, message or answer")


# -- ledgers


def rewritten(portal: Portal, case: honest.Case, fewer: int = 0) -> Portal:
    """The ledger without the last `fewer` entries of the case, and with another entry of another case; longer than
    before. No proof leads to it."""
    del case.entries[len(case.entries) - fewer :], case.places[len(case.places) - fewer :]
    gone = portal.ledger.leaves[len(portal.ledger.leaves) - fewer :]
    leaves = [b"rewritten", *(leaf for leaf in portal.ledger.leaves[1:] if leaf not in gone), *[b"others"] * 5]
    portal.ledger = Ledger(leaves)
    case.seen, portal.sizes, portal.anchors = [], [], []
    return portal


def hides_behind_proofs(size: int) -> Lie:
    """A ledger that was rewritten, against a later receipt. A hundred and fifty proofs from this size on lead
    nowhere."""
    portal, case = decided()
    kept = portal.receipt(case)
    bag = bag_of(rewritten(portal, case), case)
    told = bag.json("proofs/ledger.json")
    told["consistency"] = [{"from": size + more, "proof": []} for more in range(150)]
    bag.files["proofs/ledger.json"] = verifier.canonical(told)
    return Lie(without_receipt(bag), "broken", "entries", "does not lead to the record", {"kept.json": kept})


def hides_an_export() -> Lie:
    portal, case = decided()
    portal.export(case)
    kept = Opened(case.reference, case.bundles[0])
    bag = without_receipt(bag_of(rewritten(portal, case, fewer=1), case))
    return Lie(bag, "broken", "against kept.zip", "does not show that today's record grew out", {"kept.zip": kept})


def another_case(*, is_proved: bool, is_rewritten: bool = False) -> Lie:
    """A receipt of another case of the portal is held; the bundle has the proof from its ledger, or has not."""
    portal, case = decided()
    kept = portal.file().receipts[0]
    size = len(portal.ledger.leaves)
    portal.step(case, "case.replied")
    if is_rewritten:
        rewritten(portal, case)
    case.seen = [size] if is_proved else []
    portal.sizes = []
    bag = without_receipt(bag_of(portal, case))
    if is_rewritten:
        return Lie(bag, "broken", "against kept.json", "record was changed after you got", {"kept.json": kept})
    says = "" if is_proved else "not proved to be of the same ledger: it is not compared"
    link = "" if is_proved else "against kept.json"
    return Lie(bag, "verified" if is_proved else "unreadable", link, says, {"kept.json": kept})


def signed_in_another_way() -> Lie:
    """No lie: a witness signed a checkpoint with ML-DSA-44."""
    portal, case = decided()
    size, mark = len(portal.ledger.leaves), base64.b64encode(bytes(4 + verifier.ML_DSA_MARK)).decode()
    portal.looks[size] = f"{portal.ledger.note(size)}— pq.example/w {mark}\n"
    portal.step(case, "case.replied")
    return Lie(
        bag_of(portal, case), "verified", "", "signatures by pq.example/w are not checked here: they are of"
    )


def forked_behind_an_old_look(*, is_bundle: bool) -> Lie:
    """A ledger that goes on after an old look of the witnesses in another way than the one that they saw since."""
    portal, case = decided()
    size = len(portal.ledger.leaves)
    kept: dict[str, bytes | Opened] = {
        "today.txt": witnessed_note(Ledger([*portal.ledger.leaves, b"another", b"and another"]), size + 2)
    }
    portal.ledger = Ledger([*portal.ledger.leaves, *[b"invented"] * 9])
    if not is_bundle:  # receipts do not prove the extension of each checkpoint
        return Lie(
            portal.receipt(case), "self-consistent only", "", "there is no proof that the ledger extends", kept
        )
    says = "does not show that today's record grew out of the one on today.json"
    return Lie(without_receipt(bag_of(portal, case)), "broken", "against today.json", says, kept)


def witnessed_note(ledger: Ledger, size: int) -> bytes:
    note, at = ledger.note(size), int(honest.authorities().now.timestamp())
    return (note + ANNE.line(note, at) + BO.line(note, at)).encode()


LIES: dict[str, Callable[[], Lie]] = {
    "exhibits came long before the complaint": came_before,
    "exhibits came long before, without a stamp": came_before_and_not_stamped,
    "exhibits came after the receipt": came_afterwards,
    "exhibits came after the bundle": bundle_of_what_came_afterwards,
    "documents are older than their entries": lambda: documents_of(-30 * DAY),
    "documents are newer than their entries": lambda: documents_of(DAY),
    "a receipt is older than its stamp": issued_before_its_stamp,
    "a token is newer than its seal": stamped_after_the_seal,
    "seals name other authorities": sealed_by_another,
    "a local clock is called real": no_longer_a_local_clock,
    "an authority has two names": two_names,
    "an authority without a root": no_digest,
    "an exhibit that nobody sent": planted,
    "proofs beyond the ledger": lambda: hides_behind_proofs(10**6),
    "proofs from before it": lambda: hides_behind_proofs(-200),
    "proofs that are too short": lambda: hides_behind_proofs(3),
    "an export is hidden": hides_an_export,
    "none: signed in another way": signed_in_another_way,
    "forked behind an old look, a bundle": lambda: forked_behind_an_old_look(is_bundle=True),
    "forked behind an old look, a receipt": lambda: forked_behind_an_old_look(is_bundle=False),
    "none: a receipt of another case is held": lambda: another_case(is_proved=True),
    "none: a receipt of another case is held, without a proof": lambda: another_case(is_proved=False),
    "the ledger of another case's receipt is rewritten": lambda: another_case(is_proved=True, is_rewritten=True),
}
