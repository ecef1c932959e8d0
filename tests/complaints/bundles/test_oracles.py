"""Whole bundles, judged by the tools that others have: the borrower's own, the office's, and a masked one."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import bagit
import pytest

from complaints.bundles import making
from complaints.bundles.options import Options
from complaints.models import Case
from tests.support import cast, whole_case
from tests.support.kept import kept

from .test_making import commands_of, roots_beside

pytestmark = pytest.mark.sqlite_only  # about bundles, whichever database they come from

KINDS: dict[str, dict[str, Any]] = {
    "borrower": {},
    "office": {"notes": True},
    "complaint": {"hidden": ("小王",), "left_out": {2: "chosen"}},
}


@pytest.fixture(params=KINDS)
def audience(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def case(db: None) -> Case:
    return kept("worked on", whole_case.by_an_office_of_its_own)


@pytest.fixture
def path(case: Case, audience: str, tmp_path: Path) -> Path:
    options = Options.usual(audience, **KINDS[audience])
    path = tmp_path / "bundle.zip"
    path.write_bytes(b"".join(making.stream(case, options=options)[1]))
    return path


def ran(*command: str | Path, where: Path | None = None) -> str:
    """What the tool says; it has to be content. Without the tool the test is skipped, but never in CI."""
    if shutil.which(command[0]) is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{command[0]} is not here")
    done = subprocess.run([*map(str, command)], cwd=where, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def unpacked(path: Path, case: Case) -> Path:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        archive.extractall(path.parent)
    return path.parent / case.reference


def test_the_archive_is_whole_for_every_tool(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert all(name.isascii() and len(name) < 100 for name in archive.namelist())
    assert "No errors detected" in ran("unzip", "-t", path)
    assert "Everything is Ok" in ran("7z", "t", path)


def test_the_bag_is_valid_for_the_library_and_its_command(path: Path, case: Case) -> None:
    folder = unpacked(path, case)
    bagit.Bag(str(folder)).validate()
    ran(sys.executable, Path(sys.executable).with_name("bagit.py"), "--validate", folder)


def test_the_report_is_a_sound_pdf_in_which_chinese_is_found(path: Path, case: Case, audience: str) -> None:
    report = unpacked(path, case) / "data" / "report.pdf"
    assert "No syntax or stream encoding errors found" in ran("qpdf", "--check", report)
    text = re.sub(r"\s+", "", ran("pdftotext", report, "-"))
    for wanted in (
        "案卷报告",
        "半夜给我打电话",
        "They said “we’ll come to your child’s school”",
        "延期",
        "30 days",
    ):
        assert re.sub(r"\s+", "", wanted) in text, wanted
    assert ("先听录音" in text) == (audience == "office")
    assert ("四十段录音" in text) == (audience == "office")
    assert ("小王" in text) == (audience != "complaint")


def test_verify_txt_is_followed_word_for_word(path: Path, case: Case) -> None:
    folder = unpacked(path, case)
    roots_beside(folder)
    told = [ran("sh", "-ec", block, where=folder) for block in commands_of((folder / "VERIFY.txt").read_text())]
    assert len(told) == 5
    assert "Verification: OK" in told[2]
    assert "fail" not in " ".join(told).lower()


def test_the_lawyer_s_one_file_verifies_it_with_roots_and_a_kept_receipt(
    path: Path, case: Case, audience: str, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    receipt = tmp_path / "receipt.json"
    receipt.write_bytes(bytes(case.receipt))
    for subject in (path, unpacked(path, case)):
        done = lawyer.verifies(subject, "--against", receipt)
        assert done.returncode == (4 if "left_out" in KINDS[audience] else 0), done.stdout
