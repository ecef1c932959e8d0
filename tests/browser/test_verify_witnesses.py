"""What witnesses saw, in both verifiers: no honest paper is broken, and nothing that they saw can be rewritten."""

import re
from pathlib import Path

import pytest

from evidence import holdfast_verify as verifier
from tests.support import witnesses
from tests.support.both import Both, by_python
from tests.support.verify_pages import Pristine, Verifier, written
from tests.support.witnesses import ANNE, ATTACKS, BO, HONEST, UNFIT, UNREAD, Look

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db]


def files(look: Look, folder: Path) -> tuple[Path, list[Path]]:
    """What is checked, and what is held against it."""
    kept = {name: written(folder / name, content) for name, content in look.kept.items()}
    subject = kept.pop(look.subject, None) or look.bag.zip(folder / look.subject)
    return subject, list(kept.values())


@pytest.mark.long
@pytest.mark.parametrize("row", HONEST)
def test_an_honest_paper_is_never_broken(row: str, pristine: Pristine, both: Both, tmp_path: Path) -> None:
    change, result, says = HONEST[row]
    change(look := Look(pristine))
    subject, kept = files(look, tmp_path)
    ours, theirs = both.verdicts(subject, *kept, witnesses=look.named, quorum=look.quorum)
    assert (ours.result, ours.says) == (result, "")
    assert ours == theirs
    assert ours.noted == theirs.noted
    assert says in "; ".join(ours.noted)


@pytest.mark.long
@pytest.mark.parametrize("row", ATTACKS)
def test_what_witnesses_saw_cannot_be_changed(row: str, pristine: Pristine, both: Both, tmp_path: Path) -> None:
    change, link, says = ATTACKS[row]
    change(look := Look(pristine))
    subject, kept = files(look, tmp_path)
    ours, theirs = both.verdicts(subject, *kept, witnesses=look.named, quorum=look.quorum)
    assert (ours.result, ours.link) == ("broken", link), ours
    assert says in ours.says
    assert ours == theirs


@pytest.mark.parametrize("row", UNREAD)
def test_what_the_reader_brings_and_does_not_fit_accuses_nobody(
    row: str, pristine: Pristine, both: Both, tmp_path: Path
) -> None:
    change, link, says = UNREAD[row]
    change(look := Look(pristine))
    subject, kept = files(look, tmp_path)
    ours, theirs = both.verdicts(subject, *kept, witnesses=look.named, quorum="2")
    assert (ours.result, ours.link) == ("unreadable", link)
    assert says in ours.says
    assert ours == theirs


def test_the_page_takes_keys_and_a_number_and_keeps_neither(
    pristine: Pristine, online: Verifier, offline: Verifier, tmp_path: Path
) -> None:
    witnesses.both(look := Look(pristine))
    subject, kept = files(look, tmp_path)
    for one, number, says in (
        (online, "2", "Your witnesses vouch for the first 3 entries"),
        (offline, "1", "您写明的见证方证明的是存证账本的前 3 条"),
    ):
        one.checks(subject, held=tuple(kept))
        one.page.fill("#witnesses", look.named)
        one.page.fill("#quorum", number)
        one.page.locator("#quorum").blur()
        assert one.ends() == "verified"
        assert says in one.text(".verdict")
        assert any(row[0] == "witnesses" and row[1] for row in one.rows)
        one.page.reload()
        assert one.page.input_value("#witnesses") == one.page.input_value("#quorum") == ""
        assert one.page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_a_file_of_witnesses_keys_goes_into_their_field(online: Verifier, tmp_path: Path) -> None:
    mine = written(tmp_path / "witnesses.txt", f"# both\n{ANNE.vkey}\n{BO.vkey}\n".encode())
    online.page.goto(online.address)
    online.page.locator("[data-zone=held] input[type=file]").set_input_files(mine)
    online.page.locator("#witnesses:not(:placeholder-shown)").wait_for()
    assert online.page.input_value("#witnesses") == f"{ANNE.vkey}\n{BO.vkey}"
    assert online.page.input_value("#vkey") == ""


@pytest.mark.parametrize("row", UNFIT)
def test_unfit_witnesses_are_an_error_of_the_reader(row: str, online: Verifier, tmp_path: Path) -> None:
    """It says nothing of the paper, which is not looked at."""
    named, quorum, says = UNFIT[row]
    script = """async ([witnesses, quorum]) => {
        const { verify } = await import("/static/verify/verify.js");
        const { told } = await import("/static/verify/words.js");
        const job = { kept: [], keys: [], others: [], witnesses, quorum };
        return verify(job, () => {}).catch(error => told(error.says, "en"));
    }"""
    online.page.goto(online.address)
    assert online.page.evaluate(script, [named, quorum]) == says
    with pytest.raises(verifier.Broken, match=re.escape(says)):
        by_python(tmp_path / "none.json", witnesses=named, quorum=quorum)


def test_the_page_says_what_is_wrong_with_a_key(bundle: Path, online: Verifier) -> None:
    online.checks(bundle)
    online.page.fill("#witnesses", "anne.example")
    online.page.locator("#witnesses").blur()
    online.page.wait_for_selector("#verifier[data-state=failed]")
    assert "a witness's key is malformed" in online.text(".result")
    online.page.fill("#witnesses", "")
    online.page.locator("#witnesses").blur()
    assert online.ends() == "self-consistent only"
