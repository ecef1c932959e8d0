"""The browser's verifier on a bundle with all that a borrower can do after filing."""

from pathlib import Path

import pytest

from complaints.models import Case
from evidence import holdfast_verify as verifier
from tests.complaints.bundles.test_since_filing_in_bundles import case
from tests.support.bundles import exported, opened, seal_all
from tests.support.verify_pages import Verifier, check

__all__ = ["case"]
pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db, pytest.mark.long]


def test_both_pages_accept_it_and_find_what_is_forgotten(
    online: Verifier, offline: Verifier, case: Case, tmp_path: Path
) -> None:
    seal_all(case)
    pages = (online, offline)
    for audience in ("borrower", "regulator"):
        bag = opened(exported(case, audience))
        assert check(pages, bag.zip(tmp_path / f"{audience}.zip")) == {"self-consistent only"}
    for number, field in enumerate(("reviews", "retaliations", "withdrawals", "reporter_changes", "consents")):
        bag = opened(exported(case))
        bag.files["data/case.json"] = verifier.canonical({**bag.json("data/case.json"), field: []})
        bag.re_sign()
        assert check(pages, bag.zip(tmp_path / f"{number}.zip")) == {"broken"}
