"""The attack table on bundles that are less than whole: masked, and with an exhibit left out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from complaints.bundles import making, masking
from complaints.bundles.options import Options
from complaints.filing import receipts
from complaints.models import Case, Complaint
from evidence import holdfast_verify as verifier
from tests.support import cast, conversation
from tests.support.attacks import (
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
from tests.support.bundles import Opened, a_copy, chained, opened, remake, seal_all
from tests.support.kept import kept

from . import test_attacks

pytestmark = pytest.mark.sqlite_only  # about bundles, whichever database they come from

MASKED = "data/masked/statement.json"
LEFT = "data/originals/E-002.png"
STORY = "他们打给我的同事小王，13912345678。"
BOUNDLESS = {"hidden": 10**15, "as": masking.NAME}
NAMES = ("13800138000.png", "two.png")


@pytest.fixture
def case(db: None) -> cast.Filed:
    return kept("case to be masked", _sealed)


def _sealed() -> cast.Filed:
    filed = cast.file_a_complaint(
        files=[(name, cast.a_screenshot(name)) for name in NAMES], story={"story": STORY}
    )
    for exhibit in filed.case.exhibits.select_related("item"):
        a_copy(exhibit.item, "picture", b"RIFF" + exhibit.label.encode())
    seal_all(filed.case)
    return filed


def made(case: Case, audience: str = "complaint", **chosen: Any) -> Opened:
    options = Options.usual(audience, **{"hidden": ("小王",), "left_out": {2: "chosen"}, **chosen})
    return opened(b"".join(making.stream(case, options=options)[1]))


@pytest.fixture
def bag(case: cast.Filed) -> Opened:
    return kept("masked bag", lambda: made(case.case))


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
        assert code == 4, answer
        told = " ".join(answer["cautions"])
        assert "statement is masked" in told
        assert "E-2 is left out: it was not chosen for this recipient" in told
        assert "the receipt is left out" in told
        said = lawyer.verifies(path, "--against", held.receipt).stdout
        assert "VERIFIED, BUT NOT COMPLETE" in said
        assert "removed" not in said


def test_a_whole_bundle_says_nothing_of_masks(case: cast.Filed, lawyer: cast.Lawyer, tmp_path: Path) -> None:
    whole = opened(b"".join(making.stream(case.case, audience="borrower")[1]))
    assert not {"masked", "left_out"} & set(whole.json(EXPORT))
    answer = lawyer.verifies(whole.zip(tmp_path / "bundle.zip")).stdout
    assert "masked" not in answer


def test_a_later_receipt_is_held_against_it(
    case: cast.Filed, bag: Opened, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    later = tmp_path / "later.json"
    later.write_bytes(receipts.extended(case.case))
    newer = made(case.case).zip(tmp_path / "bundle.zip")
    assert holdfast(lawyer, newer, "--against", later)[0] == 4


def in_masked(**changes: Any) -> Change:
    def change(bag: Opened) -> None:
        bag.files[MASKED] = verifier.canonical({**bag.json(MASKED), **changes})

    return change


def signed(**changes: Any) -> Change:
    """What the operator says in the export instead."""
    return lambda bag: bag.files.__setitem__(EXPORT, verifier.canonical({**bag.json(EXPORT), **changes}))


def rewritten(change: Callable[[dict[str, Any]], None]) -> Change:
    """The masked copy changed, with the document that its pieces then read as, here and in case.json."""

    def changed(bag: Opened) -> None:
        copy = bag.json(MASKED)
        change(copy)
        read = "".join(one if isinstance(one, str) else one["as"] for one in copy["pieces"])
        in_masked(**{**copy, "document": json.loads(read)})(bag)
        bag.files[CASE] = verifier.canonical({**bag.json(CASE), "statement": json.loads(read)})

    return changed


def at_the_story(change: Callable[[list[Any], int], None]) -> Change:
    """`change` gets the pieces, and the place of the text before the colleague's name."""

    def changed(copy: dict[str, Any]) -> None:
        at = next(at for at, one in enumerate(copy["pieces"]) if "他们打给我的同事" in one)
        change(copy["pieces"], at)

    return rewritten(changed)


def a_word_beside_the_name(pieces: list[Any], at: int) -> None:
    pieces[at] = pieces[at].replace("同事", "亲友")


def the_gap_moved(pieces: list[Any], at: int) -> None:
    pieces[at], pieces[at + 2] = pieces[at][:-1], pieces[at][-1] + pieces[at + 2]


def the_gap_wider(pieces: list[Any], at: int) -> None:
    pieces[at], pieces[at + 1] = pieces[at][:-2], {**pieces[at + 1], "hidden": 4}


def the_gap_of_more(pieces: list[Any], at: int) -> None:
    pieces[at + 1] = {**pieces[at + 1], "hidden": 3}


def the_gap_filled_in(pieces: list[Any], at: int) -> None:
    pieces[at : at + 3] = [pieces[at] + "小李" + pieces[at + 2]]


def the_name_of_a_field_masked(copy: dict[str, Any]) -> None:
    at = next(at for at, one in enumerate(copy["pieces"]) if "other_wish" in one)
    before, after = copy["pieces"][at].split("wish")
    copy["pieces"][at : at + 1] = [before, {"hidden": 1, "as": masking.NAME}, after]


def proved_by(change: Callable[[list[str]], list[str]]) -> Change:
    return lambda bag: in_masked(proof=change(bag.json(MASKED)["proof"]))(bag)


def without_a_proof(bag: Opened) -> None:
    """As bundles were before there were any."""
    told = {name: value for name, value in bag.json(MASKED).items() if name not in ("pieces", "proof")}
    bag.files[MASKED] = verifier.canonical({**told, "format": "holdfast-masked/1"})


def half_a_character(bag: Opened) -> None:
    told = bag.json(MASKED)
    bag.files[MASKED] = json.dumps({**told, "pieces": [*told["pieces"], "\ud83d"]}).encode()


def a_finer_story(bag: Opened) -> None:
    finer = {**bag.json(MASKED)["document"], "story": "They were very polite."}
    in_masked(document=finer)(bag)
    bag.files[CASE] = verifier.canonical({**bag.json(CASE), "statement": finer})


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
    "a word beside what is masked": (at_the_story(a_word_beside_the_name), "documents", "has other words"),
    "a gap moved": (at_the_story(the_gap_moved), "documents", "has other words"),
    "a gap wider than it was": (at_the_story(the_gap_wider), "documents", "has other words"),
    "a gap that hides more": (at_the_story(the_gap_of_more), "documents", "has other words"),
    "a name put into the gap": (at_the_story(the_gap_filled_in), "documents", "has other words"),
    "the field's name masked": (rewritten(the_name_of_a_field_masked), "documents", "hides the name of a field"),
    "another story in both papers": (a_finer_story, "documents", "reads otherwise than its pieces"),
    "the proof turned around": (proved_by(lambda told: told[::-1]), "documents", "has other words"),
    "the proof cut short": (proved_by(lambda told: told[:-1]), "documents", "has other words"),
    "the proof too long": (proved_by(lambda told: [*told, told[0]]), "documents", "has other words"),
    "no proof, as it was before": (without_a_proof, "documents", "does not prove its words"),
    "a gap beyond all bounds": (in_masked(pieces=[BOUNDLESS]), "documents", "or more than a document has"),
    "a piece that is none": (in_masked(pieces=[["x"]]), "documents", "a gap has no proper"),
    "half a character": (half_a_character, "documents", "reads otherwise than its pieces"),
    "the statement withheld": (signed(withheld=["statement"]), "documents", "withholds a document"),
}  # fmt: skip


# The table of whole bundles, but for what it does to a statement, a reporter and a receipt, which are not here.
NOT_HERE = [
    *("the statement", "the statement withheld", "the reporter dropped", "the receipt", "a proof removed"),
    *(
        "a receipt of another case",
        "a lying receipt",
        "a file twice in the receipt",
        "no proof from the receipt on",
    ),
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


def test_where_no_proof_leads_on_from_the_kept_receipt_it_is_broken(
    case: cast.Filed, held: Held, tmp_path: Path
) -> None:
    bag = made(case.case, left_out={})
    test_attacks.no_consistency_with_the_receipt(bag)
    bag.re_sign()
    is_refused(bag.zip(tmp_path / "bundle.zip"), held, "against kept.json", "does not show that today's record")


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


def test_a_masked_copy_proves_its_words(bag: Opened, held: Held, lawyer: cast.Lawyer, tmp_path: Path) -> None:
    code, answer = holdfast(lawyer, bag.zip(tmp_path / "bundle.zip"), "--against", held.receipt)
    told = next(one for one in answer["cautions"] if "statement is masked" in one)
    filed_at = bag.json(MASKED)["document"]["filed_at"]
    assert code == 4
    assert f"the words that are left are those that were filed (ledger entry 0, {filed_at})" in told
    assert "portal's word" not in told


def before_there_were_parts(bag: Opened) -> None:
    """The same bundle as it was made when the ledger knew no parts."""
    contents = bag.entries()
    for one in contents:
        one["data"].pop("parts", None)
    without_a_proof(bag)
    remake(bag, chained(contents))


def kept_from(bag: Opened, where: Path) -> Path:
    where.write_bytes(bag.files["proofs/receipt.json"])
    return where


def plainly_named() -> Case:
    """A case with files whose names need no mask, so that the receipt is in its bundles."""
    case = cast.file_a_complaint(files=[("one.png", cast.a_screenshot())], story={"story": STORY}).case
    seal_all(case)
    return case


def masked_of(case: Case) -> Opened:
    return opened(b"".join(making.stream(case, options=Options.usual("complaint", hidden=("小王",)))[1]))


def an_old_one(case: Case) -> Opened:
    """A masked bundle of before there were parts, with words that the operator put into it."""
    bag = masked_of(case)
    before_there_were_parts(bag)
    a_finer_story(bag)
    bag.re_sign()
    return bag


def a_false_one(case: Case) -> Opened:
    """A whole bundle of an operator who at filing said of the statement's parts those of another one."""
    bag = opened(b"".join(making.stream(case, audience="legal_aid")[1]))
    contents = bag.entries()
    other = {**bag.json(STATEMENT), "story": "They were very polite."}
    contents[0]["data"]["parts"][contents[0]["data"]["statement"]] = verifier.parts_root(other)
    remake(bag, chained(contents))
    return bag


def a_rootless_one(case: Case) -> Opened:
    bag = masked_of(case)
    contents = bag.entries()
    contents[0]["data"]["parts"] = {contents[0]["data"]["statement"]: "all of them"}
    remake(bag, chained(contents))
    return bag


def a_later_one_without(case: Case) -> Opened:
    """A masked bundle of an operator who stopped telling parts, so that later words need no proof."""
    message = conversation.sent(case, "message", "Ring 13800138000 no more, I beg you.")
    bag = masked_of(case)
    contents = bag.entries()
    (later,) = (one for one in contents if one["data"].get("message") == message.sha256)
    del later["data"]["parts"]
    remake(bag, chained(contents))
    return bag


MADE_UP: dict[Callable[[Case], Opened], str] = {
    a_false_one: "ledger entry 0 says of the parts of data/documents/statement.json what they are not",
    a_later_one_without: "leaves out its document's parts, told since entry 0",
    a_rootless_one: "what ledger entry 0 says of a document's parts is not a SHA-256",
}


@pytest.mark.django_db
def test_the_words_of_an_old_masked_copy_are_said_to_be_the_portals(lawyer: cast.Lawyer, tmp_path: Path) -> None:
    bag = an_old_one(plainly_named())
    receipt = kept_from(bag, tmp_path / "kept.json")
    code, answer = holdfast(lawyer, bag.zip(tmp_path / "bundle.zip"), "--against", receipt)
    assert code == 0, answer
    assert any("statement is masked" in one and "is the portal's word" in one for one in answer["cautions"])


@pytest.mark.django_db
@pytest.mark.parametrize("make", MADE_UP, ids=lambda make: make.__name__)
def test_who_says_other_parts_at_filing_is_found_without_an_earlier_receipt(
    make: Callable[[Case], Opened], held: Held, tmp_path: Path
) -> None:
    """A masked bundle of such a ledger may hold; the borrower's own, and every whole one, does not."""
    bag = make(plainly_named())
    theirs = Held(held.roots, kept_from(bag, tmp_path / "made_up.json"))
    is_refused(bag.zip(tmp_path / "bundle.zip"), theirs, "documents", MADE_UP[make])
