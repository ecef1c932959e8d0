"""What was written after filing, in the verifier in Chromium: accepted and refused as by holdfast_verify.py."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from complaints.filing import receipts
from complaints.models import Role
from evidence.ledger import signing
from tests.complaints.bundles.test_conversation_in_papers import BY_THE_OPERATOR, MADE_UP
from tests.support import cast, conversation
from tests.support.browser import shoot
from tests.support.bundles import Opened, exported, opened, seal_all
from tests.support.verify_pages import PICTURES, Pristine, Verifier, check, written

from .test_verify import is_refused

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db, pytest.mark.long]


@pytest.fixture(scope="module")
def talked(django_db_setup: None, django_db_blocker: Any) -> Iterator[Pristine]:
    """As `pristine`, after which both sides wrote and added."""
    with django_db_blocker.unblock(), transaction.atomic():
        case = cast.file_a_complaint(files=PICTURES).case
        supervisor = cast.staff("supervisor", Role.SUPERVISOR)
        conversation.sent(case, "evidence", "新的截图。", [("call.png", cast.a_screenshot("call"))])
        question = conversation.from_the_office(case, supervisor, "哪天打来的？", "office-question")
        conversation.sent(case, f"answer-{question.pk}", "星期一晚上。")
        conversation.sent(case, "addendum", "他们还找了我姐姐。")
        letter = ("letter.png", cast.a_screenshot("letter"))
        conversation.from_the_office(case, supervisor, "请看这封信。", files=[letter])
        seal_all(case)
        bundle = exported(case)
        papers = Pristine(opened(bundle), bundle, bytes(case.receipt), receipts.extended(case))
        transaction.set_rollback(True)
    yield papers


@pytest.fixture
def spare(talked: Pristine) -> Opened:
    return copy.deepcopy(talked.bag)


@pytest.fixture
def receipt(talked: Pristine, tmp_path: Path) -> Path:
    return written(tmp_path / "kept.json", talked.receipt)


def test_a_case_that_was_written_to_is_accepted(
    online: Verifier, offline: Verifier, talked: Pristine, receipt: Path, roots: Path, tmp_path: Path
) -> None:
    bundle = written(tmp_path / "bundle.zip", talked.bundle)
    later = written(tmp_path / "later.json", talked.later)
    pages = (online, offline)
    assert check(pages, bundle, held=(roots / "ledger.vkey", receipt)) == {"verified"}
    shoot(online.page, "verify-talk")
    assert check(pages, later, held=(receipt, roots / "ledger.vkey")) == {"verified"}


@pytest.mark.parametrize("attack", BY_THE_OPERATOR)
def test_what_the_operator_signs_again_is_refused(
    attack: str, spare: Opened, online: Verifier, offline: Verifier, receipt: Path, roots: Path, tmp_path: Path
) -> None:
    change, link, says = BY_THE_OPERATOR[attack]
    change(spare)
    spare.re_sign()
    is_refused((online, offline), spare.zip(tmp_path / "bundle.zip"), receipt, roots, link, says)


@pytest.mark.parametrize("change", MADE_UP, ids=lambda change: change.__name__)
def test_a_ledger_that_contradicts_itself_is_refused_in_the_same_words(
    change: Any, talked: Pristine, online: Verifier
) -> None:
    contents = talked.bag.entries()
    change(contents)
    entries = [
        {"kind": one["kind"], "data": one["data"], "content": one, "place": at} for at, one in enumerate(contents)
    ]
    script = """given => Promise.all([import('/static/verify/ledger.js'), import('/static/verify/words.js')])
        .then(([ledger, words]) => {
            try { ledger.exhibitsOf(given); return ''; } catch (error) { return words.told(error.says, 'en'); }
        })"""
    assert MADE_UP[change] in online.page.evaluate(script, entries)


def test_a_later_receipt_without_its_papers_is_refused(
    online: Verifier, offline: Verifier, talked: Pristine, receipt: Path, roots: Path, tmp_path: Path
) -> None:
    told = json.loads(talked.later)
    del told["papers"], told["signature"]
    path = written(tmp_path / "later.json", signing.sign(told))
    is_refused((online, offline), path, receipt, roots, "receipt", "lists other papers than the ledger")
