"""On an honest portal the verifier never raises an alarm, and never believes more than it was given."""

import pytest

from evidence import holdfast_verify as verifier
from evidence.ledger import signing
from tests.support import honest

CASES_A_LEDGER = 25


def outside(report: verifier.Report, has_key: bool, has_roots: bool) -> verifier.Outside:
    found = verifier.Outside(report)
    found.keys += [signing.vkey()] if has_key else []
    found.roots += [*honest.authorities().roots.values()] if has_roots else []
    return found


def verified(portal: honest.Portal, case: honest.Case) -> verifier.Report:
    """Its receipt or its bundle, held against whatever chance has kept of it."""
    report, chance = verifier.Report(), portal.random.random
    held = outside(report, has_key := chance() < 0.5, has_roots := chance() < 0.5)
    kept = [receipt for receipt in case.receipts if chance() < 0.4]
    held.receipts += [(f"{at}.json", verifier.open_receipt(receipt)) for at, receipt in enumerate(kept)]
    notes = [size for size in portal.sizes[-5:] if chance() < 0.3]
    held.notes += [(f"{size}.note", portal.ledger.note(size)) for size in notes]
    knows_key, knows_roots = has_key or bool(kept), has_roots or bool(kept)
    if chance() < 0.5:
        files = portal.bundle(case)
        verifier.BundleChecks(honest.Memory(files), held).run()
        has_tokens = any(name.endswith(".tsr") for name in files)
    else:
        receipt = portal.receipt(case)
        verifier.check_receipt(lambda: receipt, held)
        has_tokens = bool(verifier.load_json(receipt, "it")["anchors"])
    expected = 0 if knows_key and (knows_roots or not has_tokens) else 2
    assert report.exit == expected, (report.first_broken, report.doubts, knows_key, knows_roots, has_tokens)
    return report


def honest_cases(count: int, seed: int) -> None:
    for number in range(count):
        if number % CASES_A_LEDGER == 0:
            portal = honest.Portal(seed + number)
        case = portal.file()
        portal.live(case)
        if number % 10 == 0:
            portal.anchor()
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
