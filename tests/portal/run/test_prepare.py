"""What is there before the portal answers."""

from pathlib import Path
from typing import Any

import pytest

from complaints.cases import search
from complaints.models import Case, Searchable
from complaints.reference import folding
from portal.run import prepare
from tests.support.cast import Filed


def is_found(filed: Filed) -> bool:
    return filed.case in search.matching(Case.objects.all(), "同事")


def test_cases_that_were_indexed_by_other_rules_are_indexed_anew_once(
    case: Filed, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATA_DIR = tmp_path
    Searchable.objects.update(text="", grams="")
    prepare._index_the_cases_by_the_present_rules()  # no rules are known, as in a folder from before
    assert is_found(case)
    Searchable.objects.update(text="", grams="")
    prepare._index_the_cases_by_the_present_rules()
    assert not is_found(case)  # the rules are the same: left alone
    monkeypatch.setattr("complaints.cases.search.rules", lambda: "those of an update")
    prepare._index_the_cases_by_the_present_rules()
    assert is_found(case)


def test_the_rules_of_the_index_change_with_the_folding_and_with_unicode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = search.rules()
    assert search.rules() == before
    with monkeypatch.context() as patch:
        patch.setattr("unicodedata.unidata_version", "99.0.0")
        assert search.rules() != before
    changed = tmp_path / "folding.py"
    changed.write_bytes(Path(folding.__file__ or "").read_bytes() + b"\n")
    monkeypatch.setattr(folding, "__file__", str(changed))
    assert search.rules() != before
