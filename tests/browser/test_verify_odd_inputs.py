"""Both verifiers make the same of odd inputs: of a few here, of more than a hundred thousand in make faults."""

import base64
import random
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from tests.support.both import Both
from tests.support.judges import BROKEN, JUDGES, Judge, bundle_judge, judged, zip_judge
from tests.support.odd_inputs import bundles, inputs
from tests.support.odd_seeds import SEEDS, known_roots
from tests.support.verify_pages import Pristine

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only]
JUDGES_IN_THE_PAGE = Path(__file__).parent.with_name("support") / "judges.js"
AT_ONCE = 500  # inputs that the page gets together
# How many of each kind in make faults: 115,000 in all.
MANY = {
    **{"json": 40_000, "base64": 10_000, "moment": 10_000, "manifest": 8_000, "info": 5_000, "zip": 15_000},
    **{"note": 5_000, "key": 5_000, "label": 3_000, "pem": 2_000, "inclusion": 3_000, "consistency": 2_000},
    **{"entries": 3_000, "contacts": 2_000, "parts": 1_000, "receipt": 1_000},
}


def differences(both: Both, kind: str, judge: Judge, given: Iterable[bytes]) -> Iterator[tuple[bytes, str, str]]:
    """The inputs of which the two verifiers say different things."""
    script = JUDGES_IN_THE_PAGE.read_text(encoding="utf-8")
    waiting = iter(given)
    while some := [*islice(waiting, AT_ONCE)]:
        encoded = [base64.b64encode(one).decode() for one in some]
        found = both.page.evaluate(script, [kind, encoded, known_roots()])
        for one, theirs in zip(some, found, strict=True):
            ours = judged(judge, one)
            alike = ours == theirs or (ours.startswith(BROKEN) and theirs.startswith(BROKEN))
            if not alike:
                yield one, ours, theirs


def none_differs(found: Iterator[tuple[bytes, str, str]]) -> None:
    """Fail with the first three inputs, whole."""
    first = [*islice(found, 3)]
    assert not first, "\n".join(f"{one[:2000]!r}\n{ours}\n{theirs}" for one, ours, theirs in first)


@pytest.mark.parametrize("kind", MANY)
def test_both_verifiers_make_the_same_of_odd_inputs(kind: str, both: Both, tmp_path: Path) -> None:
    judge = JUDGES.get(kind) or zip_judge(tmp_path)
    assert any(not judged(judge, one).startswith(BROKEN) for one in SEEDS[kind]())
    given = inputs(kind, random.Random(kind), MANY[kind] // 200)
    none_differs(differences(both, kind, judge, given))


@pytest.mark.thorough
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("kind", MANY)
def test_both_verifiers_make_the_same_of_a_hundred_thousand(kind: str, both: Both, tmp_path: Path) -> None:
    judge = JUDGES.get(kind) or zip_judge(tmp_path)
    given = inputs(kind, random.Random(), MANY[kind])
    none_differs(differences(both, kind, judge, given))


@pytest.mark.thorough
@pytest.mark.timeout(1200)
@pytest.mark.django_db
def test_both_verifiers_judge_odd_bundles_alike(
    both: Both, pristine: Pristine, stamped: Pristine, tmp_path: Path
) -> None:
    given = bundles(random.Random(), 200, pristine.bag, stamped.bag)
    none_differs(differences(both, "bundle", bundle_judge(tmp_path), given))
