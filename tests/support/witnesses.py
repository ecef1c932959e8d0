"""Witnesses who cosign checkpoints, and what people hold of a ledger that they saw: honest papers and attacks.

Written from C2SP tlog-cosignature, without the product's code.
"""

import base64
import copy
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evidence import holdfast_verify as verifier
from evidence.ledger import rfc3339, signing

from .attacks import CHECKPOINT, LEDGER, RECEIPT
from .bundles import Ledger, chained, remake
from .verify_pages import Pristine

HOUR, DAY = 3600, 86_400


class Witness:
    def __init__(self, name: str, number: int, kind: int = 4) -> None:
        self.name, self.secret = name, Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        data = bytes([kind]) + self.secret.public_key().public_bytes_raw()
        self.id = hashlib.sha256(f"{name}\n".encode() + data).digest()[:4]
        self.vkey = f"{name}+{self.id.hex()}+{base64.b64encode(data).decode()}"

    def line(self, note: str, at: int, signs: str = "") -> str:
        """The signature line of a look at this time. `signs` is another text that it is made over."""
        body = (signs or note).rpartition("\n\n")[0] + "\n"
        mark = self.secret.sign(f"cosignature/v1\ntime {at}\n{body}".encode())
        return self.line_of(at.to_bytes(8, "big") + mark)

    def line_of(self, data: bytes) -> str:
        return f"— {self.name} {base64.b64encode(self.id + data).decode()}\n"


ANNE, BO, CARL = Witness("anne.example/w", 101), Witness("bo.example/w", 102), Witness("carl.example/w", 103)
BOTH = f"{ANNE.vkey}\n{BO.vkey}"


@dataclass
class Look:
    """A bundle, what its reader holds, and which witnesses they name. It is changed by the rows below."""

    papers: Pristine
    named: str = BOTH
    quorum: str = ""
    kept: dict[str, bytes] = field(default_factory=dict)
    subject: str = "bundle.zip"

    def __post_init__(self) -> None:
        self.bag = copy.deepcopy(self.papers.bag)
        self.kept.setdefault("filing.json", self.papers.receipt)
        self.filed = json.loads(self.papers.receipt)["ledger"]["checkpoint"]
        self.at = int(verifier.moment(self.bag.entries()[-1]["at"], "it").timestamp()) + 60

    def witnessed(self, *lines: str) -> None:
        """The bundle has the checkpoint of the filing with these lines."""
        self.tell_notes(self.filed + "".join(lines))

    def tell_notes(self, *notes: str) -> None:
        """The bundle has these earlier checkpoints."""
        told = {**self.bag.json(LEDGER), "witnessed": [*notes]}
        self.bag.files[LEDGER] = verifier.canonical(told)
        self.bag.re_sign()

    def lines(self, *witnesses: Witness, after: int = 0) -> list[str]:
        """Lines of a look at the filing, so many seconds after the newest entry."""
        return [one.line(self.filed, self.at + after) for one in witnesses]

    def made_after(self, seconds: int) -> None:
        """The bundle says that it was made so long after the newest entry."""
        self.bag.made_at(rfc3339(datetime.fromtimestamp(self.at + seconds, UTC)))

    def on_its_checkpoint(self, *witnesses: Witness) -> None:
        """The bundle's newest checkpoint has the lines of these witnesses."""
        note = self.bag.text(CHECKPOINT)
        note += "".join(one.line(note, self.at) for one in witnesses)
        self.bag.files[CHECKPOINT] = note.encode()
        self.bag.files[LEDGER] = verifier.canonical({**self.bag.json(LEDGER), "checkpoint": note})
        self.bag.re_sign()

    def rewrite(self, change: Callable[[list[dict[str, Any]]], object], *earlier: int) -> None:
        """The operator makes the ledger and the bundle anew, with every key, and proofs from `earlier` sizes."""
        entries = self.bag.entries()
        change(entries)
        remake(self.bag, chained(entries), earlier)
        self.kept.pop("filing.json")  # who holds no receipt sees nothing of it without witnesses


Row = Callable[[Look], object]


def nothing(_: Look) -> None: ...


def none_yet(look: Look) -> None:
    look.named = ""


def not_named(look: Look) -> None:
    look.witnessed(*look.lines(ANNE, BO))
    look.named = ""


def both(look: Look) -> None:
    look.witnessed(*look.lines(ANNE, BO))


def one_is_enough(look: Look) -> None:
    look.witnessed(*look.lines(BO))
    look.quorum = "1"


def one_of_two(look: Look) -> None:
    look.witnessed(*look.lines(BO))


def the_newest(look: Look) -> None:
    look.on_its_checkpoint(ANNE, BO)


def a_stranger_too(look: Look) -> None:
    look.witnessed(*look.lines(CARL, ANNE, BO))


def a_stranger_with_a_flaw(look: Look) -> None:
    look.witnessed(CARL.line_of(bytes(72)), *look.lines(ANNE, BO))


def twice(look: Look) -> None:
    look.witnessed(*look.lines(ANNE, BO), *look.lines(ANNE, after=DAY))


def at_two_times(look: Look) -> None:
    """The second came three days later: only then had both seen it. The bundle was made before that."""
    look.witnessed(*look.lines(ANNE), *look.lines(BO, after=HOUR))


def each_another_size(look: Look) -> None:
    """One saw the filing, the other the newest checkpoint, which contains it: both saw the filing."""
    look.on_its_checkpoint(BO)
    look.witnessed(*look.lines(ANNE))


def each_another_size_days_apart(look: Look) -> None:
    """What came between their looks is younger than the first and older than the second."""
    note = look.bag.text(CHECKPOINT)
    look.kept["note"] = (note + BO.line(note, look.at + 3 * DAY)).encode()
    look.witnessed(*look.lines(ANNE))


def one_saw_it_days_later(look: Look) -> None:
    """One of the two cosigned the filing's checkpoint when the ledger had long grown. The other did so at once."""
    look.on_its_checkpoint(ANNE, BO)
    look.witnessed(*look.lines(ANNE), *look.lines(BO, after=3 * DAY))


def one_saw_it_twice_days_later(look: Look) -> None:
    """A witness is one witness, however many looks it has."""
    look.on_its_checkpoint(ANNE, BO)
    for days in (3, 4):
        look.kept[f"note-{days}"] = (look.filed + "".join(look.lines(BO, after=days * DAY))).encode()


def not_seen_for_days(look: Look) -> None:
    """The witnesses have been away. A ledger that was made up behind an old look is the same to the reader."""
    both(look)
    look.made_after(4 * DAY)


def a_kept_note(look: Look) -> None:
    note = look.filed + "".join(look.lines(ANNE, BO))
    look.kept["note"] = note.encode()


def a_newer_receipt(look: Look) -> None:
    """The bundle has no line; a receipt that was fetched later has, under an earlier size of its own."""
    receipt = json.loads(look.papers.later)
    del receipt["signature"]
    receipt["ledger"]["witnessed"] = [look.filed + "".join(look.lines(ANNE, BO))]
    look.kept = {"later.json": signing.sign(receipt)}
    look.subject = "later.json"


def a_first_receipt_and_todays(look: Look) -> None:
    """The first one has no line. The second has them, under the earlier size."""
    a_newer_receipt(look)
    look.kept["filing.json"] = look.papers.receipt
    look.subject = "filing.json"


def a_kept_note_with_a_flaw(look: Look) -> None:
    """Anybody can add a line to a file, which says nothing of the paper. Without the line it would show both."""
    look.kept["note"] = (look.filed + "".join(look.lines(ANNE, BO)) + BO.line_of(bytes(72))).encode()


def a_witness_that_is_the_ledger(look: Look) -> None:
    """A key of the other kind with the ledger's own public key: the portal vouches for itself."""
    both(look)
    name, public = "own.example/w", verifier.parse_vkey(signing.vkey()).public
    key = hashlib.sha256(f"{name}\n".encode() + b"\x04" + public).digest()[:4]
    look.named = f"{BOTH}\n{name}+{key.hex()}+{base64.b64encode(bytes([4]) + public).decode()}"


def comments_between_keys(look: Look) -> None:
    both(look)
    look.named = f"# from their own pages\n\n{ANNE.vkey}   {BO.vkey}\n; all"


def the_first_receipt(look: Look) -> None:
    """It has no line. A witness gave a note of the same size."""
    a_kept_note(look)
    look.subject = "filing.json"


WITHOUT = "self-consistent only", "the witness bo.example/w saw the ledger at"
# name -> what is done, and the result
HONEST: dict[str, tuple[Row, str, str]] = {
    "no witness was asked yet": (none_yet, "verified", ""),
    "witnesses that are not named": (not_named, "verified", "name their keys to count them"),
    "both saw the filing": (both, "verified", "not yet seen by the witnesses: 4 entries that are no acts"),
    "one of two, and one is enough": (one_is_enough, "verified", "vouch for the first"),
    "both saw the newest": (the_newest, "verified", "vouch for the first"),
    "another witness as well": (a_stranger_too, "verified", "vouch for the first"),
    "a line of another that is wrong": (a_stranger_with_a_flaw, "verified", "vouch for the first"),
    "one looked twice": (twice, "verified", "vouch for the first"),
    "one looked later": (at_two_times, "verified", "vouch for the first"),
    "each saw another size": (each_another_size, "verified", "vouch for the first 3 entries"),
    "each saw another size, days apart": (
        each_another_size_days_apart,
        "verified",
        "vouch for the first 3 entries",
    ),
    "one looked at an old one days later": (one_saw_it_days_later, *WITHOUT),
    "one looked at an old one twice": (one_saw_it_twice_days_later, *WITHOUT),
    "not seen for days": (not_seen_for_days, "self-consistent only", "have not yet seen it: get their newest"),
    "a note that the witness gave": (a_kept_note, "verified", "vouch for the first"),
    "a later receipt": (a_newer_receipt, "self-consistent only", "vouch for the first"),
    "a first receipt": (the_first_receipt, "self-consistent only", "vouch for the first 3 entries"),
    "a first receipt and today's": (a_first_receipt_and_todays, "verified", "vouch for the first 3 entries"),
    "keys among comments": (comments_between_keys, "verified", "vouch for the first"),
}


def another_statement(look: Look) -> None:
    look.rewrite(lambda entries: entries[0].update(salt="0" * 32))


def a_rewritten_ledger_with_their_note(look: Look) -> None:
    another_statement(look)
    both(look)


def a_dropped_end(look: Look) -> None:
    """The office drops what came last, which both had seen."""
    note = look.bag.text(CHECKPOINT)
    look.kept["note"] = (note + "".join(one.line(note, look.at) for one in (ANNE, BO))).encode()
    look.bag.files = {name: one for name, one in look.bag.files.items() if "timestamps/E-002" not in name}
    look.rewrite(lambda entries: entries.pop())


def a_fork_behind_an_old_look(look: Look) -> None:
    """They saw ten entries of the true ledger before this was made, which has seven."""
    both(look)
    note = Ledger([*chained(look.bag.entries())[:3], *(bytes([one]) for one in range(7))]).note(10)
    look.kept["note"] = (note + "".join(one.line(note, look.at) for one in (ANNE, BO))).encode()
    look.made_after(HOUR)


def dated_back_behind_their_look(look: Look) -> None:
    """What came after their look is dated three days before it."""
    look.witnessed(*look.lines(ANNE, BO, after=3 * DAY))


def dated_back_behind_looks_at_two_sizes(look: Look) -> None:
    """The office shows them two checkpoints, and dates what follows back behind both."""
    look.rewrite(lambda entries: None, 5)
    made = Ledger(chained(look.bag.entries()))
    notes = [made.note(3), made.note(5)]
    both = zip((ANNE, BO), notes, strict=True)
    look.tell_notes(*(note + one.line(note, look.at + 3 * DAY) for one, note in both))
    look.on_its_checkpoint(ANNE, BO)


def too_many_notes(look: Look) -> None:
    look.tell_notes(*[look.filed] * 1001)


def written_after_their_look(look: Look) -> None:
    look.witnessed(*look.lines(ANNE, BO, after=-2 * HOUR))


def forged(look: Look) -> None:
    look.witnessed(*look.lines(ANNE), BO.line(look.filed, look.at, signs="a\n1\n\n\n"))


def another_time(look: Look) -> None:
    name, data = BO.name, base64.b64decode(look.lines(BO)[0].split(" ")[2])
    later = (look.at + 1).to_bytes(8, "big")
    look.witnessed(*look.lines(ANNE), f"— {name} {base64.b64encode(data[:4] + later + data[12:]).decode()}\n")


def of_another_checkpoint(look: Look) -> None:
    look.witnessed(*look.lines(ANNE), BO.line(look.filed, look.at, signs=look.bag.text(CHECKPOINT)))


def too_short(look: Look) -> None:
    look.witnessed(*look.lines(ANNE), BO.line_of(bytes(8)))


def of_no_time(look: Look) -> None:
    look.witnessed(*look.lines(ANNE), BO.line(look.filed, 0))


def one_by_two_names(look: Look) -> None:
    """Two keys that are one: the operator cannot count a witness of theirs twice."""
    again = Witness("other.example/w", 101)
    look.witnessed(*look.lines(ANNE, again))
    look.named = f"{ANNE.vkey} {again.vkey} {BO.vkey}"


def a_note_that_is_not_joined(look: Look) -> None:
    """A checkpoint of the ledger that both saw, from which nothing leads to this bundle."""
    both(look)
    told = look.bag.json(LEDGER)
    del told["witnessed"]
    look.bag.files[LEDGER] = verifier.canonical({**told, "consistency": []})
    look.bag.re_sign()
    look.kept = {"note": (look.filed + "".join(look.lines(ANNE, BO))).encode()}


def a_first_receipt_that_nobody_saw(look: Look) -> None:
    look.subject = "filing.json"


def a_first_receipt_of_a_ledger_that_was_replaced(look: Look) -> None:
    """Since then the witnesses are shown another ledger, of which this receipt is no part."""
    another_statement(look)
    receipt = look.bag.json(RECEIPT)["ledger"]["checkpoint"]
    look.kept = {"filing.json": look.papers.receipt}
    look.kept["note"] = (receipt + "".join(one.line(receipt, look.at) for one in (ANNE, BO))).encode()
    look.subject = "filing.json"


NO_RECORD = "No record that 2 of your 2 witnesses saw is this one or contained in it"
# name -> what is done, the first check that is broken, and what is said of it
ATTACKS: dict[str, tuple[Row, str, str]] = {
    "nobody saw it": (nothing, "witnesses", NO_RECORD),
    "one of two saw it": (one_of_two, "witnesses", NO_RECORD),
    "a rewritten ledger": (another_statement, "witnesses", NO_RECORD),
    "a rewritten ledger that has their note": (a_rewritten_ledger_with_their_note, "entries", "was changed"),
    "a first receipt that nobody saw": (a_first_receipt_that_nobody_saw, "witnesses", NO_RECORD),
    "a first receipt of a ledger that was replaced": (
        a_first_receipt_of_a_ledger_that_was_replaced,
        "witnesses",
        "note shows another ledger of the same size: one of the two was made up",
    ),
    "a dropped end": (a_dropped_end, "witnesses", NO_RECORD),
    "a fork behind an old look": (a_fork_behind_an_old_look, "witnesses", "its ledger is shorter: it was cut"),
    "dated back behind their look": (dated_back_behind_their_look, "anchors", "it is back-dated"),
    "dated back behind looks at two sizes": (dated_back_behind_looks_at_two_sizes, "anchors", "it is back-dated"),
    "too many notes": (too_many_notes, "entries", "has too many parts to be genuine"),
    "written after their look, they say": (written_after_their_look, "witnesses", "one is false"),
    "a forged line": (forged, "witnesses", "the signature of the witness bo.example/w under"),
    "another time": (another_time, "witnesses", "the signature of the witness bo.example/w under"),
    "a line of another checkpoint": (of_another_checkpoint, "witnesses", "the signature of the witness bo"),
    "a line that is too short": (too_short, "witnesses", "the signature of the witness bo.example/w under"),
    "a line without a time": (of_no_time, "witnesses", "the signature of the witness bo.example/w under"),
    "one witness by two names": (one_by_two_names, "witnesses", NO_RECORD),
    "a note that is not joined": (a_note_that_is_not_joined, "witnesses", NO_RECORD),
}
# what is done, the first check that is not made, and what is said of it
UNREAD: dict[str, tuple[Row, str, str]] = {
    "a wrong line in a kept note": (
        a_kept_note_with_a_flaw,
        "kept note",
        "so nothing is compared with it: the signature of the witness bo.example/w",
    ),
    "a witness that is the ledger": (
        a_witness_that_is_the_ledger,
        "witnesses",
        "the key of the witness own.example/w is the ledger's own",
    ),
}
# what is pasted for keys, the number that must agree, and what is said of it
ML_DSA = "a witness's key is of a kind that is not checked here (ML-DSA-44): name the Ed25519 key of the witness"
UNFIT: dict[str, tuple[str, str, str]] = {
    "more than are named": (BOTH, "3", "3 witnesses must agree, but you named 2"),
    "none": (BOTH, "0", "0 witnesses must agree, but you named 2"),
    "less than none": (BOTH, "-1", "-1 witnesses must agree, but you named 2"),
    "a number without keys": ("", "2", "2 witnesses must agree, but you named 0"),
    "the ledger's kind of key": (Witness("a", 1, kind=1).vkey, "", "a witness's key is not an Ed25519 key"),
    "a key of another kind": (
        "pq.example/w+00000000+" + base64.b64encode(b"\6" + bytes(1312)).decode(),
        "",
        ML_DSA,
    ),
    "another id": (ANNE.vkey.replace("+", "+0", 1), "", "a witness's key does not fit its own id"),
    "no key": ("anne", "", "a witness's key is malformed"),
    "comments alone": ("# mine", "", "a witness's key is malformed"),
}
