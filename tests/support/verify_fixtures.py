"""Fixtures of the verifier's browser tests: an honest case's papers, and the verifier open online and offline."""

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
    """A case with a picture whose name would run, and turn the text around, where it is not shown as text."""
    with django_db_blocker.unblock():
        given = an_honest_case([(BAD_NAME, cast.a_screenshot())])
    yield given


def an_honest_case(files: Sequence[tuple[str, bytes]]) -> Pristine:
    """It stays in no table, whatever else the test does."""
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
def stamped(django_db_setup: None, django_db_blocker: Any) -> Iterator[Pristine]:
    """As `pristine`, with a stamp over a checkpoint that covers the filing, in bundle and later receipt."""
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
    """The portal's page, in English at a desk."""
    with a_portal() as address:
        yield opened_verifier(browser, f"{address}/verify/", locale="en-GB", viewport=DESK)


@pytest.fixture(scope="module")
def offline(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Verifier:
    """verify.html from a folder, in Chinese on a phone, with no network."""
    address = a_folder_with_the_page(tmp_path_factory.mktemp("offline"))
    return opened_verifier(browser, address, locale="zh-CN", viewport=PHONE, offline=True)


@pytest.fixture
def spare(pristine: Pristine) -> Opened:
    """The honest bundle taken apart, to be changed."""
    return copy.deepcopy(pristine.bag)


@pytest.fixture
def receipt(pristine: Pristine, tmp_path: Path) -> Path:
    return written(tmp_path / "kept.json", pristine.receipt)


@pytest.fixture
def bundle(pristine: Pristine, tmp_path: Path) -> Path:
    return written(tmp_path / "bundle.zip", pristine.bundle)
