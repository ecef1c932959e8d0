"""Two authorities at once: this machine's own clock, and one outside that is away, then gone for good."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from complaints.filing import receipts
from complaints.models import Case
from evidence import tasks
from evidence.ledger import checkpoints, signing
from evidence.models import AuthorityState, EvidenceItem, PinnedRoot
from evidence.timestamps import anchoring, authorities
from tests.support import cast, outside
from tests.support.bundles import exported, opened
from tests.support.pages import somebody, text

NAME = "Outside TSA (法)"


@pytest.fixture
def other(tmp_path: Path, settings: Any) -> Iterator[outside.Outside]:
    """The authority outside, in use beside the builtin one."""
    with outside.running(tmp_path) as found:
        settings.TIMESTAMP_AUTHORITIES = [{"name": "builtin", "url": "builtin:"}, found.settings(NAME)]
        yield found


def later() -> None:
    """The rest after a failure is over."""
    AuthorityState.objects.update(rests_until=None)


def stamps_of(receipt: bytes) -> list[str]:
    return sorted(stamp["authority"] for stamp in json.loads(receipt)["files"][0]["timestamps"])


@pytest.fixture
def roots(other: outside.Outside, tmp_path: Path) -> Path:
    """What a lawyer has: the ledger's key and the roots of both."""
    folder = tmp_path / "roots"
    folder.mkdir()
    (folder / "ledger.vkey").write_text(signing.vkey())
    (folder / "outside.pem").write_bytes(other.root.read_bytes())
    (folder / "builtin.pem").write_bytes(authorities.configured()[0].root)
    return folder


def filed_while_away(other: outside.Outside) -> cast.Filed:
    other.open = False
    filed = cast.file_a_complaint()
    tasks.sweep()
    return filed


def test_while_one_authority_is_away_the_seal_waits_and_that_shows(db: None, other: outside.Outside) -> None:
    filed = filed_while_away(other)
    item = EvidenceItem.objects.get(thread=filed.case.thread)
    assert item.state == "received"
    assert stamps_of(receipts.extended(filed.case)) == []  # a receipt has those that the ledger names
    visitor = somebody("en")
    visitor.post("/follow/", {"code": filed.code})
    assert "Its timestamp will be added" in text(visitor.get("/follow/exhibits/1/"))
    asked = other.asked
    tasks.sweep()
    assert other.asked == asked  # it is left alone for a moment


def test_when_it_is_back_the_later_receipt_has_both(
    db: None,
    other: outside.Outside,
    roots: Path,
    lawyer: cast.Lawyer,
    tmp_path: Path,
) -> None:
    filed = filed_while_away(other)
    first = tmp_path / "first.json"
    first.write_bytes(receipts.extended(filed.case))
    other.open = True
    later()
    tasks.sweep()
    assert EvidenceItem.objects.get(thread=filed.case.thread).state == "sealed"
    checkpoints.current()
    anchoring.anchor()
    second = tmp_path / "second.json"
    second.write_bytes(receipts.extended(filed.case))
    assert stamps_of(second.read_bytes()) == [NAME, "builtin"]
    done = lawyer.verifies(second, "--roots", roots, "--against", first)
    assert done.returncode == 0, done.stdout
    assert f"UTC, by {NAME}." in done.stdout
    assert done.stdout.count("is a local clock") == 1


def stamped(other: outside.Outside) -> Case:
    case = cast.file_a_complaint().case
    tasks.sweep()
    checkpoints.current()
    anchoring.anchor()
    return case


@pytest.mark.parametrize(
    "now",
    [
        [{"name": "builtin", "url": "builtin:"}],
        [{"name": "renamed", "url": "builtin:"}],
    ],
    ids=["dropped", "renamed"],
)
def test_what_an_authority_stamped_stays_verifiable_when_the_settings_forget_it(
    now: list[dict[str, str]],
    db: None,
    other: outside.Outside,
    settings: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    case = stamped(other)
    settings.TIMESTAMP_AUTHORITIES = now
    bundle = opened(exported(case))
    told = {one["name"] for one in bundle.json("proofs/export.json")["authorities"]}
    assert told == {now[0]["name"], "builtin", NAME}
    assert told == {one["name"] for one in json.loads(receipts.extended(case))["authorities"]}
    assert f"# {NAME}\n-----BEGIN CERTIFICATE" in text(somebody().get("/ledger/roots.pem"))
    for name, content in (("b.zip", None), ("later.json", receipts.extended(case))):
        path = tmp_path / name
        path.write_bytes(content) if content else bundle.zip(path)
        with pytest.raises(SystemExit) as ended:
            call_command("verify", str(path))
        assert ended.value.code == 0, capsys.readouterr().out


def test_fractions_of_a_second_in_its_tokens_make_whole_bundles_and_receipts(
    db: None, other: outside.Outside, roots: Path, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    other.microsecond = 194_000
    case = stamped(other)
    bundle, later = opened(exported(case)), tmp_path / "later.json"
    later.write_bytes(receipts.extended(case))
    (seal,) = [entry for entry in bundle.entries() if entry["kind"] == "evidence.sealed"]
    assert [one["gen_time"][-8:] for one in seal["data"]["tokens"]] == [".194000Z", ".000000Z"]
    for paper in (bundle.zip(tmp_path / "bundle.zip"), later):
        done = lawyer.verifies(paper, "--roots", roots)
        assert done.returncode == 0, done.stdout


def test_an_authority_with_a_new_root_keeps_the_old_one(
    db: None, other: outside.Outside, tmp_path: Path, settings: Any
) -> None:
    case = stamped(other)
    (tmp_path / "new").mkdir()
    with outside.running(tmp_path / "new") as renewed:
        settings.TIMESTAMP_AUTHORITIES = [renewed.settings(NAME)]
        stamped(renewed)
        pems = [text for name, text in opened(exported(case)).files.items() if name.startswith("proofs/auth")]
        both = next(pem for pem in pems if renewed.root.read_bytes().strip() in pem)
        assert other.root.read_bytes().strip() in both
    assert PinnedRoot.objects.filter(authority=NAME).count() == 2
