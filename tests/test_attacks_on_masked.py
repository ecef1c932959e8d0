"""The attack table on bundles that are less than whole: masked, and with an exhibit left out."""

from pathlib import Path
from typing import Any

import pytest

from complaints import bundle, receipts
from complaints.bundle import Options
from complaints.models import Case, Complaint
from evidence import holdfast_verify as verifier
from tests import cast, test_attacks
from tests.attacks import (
    CASE,
    EXPORT,
    ORIGINAL,
    REPORT,
    STATEMENT,
    Change,
    Held,
    add,
    flip,
    holdfast,
    is_refused,
    remove,
    swap,
)
from tests.bundles import Opened, a_copy, opened, seal_all

MASKED = "data/masked/statement.json"
LEFT = "data/originals/E-002.png"
STORY = "他们打给我的同事小王，13912345678。"
NAMES = ("13800138000.png", "two.png")


@pytest.fixture
def case(db: None) -> cast.Filed:
    filed = cast.file_a_complaint(
        files=[(name, cast.a_screenshot(name)) for name in NAMES], story={"story": STORY}
    )
    for exhibit in filed.case.exhibits.select_related("item"):
        a_copy(exhibit.item, "picture", b"RIFF" + exhibit.label.encode())
    seal_all(filed.case)
    return filed


def made(case: Case, audience: str = "complaint", **chosen: Any) -> Opened:
    options = Options.usual(audience, **{"hidden": ("小王",), "left_out": {2: "chosen"}, **chosen})
    return opened(b"".join(bundle.stream(case, options=options)[1]))


@pytest.fixture
def bag(case: cast.Filed) -> Opened:
    return made(case.case)


def test_a_masked_bundle_says_nothing_that_is_masked(case: cast.Filed, bag: Opened) -> None:
    for name, content in bag.files.items():
        for secret in ("13912345678", "小王", "13800138000", "李小梅"):
            assert secret.encode() not in content, name
    assert STATEMENT not in bag.files
    assert bag.json(MASKED)["original"] == Complaint.objects.get().sha256
    assert "salt" not in bag.json(MASKED)["document"]
    assert "proofs/receipt.json" not in bag.files  # it names files as the borrower did
    assert LEFT not in bag.files


def test_it_verifies_and_says_what_it_does_not_show(
    bag: Opened, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    for path in (bag.zip(tmp_path / "bundle.zip"), bag.folder(tmp_path)):
        code, answer = holdfast(lawyer, path, "--against", held.receipt)
        assert code == 0, answer
        told = " ".join(answer["cautions"])
        assert "statement is masked" in told
        assert "E-2 is left out: it was not chosen for this recipient" in told
        assert "the receipt is left out" in told
        assert (
            "The notes say what is masked or left out." in lawyer.verifies(path, "--against", held.receipt).stdout
        )


def test_a_whole_bundle_says_nothing_of_masks(case: cast.Filed, lawyer: cast.Lawyer, tmp_path: Path) -> None:
    whole = opened(b"".join(bundle.stream(case.case, audience="borrower")[1]))
    assert not {"masked", "left_out"} & set(whole.json(EXPORT))
    answer = lawyer.verifies(whole.zip(tmp_path / "bundle.zip")).stdout
    assert "masked" not in answer


def test_a_later_receipt_is_held_against_it(
    case: cast.Filed, bag: Opened, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    later = tmp_path / "later.json"
    later.write_bytes(receipts.extended(case.case))
    newer = made(case.case).zip(tmp_path / "bundle.zip")
    assert holdfast(lawyer, newer, "--against", later)[0] == 0


def in_masked(**changes: Any) -> Change:
    def change(bag: Opened) -> None:
        bag.files[MASKED] = verifier.canonical({**bag.json(MASKED), **changes})

    return change


def signed(**changes: Any) -> Change:
    """What the operator says in the export instead."""
    return lambda bag: bag.files.__setitem__(EXPORT, verifier.canonical({**bag.json(EXPORT), **changes}))


def the_left_out_one_back_with_other_bytes(bag: Opened) -> None:
    bag.files[LEFT] = b"other"
    signed(left_out={})(bag)


def a_finer_story_in_case_json(bag: Opened) -> None:
    case = bag.json(CASE)
    case["statement"]["story"] = "They were very polite."
    bag.files[CASE] = verifier.canonical(case)


BY_ANYBODY: dict[str, tuple[Change, str]] = {
    "the masked statement": (flip(MASKED), f"{MASKED} was altered"),
    "an original": (flip(ORIGINAL), f"{ORIGINAL} was altered"),
    "the report": (flip(REPORT), f"{REPORT} was altered"),
    "an original more": (add(LEFT), f"{LEFT} was added"),
    "the masked statement removed": (remove(MASKED), f"{MASKED} is missing"),
    "the two swapped": (swap(MASKED, CASE), "was altered"),
}
BY_THE_OPERATOR: dict[str, tuple[Change, str, str]] = {
    "the masked one is of another": (in_masked(original="0" * 64), "documents", "not of the document"),
    "a field more": (in_masked(remark="x"), "documents", "no masked copy"),
    "another name": (in_masked(name="finding-1"), "documents", "no masked copy"),
    "no longer said to be masked": (signed(masked=[]), "documents", "names no such masked copy"),
    "something masked that is not": (signed(masked=["finding-1"]), "documents", "does not know"),
    "masked and whole": (add(STATEMENT), "documents", "is there although it is masked"),
    "a masked copy more": (add("data/masked/reporter.json"), "documents", "names no such masked copy"),
    "an exhibit no longer said to be left out": (signed(left_out={}), "originals", "of E-2 is missing"),
    "an exhibit back with other bytes": (the_left_out_one_back_with_other_bytes, "originals", "its bytes differ"),
    "left out without a reason": (signed(left_out={"E-2": "boring"}), "export", "no reason known here"),
    "left out that never was": (signed(left_out={"E-2": "chosen", "E-9": "chosen"}), "originals", "does not know"),
    "left out and there": (add(LEFT), "originals", "knows no such exhibit"),
    "an original": (flip(ORIGINAL), "originals", "its bytes differ"),
    "another story in case.json": (a_finer_story_in_case_json, "case", "does not repeat the statement"),
    "the receipt back": (add("proofs/receipt.json"), "receipt", "there although it is withheld"),
    "the statement withheld": (signed(withheld=["statement"]), "documents", "withholds a document"),
}  # fmt: skip


# The table of whole bundles, but for what it does to a statement, a reporter and a receipt, which are not here.
NOT_HERE = [
    *("the statement", "the statement withheld", "the reporter dropped", "the receipt", "a proof removed"),
    *("a receipt of another case", "a lying receipt", "no proof from the receipt on"),
]


def then(change: Change, after: Change) -> Change:
    def both(bag: Opened) -> None:
        change(bag)
        after(bag)

    return both


BY_WHOM = {
    "": {name: (row[0], *row[3:]) for name, row in test_attacks.BY_ANYBODY.items()},
    ", with its lists": {
        name: (then(row[0], Opened.relist), "export", "not the one the portal signed")
        for name, row in test_attacks.WITH_LISTS.items()
    },
    ", signed": {
        name: (then(row[0], Opened.re_sign), *row[1:]) for name, row in test_attacks.BY_THE_OPERATOR.items()
    },
}
SHARED: dict[str, tuple[Change, str, str]] = {
    f"{name}{who}": row for who, rows in BY_WHOM.items() for name, row in rows.items() if name not in NOT_HERE
}


@pytest.mark.parametrize("attack", SHARED)
def test_what_is_refused_of_a_whole_bundle_is_refused_of_a_masked_one(
    attack: str, case: cast.Filed, held: Held, tmp_path: Path
) -> None:
    change, link, says = SHARED[attack]
    bag = made(case.case, left_out={})
    change(bag)
    is_refused(bag.zip(tmp_path / "bundle.zip"), held, link, says)


@pytest.mark.parametrize("attack", BY_ANYBODY)
def test_a_change_is_refused_and_named(attack: str, bag: Opened, held: Held, tmp_path: Path) -> None:
    change, says = BY_ANYBODY[attack]
    change(bag)
    is_refused(bag.zip(tmp_path / "bundle.zip"), held, "files", says)


@pytest.mark.parametrize("attack", BY_ANYBODY)
def test_a_change_with_its_lists_is_refused(attack: str, bag: Opened, held: Held, tmp_path: Path) -> None:
    BY_ANYBODY[attack][0](bag)
    bag.relist()
    is_refused(bag.zip(tmp_path / "bundle.zip"), held, "export", "not the one the portal signed")


@pytest.mark.parametrize("attack", BY_THE_OPERATOR)
def test_what_the_operator_signs_again_is_refused(attack: str, bag: Opened, held: Held, tmp_path: Path) -> None:
    change, link, says = BY_THE_OPERATOR[attack]
    change(bag)
    bag.re_sign()
    is_refused(bag.zip(tmp_path / "bundle.zip"), held, link, says)


def test_words_that_the_operator_puts_into_a_masked_copy_are_said_to_be_his(
    bag: Opened, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    """What no proof can rule out is said: the original has to be shown."""
    finer = {**bag.json(MASKED)["document"], "story": "They were very polite."}
    in_masked(document=finer)(bag)
    bag.files[CASE] = verifier.canonical({**bag.json(CASE), "statement": finer})
    bag.re_sign()
    code, answer = holdfast(lawyer, bag.zip(tmp_path / "bundle.zip"), "--against", held.receipt)
    assert code == 0
    assert any("is the portal's word" in caution for caution in answer["cautions"])
