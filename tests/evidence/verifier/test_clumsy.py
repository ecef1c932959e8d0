"""Papers handled by people: the verifier names what a file is, and never calls a clumsy hand an attack."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from evidence import holdfast_verify as verifier
from evidence.ledger import signing
from tests.support import clumsy
from tests.support.verify_pages import Pristine, written

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.sqlite_only, pytest.mark.django_db]


def all_said(report: verifier.Report) -> str:
    return " ".join([*(check.says for check in report.checks), *report.cautions])


@pytest.mark.parametrize("what", clumsy.SUBJECTS)
def test_what_people_check_gets_its_sentence(what: str, pristine: Pristine, roots: Path, tmp_path: Path) -> None:
    one = clumsy.SUBJECTS[what]
    report = verifier.verify(str(written(tmp_path / one.name, one.make(pristine))), roots=str(roots))
    assert (report.result, report.first_broken is None) == (one.result, one.result != "broken"), report.checks
    assert one.says in all_said(report)


@pytest.mark.parametrize("what", clumsy.HELD)
def test_what_people_kept_gets_its_sentence(what: str, pristine: Pristine, roots: Path, tmp_path: Path) -> None:
    one, bundle = clumsy.HELD[what], written(tmp_path / "bundle.zip", pristine.bundle)
    report = verifier.verify(str(bundle), [str(written(tmp_path / one.name, one.make(pristine)))], str(roots))
    assert report.result == one.result, report.checks
    assert one.says in all_said(report)


def test_verified_never_says_that_nothing_was_removed_where_something_was(
    pristine: Pristine, roots: Path, tmp_path: Path
) -> None:
    for what in ("original missing", "original not chosen", "reporter withheld"):
        path = written(tmp_path / "bundle.zip", clumsy.SUBJECTS[what].make(pristine))
        report = verifier.verify(str(path), roots=str(roots))
        assert report.exit == (0 if what == "reporter withheld" else 4)
        assert "removed" not in verifier.verdict(report, "en")
        assert "缺失" not in verifier.verdict(report, "zh")


def test_a_folder_with_droppings_is_checked(pristine: Pristine, roots: Path, tmp_path: Path) -> None:
    folder = pristine.bag.folder(tmp_path)
    for name, content in clumsy.DROPPINGS.items():
        path = folder / name.removeprefix("HF/")
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(content)
    report = verifier.verify(str(folder), roots=str(roots))
    assert report.result == "verified"
    assert "ROOTS/root.pem" in " ".join(report.cautions)


def test_words_under_the_name_of_a_dropping_are_named(pristine: Pristine, roots: Path, tmp_path: Path) -> None:
    folder = pristine.bag.folder(tmp_path)
    (folder / ".DS_Store").write_bytes(clumsy.WORDS)
    report = verifier.verify(str(folder), roots=str(roots))
    assert (report.result, report.first_broken) == ("unreadable", None)
    assert report.first_unread
    assert report.first_unread.says == f".DS_Store: programs leave files of such names, but {clumsy.NOT_KNOWN}"


def test_a_bundle_in_folders_around_it_is_found(pristine: Pristine, roots: Path, tmp_path: Path) -> None:
    pristine.bag.folder(tmp_path / "mail" / "by hand" / "case 7")
    assert verifier.verify(str(tmp_path / "mail"), roots=str(roots)).result == "verified"


def test_a_folder_without_a_bundle_is_named(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("x")
    report = verifier.verify(str(tmp_path))
    assert report.exit == 3
    assert "no case bundle in it" in report.checks[0].says


# -- keys and roots


@pytest.mark.parametrize("name", ["root.pem", "root.cer", "root.crt", "root.der", "根证书.txt"])
def test_a_root_is_read_by_any_name(name: str, roots: Path, tmp_path: Path) -> None:
    pem = next(roots.glob("*.pem")).read_bytes()
    root = verifier.certificates_in(pem, "it")[0]
    written(tmp_path / name, root.raw if name in ("root.cer", "root.der") else pem)
    found = verifier.Outside(verifier.Report())
    found.take_roots(str(tmp_path))
    assert found.roots[0] == root


@pytest.mark.parametrize("name", ["ledger.vkey", "key.txt"])
@pytest.mark.parametrize("text", ["{}\n", "\ufeff{}", "# the key, by telephone\r\n{}\r\n", "{}\n\n{}\n"])
def test_a_key_is_read_line_by_line(name: str, text: str, tmp_path: Path) -> None:
    written(tmp_path / name, text.format(signing.vkey(), signing.vkey()).encode())
    found = verifier.Outside(verifier.Report())
    found.take_roots(str(tmp_path))
    assert {*found.keys} == {signing.vkey()}


@pytest.mark.parametrize("how", clumsy.KEYS)
def test_a_key_is_read_after_other_programs(how: str, tmp_path: Path) -> None:
    written(tmp_path / "ledger.vkey", clumsy.KEYS[how](signing.vkey()))
    found = verifier.Outside(verifier.Report())
    found.take_roots(str(tmp_path))
    assert found.keys == [signing.vkey()]


def test_a_damaged_root_beside_the_right_one_is_passed_over(
    pristine: Pristine, roots: Path, tmp_path: Path
) -> None:
    bundle, pem = written(tmp_path / "bundle.zip", pristine.bundle), next(roots.glob("*.pem"))
    damaged = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    written(roots / "another.pem", damaged)
    written(pem, damaged + pem.read_bytes())
    report = verifier.verify(str(bundle), roots=str(roots))
    assert report.result == "verified"
    assert any("passed over" in caution and "another.pem" in caution for caution in report.cautions)


@contextmanager
def as_somebody_else() -> Iterator[None]:
    """Without the right of the superuser to open every file."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("closed", ["data/report.pdf", "data/originals", "proofs/timestamps"])
def test_a_file_or_folder_that_cannot_be_opened_accuses_nobody(closed: str, pristine: Pristine) -> None:
    with TemporaryDirectory() as around:
        folder = pristine.bag.folder(Path(around))
        for one in (Path(around), *Path(around).rglob("*")):
            one.chmod(0o755)
        (folder / closed).chmod(0)
        with as_somebody_else():
            report = verifier.verify(str(folder))
        (folder / closed).chmod(0o755)
    assert (report.result, report.first_broken) == ("unreadable", None), report.checks
    assert report.checks[-1].says.startswith("this file cannot be opened")


def test_what_is_passed_over_is_named(roots: Path) -> None:
    written(roots / "读我.docx", b"PK\3\4")
    written(roots / "holdfast_verify.py", b"#")
    report = verifier.Report()
    report.run("roots", verifier.Outside(report).take_roots, str(roots))
    assert report.checks[0].ok
    assert report.cautions == ["passed over, for it is neither a ledger key nor a certificate: 读我.docx"]
