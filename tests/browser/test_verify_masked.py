"""A masked bundle in the verifier in Chromium: accepted and refused as by holdfast_verify.py."""

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from complaints.filing import receipts
from tests.evidence.verifier.test_attacks_on_masked import (
    BY_ANYBODY,
    BY_THE_OPERATOR,
    MADE_UP,
    NAMES,
    SHARED,
    STORY,
    an_old_one,
    kept_from,
    made,
    plainly_named,
)
from tests.support import cast
from tests.support.bundles import Opened, a_copy, seal_all
from tests.support.verify_pages import Pristine, Verifier, check, written

from .test_verify import is_refused

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db, pytest.mark.long]


@contextmanager
def left_the_portal(blocker: Any, **chosen: Any) -> Iterator[Pristine]:
    with blocker.unblock(), transaction.atomic():
        files = [(name, cast.a_screenshot(name)) for name in NAMES]
        case = cast.file_a_complaint(files=files, story={"story": STORY}).case
        for exhibit in case.exhibits.select_related("item"):
            a_copy(exhibit.item, "picture", b"RIFF" + exhibit.label.encode())
        seal_all(case)
        papers = Pristine(made(case, **chosen), b"", bytes(case.receipt), receipts.extended(case))
        transaction.set_rollback(True)
    yield papers


@pytest.fixture(scope="module")
def masked(django_db_setup: None, django_db_blocker: Any) -> Iterator[Pristine]:
    """The bundle for a complaint, with a statement that is masked and an exhibit that is left out."""
    with left_the_portal(django_db_blocker) as papers:
        yield papers


@pytest.fixture(scope="module")
def all_there(django_db_setup: None, django_db_blocker: Any) -> Iterator[Pristine]:
    """Masked too, with all of its exhibits."""
    with left_the_portal(django_db_blocker, left_out={}) as papers:
        yield papers


@pytest.fixture(scope="module")
def made_up(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[Any, Opened]]:
    """Bundles of ledgers that never were, by what made them."""
    with django_db_blocker.unblock(), transaction.atomic():
        case = plainly_named()
        bags = {make: make(case) for make in (an_old_one, *MADE_UP)}
        transaction.set_rollback(True)
    yield bags


@pytest.fixture
def spare(masked: Pristine) -> Opened:
    return copy.deepcopy(masked.bag)


@pytest.fixture
def receipt(masked: Pristine, tmp_path: Path) -> Path:
    return written(tmp_path / "kept.json", masked.receipt)


def test_a_masked_bundle_is_accepted(
    online: Verifier, offline: Verifier, spare: Opened, receipt: Path, tmp_path: Path
) -> None:
    path = spare.zip(tmp_path / "bundle.zip")
    assert check((online, offline), path, held=(receipt,)) == {"incomplete"}
    assert "E-2 is left out" in online.text()
    assert "E-2 未收入" in offline.text()
    assert "the words that are left are those that were filed (ledger entry 0, " in online.text()
    assert "留下的文字就是当初提交的文字" in offline.text()


@pytest.mark.parametrize("attack", BY_ANYBODY)
def test_a_change_is_refused(
    attack: str, online: Verifier, offline: Verifier, spare: Opened, receipt: Path, roots: Path, tmp_path: Path
) -> None:
    change, says = BY_ANYBODY[attack]
    change(spare)
    is_refused((online, offline), spare.zip(tmp_path / "bundle.zip"), receipt, roots, "files", says)


@pytest.mark.parametrize("attack", BY_THE_OPERATOR)
def test_what_the_operator_signs_again_is_refused(
    attack: str, online: Verifier, offline: Verifier, spare: Opened, receipt: Path, roots: Path, tmp_path: Path
) -> None:
    change, link, says = BY_THE_OPERATOR[attack]
    change(spare)
    spare.re_sign()
    is_refused((online, offline), spare.zip(tmp_path / "bundle.zip"), receipt, roots, link, says)


def test_the_words_of_an_old_masked_copy_are_said_to_be_the_portals(
    online: Verifier, offline: Verifier, made_up: dict[Any, Opened], tmp_path: Path
) -> None:
    bag = copy.deepcopy(made_up[an_old_one])
    receipt = kept_from(bag, tmp_path / "kept.json")
    assert check((online, offline), bag.zip(tmp_path / "bundle.zip"), held=(receipt,)) == {"verified"}
    assert "is the portal's word" in online.text()
    assert "只有本站的说法" in offline.text()


@pytest.mark.parametrize("make", MADE_UP, ids=lambda make: make.__name__)
def test_who_says_other_parts_at_filing_is_found(
    make: Any, online: Verifier, offline: Verifier, made_up: dict[Any, Opened], roots: Path, tmp_path: Path
) -> None:
    bag = made_up[make]
    receipt = kept_from(bag, tmp_path / "kept.json")
    path = bag.zip(tmp_path / "bundle.zip")
    is_refused((online, offline), path, receipt, roots, "documents", MADE_UP[make])


@pytest.mark.parametrize("attack", SHARED)
def test_what_is_refused_of_a_whole_bundle_is_refused_of_a_masked_one(
    attack: str, online: Verifier, all_there: Pristine, roots: Path, tmp_path: Path
) -> None:
    change, link, says = SHARED[attack]
    bag, kept = copy.deepcopy(all_there.bag), written(tmp_path / "kept.json", all_there.receipt)
    change(bag)
    is_refused((online,), bag.zip(tmp_path / "bundle.zip"), kept, roots, link, says)
