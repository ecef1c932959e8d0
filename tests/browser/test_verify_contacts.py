"""contacts.csv in the verifier in Chromium: of each version."""

from pathlib import Path

import pytest

from evidence import holdfast_verify as verifier
from tests.support import cast
from tests.support.bundles import exported, opened
from tests.support.verify_pages import Verifier, check, written

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db, pytest.mark.long]
SERIES = {"key": "a", "when": "2026-11-20 09:00", "precision": "exact", "times": "12", "until": "2026-11-20 21:30"}
HOSTILE = {"key": "a", "number": "＋86 571", "said": "＝1+1"}


def bundle_of(version: int, monkeypatch: pytest.MonkeyPatch, act: dict[str, str] = HOSTILE) -> bytes:
    case = cast.file_a_complaint(files=[], contacts={"acts": [act]}).case
    with monkeypatch.context() as then:
        then.setattr(verifier, "NEWEST_TABLE", version)
        return exported(case)


@pytest.mark.parametrize("version", verifier.FORMULAS)
def test_contacts_of_every_version_are_accepted(
    version: int, offline: Verifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = bundle_of(version, monkeypatch)
    assert ("contacts_table" in opened(bundle).json("data/case.json")) is (version > 1)
    assert check((offline,), written(tmp_path / "bundle.zip", bundle)) == {"self-consistent only"}


@pytest.mark.parametrize(("version", "verdict"), [(2, "broken"), (3, "self-consistent only")])
def test_several_in_a_row_must_be_counted_in_the_table(
    version: int, verdict: str, offline: Verifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = bundle_of(version, monkeypatch, SERIES)
    assert check((offline,), written(tmp_path / "bundle.zip", bundle)) == {verdict}
