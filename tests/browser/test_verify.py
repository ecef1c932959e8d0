"""The verifier in Chromium, on the portal in English and as a file in Chinese: the attack table against both."""

import copy
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evidence import holdfast_verify as verifier
from evidence.ledger import signing
from tests.evidence.verifier.test_attacks import BY_ANYBODY, BY_THE_OPERATOR, WITH_LISTS
from tests.evidence.verifier.test_attacks_on_anchors import anchors_of
from tests.evidence.verifier.test_attacks_on_the_ledger import (
    a_later_filing,
    a_seal_dropped,
    an_entry_inserted,
    made,
    seals_reordered,
)
from tests.support import cast
from tests.support.attacks import CHECKPOINT, ORIGINAL, RECEIPT, Change, add, flip, remove
from tests.support.browser import shoot
from tests.support.bundles import Ledger, Opened, chained, remake
from tests.support.verify_pages import PICTURES, Pristine, Verifier, check, written

pytest_plugins = ["tests.support.verify_fixtures"]
pytestmark = [pytest.mark.browser, pytest.mark.sqlite_only, pytest.mark.django_db]


# -- honest papers


def test_an_honest_bundle_is_accepted_online_and_offline(
    online: Verifier, offline: Verifier, bundle: Path, receipt: Path, roots: Path
) -> None:
    pages = (online, offline)
    assert check(pages, bundle) == {"self-consistent only"}
    assert "Get the ledger’s key" in online.text(".verdict")
    assert "取得存证账本公钥" in offline.text(".verdict")
    key, root = roots / "ledger.vkey", roots / "root.pem"
    assert check(pages, bundle, (key,)) == {"self-consistent only"}
    assert "nothing from outside says that the timestamp authorities are real ones" in online.text(".verdict")
    for held in ((receipt,), (key, root), (receipt, key)):
        assert check(pages, bundle, held) == {"verified"}
    for page in pages:
        assert all(ok for _, ok, _ in page.rows)
    shoot(online.page, "verify-online")
    shoot(offline.page, "verify-offline")


def test_the_same_is_said_as_by_the_other_verifier(
    online: Verifier, bundle: Path, receipt: Path, roots: Path
) -> None:
    online.checks(bundle, held=(receipt,))
    report = verifier.verify(str(bundle), [str(receipt)])
    assert report.exit == 0
    told = [row for row in online.rows if row[0] != "package"]  # which names the path
    assert told == [tuple(check[:3]) for check in report.checks if check.name != "package"]
    assert all(caution in online.text(".verdict") for caution in report.cautions)
    assert "local clock" in online.text(".verdict")


def test_receipts_of_any_time_are_accepted(
    online: Verifier, offline: Verifier, pristine: Pristine, receipt: Path, roots: Path
) -> None:
    later = written(receipt.with_name("later.json"), pristine.later)
    pages = (online, offline)
    assert check(pages, receipt) == {"self-consistent only"}
    assert check(pages, receipt, held=(roots / "ledger.vkey",)) == {"verified"}
    assert check(pages, later, held=(receipt,)) == {"verified"}
    assert "Verified, timestamps not checked here" in online.text(".verdict h2")
    cautions = verifier.verify(str(later), [str(receipt)]).cautions
    assert any("lists timestamps that are not in it" in one for one in cautions)
    assert all(one in online.text(".verdict") for one in cautions)
    assert "这里没有核验时间戳" in offline.text(".verdict h2")
    assert [name for name, _, _ in offline.rows] == ["kept kept.json", "receipt", "key", "against kept.json"]


def test_a_file_is_found_in_the_bundle_or_the_receipt(
    online: Verifier, bundle: Path, receipt: Path, tmp_path: Path
) -> None:
    mine = written(tmp_path / "IMG_0001.png", PICTURES[0][1])
    other = written(tmp_path / "other.png", PICTURES[0][1] + b"!")
    for subject, place in ((bundle, ORIGINAL), (receipt, "E-1")):
        online.checks(subject, mine, other)
        found = online.page.eval_on_selector_all("[data-found]", "all => all.map(one => one.dataset.found)")
        assert found == [place, ""]
    online.checks(other)
    assert online.result == ""
    assert hashlib.sha256(other.read_bytes()).hexdigest() in online.text()
    assert "Add a receipt or a bundle" in online.text()


# -- the attack table


def is_refused(pages: tuple[Verifier, ...], path: Path, receipt: Path, roots: Path, link: str, says: str) -> None:
    """Both pages name the same first broken link, and the same checks hold as in the Python verifier."""
    expected = verifier.verify(str(path), [str(receipt)], str(roots)).checks
    assert check(pages, path, held=(roots / "ledger.vkey", roots / "root.pem", receipt)) == {"broken"}
    for page in pages:
        assert page.first_broken[0] == link, page.first_broken
        assert [row[:2] for row in page.rows] == [one[:2] for one in expected]
    told = pages[0].first_broken[2]
    assert says in told
    assert told == next(one.says for one in expected if not one.ok) or "not made by the portal" in told
    assert told in pages[0].text(".verdict")


@pytest.mark.long
@pytest.mark.parametrize("attack", BY_ANYBODY)
def test_a_change_is_refused_and_named(
    attack: str, spare: Opened, online: Verifier, offline: Verifier, receipt: Path, roots: Path, tmp_path: Path
) -> None:
    change, _, _, link, says = BY_ANYBODY[attack]
    change(spare)
    is_refused((online, offline), spare.zip(tmp_path / "bundle.zip"), receipt, roots, link, says)


@pytest.mark.long
@pytest.mark.parametrize("attack", WITH_LISTS)
def test_a_change_with_its_lists_is_refused(
    attack: str, spare: Opened, online: Verifier, offline: Verifier, receipt: Path, roots: Path, tmp_path: Path
) -> None:
    WITH_LISTS[attack][0](spare)
    spare.relist()
    path = spare.zip(tmp_path / "bundle.zip")
    is_refused((online, offline), path, receipt, roots, "export", "not the one the portal signed")


@pytest.mark.long
@pytest.mark.parametrize("attack", BY_THE_OPERATOR)
def test_what_the_operator_signs_again_is_refused(
    attack: str, spare: Opened, online: Verifier, offline: Verifier, receipt: Path, roots: Path, tmp_path: Path
) -> None:
    change, link, says = BY_THE_OPERATOR[attack]
    change(spare)
    spare.re_sign()
    is_refused((online, offline), spare.zip(tmp_path / "bundle.zip"), receipt, roots, link, says)


# -- a ledger made up by the operator: only what others hold finds it


def as_it_was(bag: Opened) -> Opened:
    return bag


def made_anew(change: Callable[[list[dict[str, Any]]], None]) -> Callable[[Opened], Opened]:
    return lambda bag: made(bag, change, len(bag.entries()))


def after_the_fact(bag: Opened) -> Opened:
    made(bag, a_later_filing)
    told = bag.json(RECEIPT)
    told["filed_at"] = bag.entries()[0]["at"]
    del told["signature"]
    bag.files[RECEIPT] = signing.sign(told)
    bag.re_sign()
    return bag


def cut_short(bag: Opened) -> Opened:
    for end in ("tsq", "tsr"):
        del bag.files[f"proofs/timestamps/E-002.builtin.{end}"]
    return made(bag, a_seal_dropped)


def another_ledgers_note(bag: Opened, _: Pristine) -> bytes:
    other = Ledger([b'{"another":%d}' % number for number in range(len(bag.entries()))])
    return other.note(len(bag.entries())).encode()


def a_note(_: Opened, pristine: Pristine) -> bytes:
    return pristine.bag.files[CHECKPOINT]


def a_receipt(_: Opened, pristine: Pristine) -> bytes:
    return pristine.receipt


def a_later_receipt(_: Opened, pristine: Pristine) -> bytes:
    return pristine.later


def somebody_elses_receipt(_: Opened, __: Pristine) -> bytes:
    return bytes(cast.file_a_complaint().case.receipt)


Held = Callable[[Opened, Pristine], bytes]
MADE_UP: dict[str, tuple[Callable[[Opened], Opened], Held, str, str, str]] = {
    "an entry inserted": (made_anew(an_entry_inserted), a_note, "checkpoint", "broken", "was changed after"),
    "seals reordered": (made_anew(seals_reordered), a_note, "checkpoint", "broken", "another ledger of the same"),
    "made after the fact": (after_the_fact, a_receipt, "kept.json", "broken", "it was made up later"),
    "cut short": (cut_short, a_later_receipt, "later.json", "self-consistent only", "later.json is newer"),
    "two ledgers": (as_it_was, another_ledgers_note, "checkpoint", "broken", "another ledger of the same size"),
    "another case": (
        as_it_was, somebody_elses_receipt, "other.json", "unreadable", "not proved to be of the same ledger",
    ),
    "a hidden proof": (
        lambda bag: made(bag, an_entry_inserted), a_note, "checkpoint", "broken",
        "does not show that today's record grew out of",
    ),
}  # fmt: skip


@pytest.mark.parametrize("attack", MADE_UP)
def test_a_made_up_ledger_is_found_by_what_others_hold(
    attack: str, spare: Opened, pristine: Pristine, online: Verifier, offline: Verifier, tmp_path: Path
) -> None:
    change, held, name, result, says = MADE_UP[attack]
    path = change(spare).zip(tmp_path / "bundle.zip")
    kept = written(tmp_path / name, held(spare, pristine))
    assert offline.checks(path) == "self-consistent only"  # in itself, it fits
    assert check((online, offline), path, held=(kept,)) == {result}
    assert result != "broken" or offline.first_broken[0] == f"against {name}"
    assert says in online.text(".verdict")


def test_another_key_is_named(
    spare: Opened, online: Verifier, offline: Verifier, receipt: Path, roots: Path, tmp_path: Path, settings: Any
) -> None:
    settings.LEDGER_SIGNING_KEY = "A" * 43 + "="
    remake(spare, chained(spare.entries()))
    spare.files["proofs/ledger.vkey"] = signing.vkey().encode()
    spare.re_sign()
    path = spare.zip(tmp_path / "bundle.zip")
    assert offline.checks(path) == "self-consistent only"
    for held in (roots / "ledger.vkey", receipt):
        assert check((online, offline), path, held=(held,)) == {"broken"}
        assert online.first_broken[0] == offline.first_broken[0] == "key"


def test_any_changed_byte_of_a_receipt_is_refused(offline: Verifier, receipt: Path, roots: Path) -> None:
    whole = receipt.read_bytes()
    for at in range(0, len(whole), 613):
        changed = bytearray(whole)
        changed[at] ^= 1
        path = written(receipt.with_name("my receipt.json"), bytes(changed))
        expected = verifier.verify(str(path), roots=str(roots)).result
        assert offline.checks(path, held=(roots / "ledger.vkey",)) == expected, whole[at - 20 : at + 20]
        assert expected in ("broken", "unreadable")


# -- stamped checkpoints


def test_stamped_checkpoints_date_the_ledger(
    stamped: Pristine, online: Verifier, offline: Verifier, roots: Path, tmp_path: Path
) -> None:
    bundle, later = written(tmp_path / "b.zip", stamped.bundle), written(tmp_path / "later.json", stamped.later)
    note = written(tmp_path / "checkpoint", stamped.bag.files[f"{anchors_of(stamped.bag)[0]}.note"])
    for paper in (bundle, later):
        held = (roots / "ledger.vkey", roots / "root.pem", note)
        assert check((online, offline), paper, held) == {"verified"}
        report = verifier.verify(str(paper), [str(note)], str(roots))
        assert [row for row in online.rows if row[0] == "anchors"] == [
            tuple(check[:3]) for check in report.checks if check.name == "anchors"
        ]
        assert "existed at" in online.text(".checks")
        assert "已经存在" in offline.text(".checks")


def a_renamed_stamp(bag: Opened) -> None:
    for end in ("note", "tsq", "tsr"):
        stem = anchors_of(bag)[0]
        bag.files[stem.replace("anchors/", "anchors/9") + f".{end}"] = bag.files.pop(f"{stem}.{end}")


def a_note_of_another_ledger(bag: Opened) -> None:
    size = int(anchors_of(bag)[0].split("/")[2].split(".")[0])
    other = Ledger([b'{"another":%d}' % number for number in range(size)])
    bag.files[f"{anchors_of(bag)[0]}.note"] = other.note(size).encode()


STAMPED: dict[str, tuple[Change, str]] = {
    "a stamp without its query": (lambda bag: remove(f"{anchors_of(bag)[0]}.tsq")(bag), ".tsq is missing"),
    "something beside the stamps": (add("proofs/anchors/more.txt"), "it is no stamped checkpoint"),
    "a note with another bit": (
        lambda bag: flip(f"{anchors_of(bag)[0]}.note", -9)(bag),
        "the checkpoint",
    ),  # or no base64 any more
    "another size in the name": (a_renamed_stamp, "names another size"),
    "a note of another ledger": (a_note_of_another_ledger, "was made up"),
}


@pytest.mark.parametrize("attack", STAMPED)
def test_a_stamped_checkpoint_that_does_not_fit_is_refused(
    attack: str, stamped: Pristine, online: Verifier, offline: Verifier, tmp_path: Path
) -> None:
    change, says = STAMPED[attack]
    bag = copy.deepcopy(stamped.bag)
    change(bag)
    bag.re_sign()
    assert check((online, offline), bag.zip(tmp_path / "bundle.zip")) == {"broken"}
    assert online.first_broken[0] == offline.first_broken[0] == "anchors"
    assert says in online.first_broken[2]
