"""Both verifiers read the ZIPs of other programs, and refuse those that programs unpack differently."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.both import Both
from tests.support.bundles import Opened
from tests.support.hostile_zips import FORGED, HOSTILE, UNREADABLE, VICTIM, a_second_index
from tests.support.verify_pages import written
from tests.support.zips import COMPRESSED, HONEST, LAID_OUT, Change, packed

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db, pytest.mark.long]


def changed(bag: Opened, change: Change, folder: Path) -> Path:
    archive = packed(bag.reference, bag.files)
    change(archive)
    return written(folder / "bundle.zip", bytes(archive))


@pytest.mark.parametrize("program", HONEST | COMPRESSED)
def test_a_zip_of_another_program_is_read(
    program: str, spare: Opened, both: Both, receipt: Path, tmp_path: Path
) -> None:
    path = changed(spare, (HONEST | COMPRESSED)[program], tmp_path)
    assert [one.result for one in both.verdicts(path, receipt)] == ["verified", "verified"]
    unpacks_alike(path, spare)


@pytest.mark.parametrize("layout", LAID_OUT)
def test_a_zip_with_the_files_in_other_folders_is_read(
    layout: str, spare: Opened, both: Both, receipt: Path, tmp_path: Path
) -> None:
    path = changed(spare, LAID_OUT[layout], tmp_path)
    assert [one.result for one in both.verdicts(path, receipt)] == ["verified", "verified"]


INSIDE, AROUND = "in the bundle's folder", "around it"
PROGRAMS = {
    "zip": ["zip", "-qr"],
    "zip without folders": ["zip", "-qrD"],
    "7z": ["7z", "a", "-bso0"],
    "jar": ["jar", "cfM"],
    "Python": [sys.executable, "-m", "zipfile", "-c"],
}


@pytest.mark.parametrize("where", [INSIDE, AROUND])
@pytest.mark.parametrize("program", PROGRAMS)
def test_what_a_program_here_packs_again_is_read(
    program: str, where: str, spare: Opened, both: Both, receipt: Path, tmp_path: Path
) -> None:
    command = PROGRAMS[program]
    if not shutil.which(command[0]):
        pytest.skip(f"needs {command[0]}")
    folder, path = spare.folder(tmp_path / "案卷 1"), tmp_path / "again.zip"
    start = folder if where == INSIDE else tmp_path
    names = [one.name for one in folder.iterdir()] if where == INSIDE else ["案卷 1"]
    subprocess.run([*command, path, *names], cwd=start, check=True)
    assert [one.result for one in both.verdicts(path, receipt)] == ["verified", "verified"]


@pytest.mark.parametrize("fault", HOSTILE)
def test_a_zip_that_programs_unpack_differently_is_refused(
    fault: str, spare: Opened, both: Both, receipt: Path, tmp_path: Path
) -> None:
    change, says = HOSTILE[fault]
    path = changed(spare, change, tmp_path)
    expected = says.format(name=f"{spare.reference}/{VICTIM}", folder=f"{spare.reference}/data/")
    for verdict in both.verdicts(path, receipt):
        assert (verdict.link, verdict.says) == ("package", expected)


@pytest.mark.parametrize("how", UNREADABLE)
def test_a_zip_that_neither_verifier_reads_is_no_fault(
    how: str, spare: Opened, both: Both, tmp_path: Path
) -> None:
    path = changed(spare, UNREADABLE[how], tmp_path)
    assert [one.result for one in both.verdicts(path)] == ["unreadable", "unreadable"]


@pytest.mark.skipif(not shutil.which("unzip"), reason="needs unzip")
def test_unzip_would_write_a_forged_report(spare: Opened, tmp_path: Path) -> None:
    path = changed(spare, a_second_index, tmp_path)
    subprocess.run(["unzip", "-q", path], cwd=tmp_path, check=False, capture_output=True)
    assert (tmp_path / spare.reference / VICTIM).read_bytes() == FORGED


def unpacks_alike(path: Path, bag: Opened) -> None:
    """Every program here writes the files that were verified, and no others."""
    for command in (["unzip", "-q"], ["7z", "x"], ["bsdtar", "-xf"], ["jar", "xf"]):
        if shutil.which(command[0]):
            folder = path.with_name(command[0])
            folder.mkdir()
            subprocess.run([*command, path], cwd=folder, check=True, capture_output=True)
            files = (one for one in folder.rglob("*") if one.is_file())
            there = {one.relative_to(folder / bag.reference).as_posix(): one.read_bytes() for one in files}
            assert there == bag.files, command
