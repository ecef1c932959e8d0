"""What the other side was asked and sent, in the verifier in Chromium: accepted and refused as by
holdfast_verify.py."""

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from complaints.filing import receipts
from complaints.models import Role
from tests.complaints.bundles.test_enquiries_in_papers import CHANGES, LOG
from tests.support import cast, office, other_side
from tests.support.bundles import Opened, exported, opened, seal_all
from tests.support.verify_pages import PICTURES, Pristine, Verifier, check, written

from .test_verify import is_refused

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db, pytest.mark.long]


@pytest.fixture(scope="module")
def asked(django_db_setup: None, django_db_blocker: Any) -> Iterator[Pristine]:
    """As `pristine`, after which the agency was asked and sent a part."""
    with django_db_blocker.unblock(), transaction.atomic():
        supervisor = cast.staff("supervisor", Role.SUPERVISOR)
        case = office.routed(cast.file_a_complaint(files=PICTURES).case, cast.a_team("South"), supervisor)
        says = {"1": {"state": "partly", "reason": "只找到一段。"}}
        other_side.answered(other_side.sent(case, supervisor), "随函附上通话记录。", [LOG], says=says)
        seal_all(case)
        bundle = exported(case)
        papers = Pristine(opened(bundle), bundle, bytes(case.receipt), receipts.extended(case))
        transaction.set_rollback(True)
    yield papers


@pytest.fixture
def spare(asked: Pristine) -> Opened:
    return copy.deepcopy(asked.bag)


@pytest.fixture
def receipt(asked: Pristine, tmp_path: Path) -> Path:
    return written(tmp_path / "kept.json", asked.receipt)


def test_a_case_with_an_enquiry_is_accepted(
    online: Verifier, offline: Verifier, asked: Pristine, receipt: Path, roots: Path, tmp_path: Path
) -> None:
    bundle, later = written(tmp_path / "bundle.zip", asked.bundle), written(tmp_path / "later.json", asked.later)
    assert check((online, offline), bundle, held=(roots / "ledger.vkey", receipt)) == {"verified"}
    assert check((online, offline), later, held=(receipt, roots / "ledger.vkey")) == {"verified"}


@pytest.mark.parametrize("attack", CHANGES)
def test_what_the_operator_signs_again_is_refused(
    attack: str, spare: Opened, online: Verifier, offline: Verifier, receipt: Path, roots: Path, tmp_path: Path
) -> None:
    change, link, says = CHANGES[attack]
    change(spare)
    spare.re_sign()
    is_refused((online, offline), spare.zip(tmp_path / "bundle.zip"), receipt, roots, link, says)
