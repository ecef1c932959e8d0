"""On an honest portal the verifier never raises an alarm, and never believes more than it was given."""

import pytest

from evidence import holdfast_verify as verifier
from evidence.ledger import signing
from tests.support import honest
from tests.support.witnesses import ANNE, BO

CASES_A_LEDGER = 25


def outside(report: verifier.Report, has_key: bool, has_roots: bool) -> verifier.Outside:
    found = verifier.Outside(report)
    found.keys += [signing.vkey()] if has_key else []
    found.roots += [*honest.authorities().roots.values()] if has_roots else []
    return found


def verified(portal: honest.Portal, case: honest.Case) -> verifier.Report:
    """Its receipt or its bundle, compared with what chance has kept of it, older or newer."""
    report, chance = verifier.Report(), portal.random.random
    held = outside(report, has_key := chance() < 0.5, has_roots := chance() < 0.5)
    if is_bundle := chance() < 0.5:
        portal.export(case)
        paper = case.bundles[-1]
        has_tokens = any(name.endswith(".tsr") for name in paper)
    else:
        paper = {"receipt": portal.receipt(case)}
        has_tokens = bool(verifier.load_json(paper["receipt"], "it")["anchors"])
    size = case.seen[-1]
    notes = [one for one in portal.sizes[-5:] if chance() < 0.3]
    if chance() < 0.3:
        portal.others()
        portal.append(case, "evidence.viewed", {})
        case.receipts.append(portal.receipt(case))
        notes += [one for one in (len(portal.ledger.leaves), size + 1) if chance() < 0.3]
    keep(held, portal, case)
    held.notes += [(f"{one}.note", portal.looks.get(one, portal.ledger.note(one))) for one in notes]
    held.take_witnesses([one.vkey for one in (ANNE, BO) if chance() < 0.5], None)
    held.quorum = min(held.quorum, portal.random.choice([1, 2]))
    if is_bundle:
        verifier.BundleChecks(honest.Memory(paper), held).run()
    else:
        verifier.check_receipt(lambda: paper["receipt"], held)
    knows_key, knows_roots = has_key or bool(held.receipts), has_roots or bool(held.receipts)
    shown = all(is_shown(one, size, held) for one in notes if one > size)
    if report.exit == 1:
        assert is_unseen(report, held, paper)
        return report
    expected = 0 if knows_key and (knows_roots or not has_tokens) and shown else 2
    assert report.exit == expected, (report.first_broken, report.doubts, knows_key, knows_roots, has_tokens)
    return report


def keep(held: verifier.Outside, portal: honest.Portal, case: honest.Case) -> None:
    chance = portal.random.random
    kept = [verifier.open_receipt(receipt) for receipt in case.receipts if chance() < 0.4]
    kept += [verifier.open_kept_bundle(honest.Memory(files)) for files in case.bundles if chance() < 0.4]
    held.receipts += [(f"{at}.kept", one) for at, one in enumerate(kept)]


def is_unseen(report: verifier.Report, held: verifier.Outside, paper: dict[str, bytes]) -> bool:
    """Whether nothing is wrong but that too few of the named witnesses saw what this paper shows."""
    told = verifier.load_json(paper.get("proofs/ledger.json") or paper["receipt"], "it")
    ledger = verifier.open_ledger(told.get("ledger", told))
    notes = [*ledger.witnessed, verifier.parse_note(ledger.note)]
    saw = {key for note in notes for key in verifier.cosigned_at(note, held.witnesses)}
    broken = [(one.name, one.says[:9]) for one in report.checks if not one.ok]
    return len(saw) < held.quorum and broken == [("witnesses", "No record")]


def is_shown(note: int, size: int, held: verifier.Outside) -> bool:
    """Whether a newer checkpoint is one with the paper of this size, by a receipt or bundle that extends both."""
    known = [{*one.ledger.consistency, one.ledger.size} for _, one in held.receipts]
    return any({note, size} <= sizes for sizes in known)


def honest_cases(count: int, seed: int) -> None:
    for number in range(count):
        if number % CASES_A_LEDGER == 0:
            portal = honest.Portal(seed + number)
        case = portal.file()
        portal.live(case)
        if number % 10 == 0:
            portal.anchor()
            portal.others()
        if number % 3 == 0:
            portal.look()
            portal.others()
        if portal.random.random() < 0.5:
            case.receipts.append(portal.receipt(case))
            portal.others()
        try:
            verified(portal, case)
        except AssertionError as alarm:
            raise AssertionError(f"case {number} of seed {seed}: {alarm}") from alarm


def test_no_false_alarm_in_100_random_cases() -> None:
    honest_cases(100, seed=4217)


@pytest.mark.thorough
@pytest.mark.timeout(3600)
def test_no_false_alarm_in_10_000_random_cases() -> None:
    honest_cases(10_000, seed=20261123)
