"""What is there before the portal answers."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from complaints.cases import search
from complaints.models import Case, Searchable
from complaints.reference import folding
from portal.catalogue import po_path
from portal.run import prepare
from tests.support.cast import Filed


def test_a_catalogue_that_is_not_compiled_or_is_older_than_its_source_is_compiled(
    tmp_path: Path, settings: Any
) -> None:
    source = po_path()
    settings.LOCALE_PATHS = [tmp_path]
    po_path().parent.mkdir(parents=True)
    shutil.copy(source, po_path())
    compiled = po_path().with_suffix(".mo")
    prepare._compile_the_catalogue()
    whole = compiled.read_bytes()
    assert "查询码".encode() in whole
    compiled.write_bytes(b"")
    prepare._compile_the_catalogue()
    assert compiled.read_bytes() == b""  # newer than its source: left alone
    os.utime(compiled, (1, 1))
    prepare._compile_the_catalogue()
    assert compiled.read_bytes() == whole


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
