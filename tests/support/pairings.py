"""Every paper against every other that a reader may hold: older and newer, of one ledger and of two.

All are signed with the portal's key, and whole in themselves. Both verifiers judge the same ones.
"""

from datetime import timedelta
from functools import cache
from typing import NamedTuple

from evidence import holdfast_verify as verifier

from . import honest, lies
from .bundles import Opened

Paper = bytes | Opened
GREW = "does not show that today's record grew out of the one on"
NEWER = "is newer than this: that the one grew out of the other is not shown here"
NO_PROOF = "there is no proof that the ledger extends the one"
CONTAINED = "is contained in this one, unchanged"
CONTAINS = "is newer: this ledger is contained in its ledger, unchanged"


class Portal(lies.Portal):
    """A portal whose bundles have the present schema, or, if it `is_old`, none."""

    is_old = False

    def schema(self) -> dict[str, bytes]:
        return {} if self.is_old else {verifier.SCHEMA: honest.SCHEMA.read_bytes()}


def early(is_old: bool = False) -> tuple[Portal, honest.Case, dict[str, Paper]]:
    """A portal, a case of it, and the papers that were given out before the last ones."""
    portal = Portal(1)
    portal.is_old = is_old
    portal.ledger.add(b"another case")
    now = honest.authorities().now
    honest.authorities().now = now - timedelta(days=4)
    while len((case := portal.file()).items) != 2:
        pass
    honest.authorities().now = now
    portal.step(case, "case.routed")
    papers: dict[str, Paper] = {"filing": case.receipts[0], "receipt": portal.receipt(case)}
    papers["checkpoint"] = portal.ledger.note(len(portal.ledger.leaves)).encode()
    portal.export(case)
    papers["bundle"] = Opened(case.reference, case.bundles[0])
    portal.others()
    case.at += timedelta(days=4)
    portal.step(case, "case.begun")
    return portal, case, papers


def late(portal: Portal, case: honest.Case, *, is_honest: bool) -> dict[str, Paper]:
    """The papers that the portal gives out today. Else the bundle is without the receipt of filing, which shows
    that it is broken."""
    bundle = Opened(case.reference, dict(portal.bundle(case)))
    told: dict[str, Paper] = {
        "receipt": portal.receipt(case),
        "bundle": bundle if is_honest else lies.without_receipt(bundle),
    }
    return {**told, "checkpoint": portal.ledger.note(len(portal.ledger.leaves)).encode()}


def kept_its_word(portal: Portal, case: honest.Case) -> None:
    """The ledger grew, and papers prove it."""


def forgot(portal: Portal, case: honest.Case) -> None:
    """The ledger grew, but papers have no proof of it."""
    case.seen, portal.sizes, portal.anchors = [], [], []


def made_anew(portal: Portal, case: honest.Case) -> None:
    lies.rewritten(portal, case)


def stamped_anew(portal: Portal, case: honest.Case) -> None:
    lies.rewritten(portal, case)
    portal.anchor()


LEDGERS = {one.__name__: one for one in (kept_its_word, forgot, made_anew, stamped_anew)}


@cache
def of_today(ledger: str, is_old: bool = False) -> tuple[dict[str, Paper], dict[str, Paper]]:
    """The papers from before, and those of today from this ledger."""
    portal, case, before = early(is_old)
    LEDGERS[ledger](portal, case)
    return before, late(portal, case, is_honest=ledger == "kept_its_word")


class Pair(NamedTuple):
    """What is checked and what is held, by their names; how the portal treated its ledger; and what both verifiers
    must say."""

    checked: str
    held: str
    ledger: str
    is_old: bool  # the portal of the earlier papers
    held_is_newer: bool
    result: str
    says: str

    def papers(self) -> tuple[Paper, Paper]:
        before, today = of_today(self.ledger, self.is_old)
        return (
            (before[self.checked], today[self.held])
            if self.held_is_newer
            else (today[self.checked], before[self.held])
        )

    def __str__(self) -> str:
        when = "of today" if self.held_is_newer else "from before"
        return f"{self.checked} against {self.held} {when}, {self.ledger}{', old' if self.is_old else ''}"


def against_older(checked: str, held: str, ledger: str, *, is_old: bool = False) -> Pair:
    says = ("verified", CONTAINED) if ledger == "kept_its_word" else ("broken", GREW)
    # Receipts of old portals have no proofs from bundles, and no receipt has one from each checkpoint.
    may_lack = held == "checkpoint" or (held == "bundle" and is_old)
    if ledger != "kept_its_word" and checked == "receipt" and may_lack:
        says = ("self-consistent only", NO_PROOF)
    return Pair(checked, held, ledger, is_old, False, *says)


def against_newer(checked: str, held: str, ledger: str) -> Pair:
    is_proved = ledger == "kept_its_word" and held != "checkpoint"
    says = ("verified", CONTAINS) if is_proved else ("self-consistent only", NEWER)
    return Pair(checked, held, ledger, False, True, *says)


PAIRS = [
    *(
        against_older(checked, held, ledger)
        for ledger in LEDGERS
        for checked in ("receipt", "bundle")
        for held in ("filing", "receipt", "bundle", "checkpoint")
    ),
    *(against_older("receipt", "bundle", ledger, is_old=True) for ledger in LEDGERS),
    *(
        against_newer(checked, held, ledger)
        for ledger in LEDGERS
        for checked in ("filing", "receipt", "bundle")
        for held in ("receipt", "bundle", "checkpoint")
    ),
]
