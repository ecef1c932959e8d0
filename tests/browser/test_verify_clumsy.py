"""Papers handled by people: both forms of the page say what holdfast_verify.py says of each."""

from pathlib import Path

import pytest

from evidence import holdfast_verify as verifier
from tests.support import clumsy
from tests.support.both import Both
from tests.support.verify_pages import Pristine, Verifier, check, written

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db, pytest.mark.long]

HEADINGS = {
    "unreadable": ("Not checked", "未核验"),
    "incomplete": ("Verified, but not complete", "已核实，但不完整"),
    "verified": ("Verified", "已核实"),
    "broken": ("Broken", "核验不通过"),
}
COLOURS = {"unreadable": "quiet", "incomplete": "teal", "verified": "green", "broken": "red"}


def both_agree(pages: tuple[Verifier, ...], one: clumsy.Clumsy, report: verifier.Report) -> None:
    """The pages show the result by its colour and in words, and say of each file what the other verifier says."""
    assert report.result == one.result
    for page, heading in zip(pages, HEADINGS[one.result], strict=True):
        assert page.page.get_attribute(".verdict", "class") == f"verdict {COLOURS[one.result]}"
        assert page.text(".verdict h2").startswith(heading)
    assert one.says in pages[0].text(".result")
    failed = [check.says for check in report.checks if not check.ok]
    assert [says for _, ok, says in pages[0].rows if not ok] == failed
    assert [says for _, ok, says in pages[1].rows if not ok] == [verifier.chinese(says) for says in failed]
    if one.result == "unreadable":
        assert "roken" not in pages[0].text(".result")


@pytest.mark.parametrize("what", clumsy.SUBJECTS)
def test_what_people_check_gets_its_sentence(
    what: str, online: Verifier, offline: Verifier, pristine: Pristine, roots: Path, tmp_path: Path
) -> None:
    one, pages = clumsy.SUBJECTS[what], (online, offline)
    path = written(tmp_path / one.name, one.make(pristine))
    assert check(pages, path, held=(roots / "ledger.vkey", roots / "root.pem")) == {one.result}
    both_agree(pages, one, verifier.verify(str(path), roots=str(roots)))


@pytest.mark.parametrize("what", clumsy.HELD)
def test_what_people_kept_gets_its_sentence(
    what: str, online: Verifier, offline: Verifier, pristine: Pristine, roots: Path, tmp_path: Path
) -> None:
    one, bundle = clumsy.HELD[what], written(tmp_path / "bundle.zip", pristine.bundle)
    kept, pages = written(tmp_path / one.name, one.make(pristine)), (online, offline)
    assert check(pages, bundle, held=(roots / "ledger.vkey", roots / "root.pem", kept)) == {one.result}
    both_agree(pages, one, verifier.verify(str(bundle), [str(kept)], str(roots)))


@pytest.mark.parametrize("text", ["{}\n", "\ufeff{}", "# the key, by telephone\r\n{}\r\n", "{}\n\n{}\n"])
def test_a_key_is_read_line_by_line(
    text: str, online: Verifier, offline: Verifier, bundle: Path, roots: Path, tmp_path: Path
) -> None:
    key = (roots / "ledger.vkey").read_text().strip()
    path = written(tmp_path / "mine.vkey", text.format(key, key).encode())
    assert check((online, offline), bundle, held=(path, roots / "root.pem")) == {"verified"}


@pytest.mark.parametrize("how", clumsy.KEYS)
def test_a_key_is_read_after_other_programs(
    how: str, online: Verifier, bundle: Path, roots: Path, tmp_path: Path
) -> None:
    key = (roots / "ledger.vkey").read_text().strip()
    path = written(tmp_path / "mine.vkey", clumsy.KEYS[how](key))
    assert check((online,), bundle, held=(path, roots / "root.pem")) == {"verified"}


def test_a_damaged_root_beside_the_right_one_is_passed_over(both: Both, bundle: Path, roots: Path) -> None:
    written(roots / "another.pem", b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
    found = both.verdicts(bundle, roots=roots)
    assert {one.result for one in found} == {"verified"}
    assert all(any("passed over" in note for note in one.noted) for one in found)


def test_an_archive_beside_a_bundle_is_a_file_to_look_for(online: Verifier, bundle: Path, tmp_path: Path) -> None:
    assert online.checks(bundle) == "self-consistent only"
    online.chooses("subject", written(tmp_path / "calls.7z", clumsy.SEVEN))
    online.page.wait_for_selector("[data-found='']")
    assert online.result == "self-consistent only"


def test_a_browser_that_cannot_unpack_says_so(online: Verifier, pristine: Pristine, tmp_path: Path) -> None:
    path = written(tmp_path / "bundle.zip", clumsy.packed(pristine.bag))
    context = online.page.context.browser
    assert context
    page = Verifier(context.new_page(), online.address, [])
    page.page.add_init_script("delete window.Worker; delete window.DecompressionStream")
    assert page.checks(path) == "unreadable"
    assert "pack it without compression, or use holdfast_verify.py" in page.text(".verdict")
    page.page.close()
