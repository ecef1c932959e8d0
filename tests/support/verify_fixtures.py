"""Fixtures for the verifier's browser tests: the papers of an honest case, and the verifier online and offline."""

import copy
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Browser

from complaints.filing import receipts
from evidence.ledger import checkpoints
from evidence.timestamps import anchoring

from . import browser as chromium
from . import cast
from .both import Both
from .browser import DESK, PHONE
from .bundles import Opened, a_copy, exported, opened, seal_all
from .verify_pages import (
    PICTURES,
    Pristine,
    Verifier,
    a_folder_with_the_page,
    a_portal,
    opened_verifier,
    orm_beside_playwright,
    written,
)

BAD_NAME = "<img src=x onerror=alert(1)>\u202e\n.png"


@pytest.fixture(scope="module")
def pristine(django_db_setup: None, django_db_blocker: Any) -> Iterator[Pristine]:
    with django_db_blocker.unblock():
        given = an_honest_case(PICTURES)
    yield given


@pytest.fixture(scope="module")
def badly_named(django_db_setup: None, django_db_blocker: Any) -> Iterator[Pristine]:
    """A case with a file whose name would run a script and reverse the text if it were not escaped."""
    with django_db_blocker.unblock():
        given = an_honest_case([(BAD_NAME, cast.a_screenshot())])
    yield given


def an_honest_case(files: Sequence[tuple[str, bytes]]) -> Pristine:
    """The papers of a filed case. The case is not left in the database."""
    with transaction.atomic():
        filed = cast.file_a_complaint(files=files)
        for exhibit in filed.case.exhibits.select_related("item"):
            a_copy(exhibit.item, "picture", b"RIFF" + exhibit.label.encode())
        seal_all(filed.case)
        bundle = exported(filed.case)
        receipt, later = bytes(filed.case.receipt), receipts.extended(filed.case)
        given = opened(bundle)
        transaction.set_rollback(True)
    return Pristine(given, bundle, receipt, later)


@pytest.fixture(scope="module")
def fifty(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of a case with fifty exhibits, as many as a draft may have: some 170 files."""
    pictures = [(f"{number}.png", cast.a_screenshot(str(number))) for number in range(50)]
    with django_db_blocker.unblock():
        content = an_honest_case(pictures).bundle
    return written(tmp_path_factory.mktemp("fifty") / "fifty.zip", content)


@pytest.fixture(scope="module")
def stamped(django_db_setup: None, django_db_blocker: Any) -> Iterator[Pristine]:
    """Like `pristine`, with a stamped checkpoint in the bundle and in the later receipt."""
    with django_db_blocker.unblock(), transaction.atomic():
        filed = cast.file_a_complaint(files=PICTURES)
        seal_all(filed.case)
        checkpoints.current()
        anchoring.anchor()
        bundle = exported(filed.case)
        papers = Pristine(opened(bundle), bundle, bytes(filed.case.receipt), receipts.extended(filed.case))
        transaction.set_rollback(True)
    yield papers


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with orm_beside_playwright(), chromium.a_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def online(browser: Browser) -> Iterator[Verifier]:
    """The portal's page, in English and in a wide window."""
    with a_portal() as address:
        yield opened_verifier(browser, f"{address}/verify/", locale="en-GB", viewport=DESK)


@pytest.fixture(scope="module")
def offline(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Verifier:
    """verify.html from a folder, in Chinese and as on a phone, without network."""
    address = a_folder_with_the_page(tmp_path_factory.mktemp("offline"))
    return opened_verifier(browser, address, locale="zh-CN", viewport=PHONE, offline=True)


@pytest.fixture
def spare(pristine: Pristine) -> Opened:
    """A copy of the honest bundle, for changing."""
    return copy.deepcopy(pristine.bag)


@pytest.fixture
def receipt(pristine: Pristine, tmp_path: Path) -> Path:
    return written(tmp_path / "kept.json", pristine.receipt)


@pytest.fixture
def bundle(pristine: Pristine, tmp_path: Path) -> Path:
    return written(tmp_path / "bundle.zip", pristine.bundle)


@pytest.fixture(scope="module")
def both(browser: Browser) -> Iterator[Both]:
    """Both verifiers, the browser's one without its buttons."""
    with a_portal() as address:
        page = browser.new_context(locale="en-GB").new_page()
        page.goto(f"{address}/verify/", wait_until="domcontentloaded")
        yield Both(page)
