"""What was written and added after filing is in receipts and bundles, and nothing of it can be changed."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from complaints.conversation import messaging
from complaints.filing import receipt_pdf, receipts
from complaints.models import Message, StaffMember
from evidence import holdfast_verify as verifier
from evidence import ledger
from evidence.ledger import signing
from tests.complaints.filing.test_receipt_pdf import text_of
from tests.support import cast, conversation
from tests.support.attacks import CASE, RECEIPT, Change, Held, holdfast, is_refused, remove, says, swap
from tests.support.bundles import Opened, chained, exported, opened, remake, seal_all

from .report.test_report import printed

LATER, OF_THE_OFFICE = "data/originals/E-003.png", "data/originals/E-004.png"
MESSAGES = tuple(f"data/documents/message-{number}.json" for number in range(1, 6))


@pytest.fixture
def talked(case: cast.Filed, supervisor: StaffMember) -> cast.Filed:
    """That case, after which both sides wrote and added; all sealed."""
    conversation.sent(case.case, "evidence", "新的截图。", [("call.png", cast.a_screenshot("call"))])
    question = conversation.from_the_office(case.case, supervisor, "哪天打来的？", "office-question")
    conversation.sent(case.case, f"answer-{question.pk}", "星期一晚上。")
    conversation.sent(case.case, "addendum", "他们还找了我姐姐。")
    letter = ("letter.png", cast.a_screenshot("letter"))
    conversation.from_the_office(case.case, supervisor, "请看这封信。", files=[letter])
    messaging.read(case.case, by=supervisor, up_to=Message.objects.latest("pk").pk)
    seal_all(case.case)
    return case


@pytest.fixture
def bag(talked: cast.Filed) -> Opened:
    return opened(exported(talked.case))


# The bundle


def test_the_bundle_has_every_message_and_later_exhibit(bag: Opened) -> None:
    assert {LATER, OF_THE_OFFICE, *MESSAGES} <= set(bag.files)
    told = bag.json(CASE)
    kinds = [message["kind"] for message in told["messages"]]
    assert kinds == ["evidence", "question", "answer", "addendum", "message"]
    assert told["messages"][2]["answers"] == verifier.sha256(bag.files[MESSAGES[1]]).hex()
    labels = [(one["exhibit"], one["description"], one["name"]) for one in told["exhibits"]]
    assert labels[2:] == [("E-3", "What call.png shows", "call.png"), ("E-4", "", "letter.png")]


def test_custody_has_a_row_for_each(bag: Opened, supervisor: StaffMember) -> None:
    rows = [
        (row["event"], row["exhibit"], row["by"])
        for row in csv.DictReader(io.StringIO(bag.text("data/custody.csv")))
    ]
    office = f"supervisor {supervisor.uid}"
    for expected in (
        ("evidence.added", "", "borrower"),
        ("evidence.received", "E-3", "borrower"),
        ("question.asked", "", office),
        ("question.answered", "", "borrower"),
        ("addendum.added", "", "borrower"),
        ("message.written", "", office),
        ("evidence.received", "E-4", office),
        ("message.read", "", office),
    ):
        assert expected in rows


def test_the_report_prints_them_with_who_and_what_came_along(talked: cast.Filed) -> None:
    text = printed(talked.case)
    for wanted in ("新的截图。", "哪天打来的？", "星期一晚上。", "他们还找了我姐姐。", "请看这封信。"):
        assert wanted in text
    for heading in (
        "补充证据evidenceadded",
        "补充说明addendumtothestatement",
        "向投诉人提问questiontotheborrower",
    ):
        assert heading in text
    assert "随附证据Exhibitsthatcamealong:E-3" in text
    assert Message.objects.earliest("pk").sha256 in text


def test_a_lawyer_verifies_it_against_every_receipt(
    talked: cast.Filed, bag: Opened, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    path = bag.zip(tmp_path / "bundle.zip")
    (tmp_path / "later.json").write_bytes(receipts.extended(talked.case))
    again = tmp_path / "again.zip"
    again.write_bytes(exported(talked.case))
    for receipt in (held.receipt, tmp_path / "later.json"):
        code, answer = holdfast(lawyer, again, "--roots", held.roots, "--against", receipt)
        assert code == 0, answer
    assert holdfast(lawyer, path, "--roots", held.roots, "--against", held.receipt)[0] == 0


def test_a_bundle_made_before_anybody_wrote_still_verifies(
    case: cast.Filed, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    path = opened(exported(case.case)).zip(tmp_path / "bundle.zip")
    assert holdfast(lawyer, path, "--roots", held.roots, "--against", held.receipt)[0] == 0


# What somebody with every key may try


def other_words(bag: Opened) -> None:
    told = bag.json(MESSAGES[3])
    bag.files[MESSAGES[3]] = verifier.canonical({**told, "text": "他们没有找我姐姐。"})
    repeat(bag)


def repeat(bag: Opened) -> None:
    """case.json repeats the documents as they are now."""
    told = bag.json(CASE)
    told["messages"] = [bag.json(name) for name in MESSAGES if name in bag.files]
    bag.files[CASE] = verifier.canonical(told)


def an_answer_left_out(bag: Opened) -> None:
    del bag.files[MESSAGES[2]]
    repeat(bag)


def messages_swapped(bag: Opened) -> None:
    swap(MESSAGES[0], MESSAGES[3])(bag)
    repeat(bag)


def renumbered(bag: Opened) -> None:
    """The borrower's new exhibit under another number, in everything but the ledger."""
    told = bag.json(CASE)
    told["exhibits"][2]["exhibit"] = "E-5"
    bag.files[CASE] = verifier.canonical(told)


BY_THE_OPERATOR: dict[str, tuple[Change, str, str]] = {
    "other words in an addendum": (other_words, "documents", "message-4.json is not the document"),
    "an answer left out": (an_answer_left_out, "documents", "message-3.json is missing"),
    "messages swapped": (messages_swapped, "documents", "is not the document in the ledger"),
    "a later exhibit left out": (remove(LATER), "originals", "the original of E-3 is missing"),
    "later exhibits swapped": (swap(LATER, OF_THE_OFFICE), "originals", "its bytes differ"),
    "a later exhibit renumbered": (renumbered, "case", "tells E-5 otherwise"),
    "a message told otherwise": (
        lambda bag: bag.files.__setitem__(CASE, bag.files[CASE].replace("星期一".encode(), "星期二".encode())),
        "case",
        "does not repeat the messages",
    ),
}


@pytest.mark.parametrize("attack", BY_THE_OPERATOR)
def test_what_the_operator_signs_again_is_refused(attack: str, bag: Opened, held: Held, tmp_path: Path) -> None:
    change, link, sentence = BY_THE_OPERATOR[attack]
    change(bag)
    bag.re_sign()
    is_refused(bag.zip(tmp_path / "bundle.zip"), held, link, sentence)


Entries = list[dict[str, Any]]


def of(entries: Entries, kind: str) -> dict[str, Any]:
    return next(entry for entry in entries if entry["kind"] == kind)


def an_exhibit_listed_again(entries: Entries) -> None:
    """An exhibit of the filing under a number of a later message."""
    again = {**of(entries, "complaint.filed")["data"]["exhibits"][0], "number": 9}
    of(entries, "addendum.added")["data"]["exhibits"].append(again)


def a_number_given_twice(entries: Entries) -> None:
    of(entries, "evidence.added")["data"]["exhibits"][0]["number"] = 1


def other_bytes_listed(entries: Entries) -> None:
    of(entries, "evidence.added")["data"]["exhibits"][0]["sha256"] = "0" * 64


def never_received(entries: Entries) -> None:
    one = of(entries, "evidence.added")["data"]["exhibits"][0]
    of(entries, "addendum.added")["data"]["exhibits"].append({**one, "number": 9, "item": "somewhere else"})


MADE_UP: dict[Callable[[Entries], None], str] = {
    an_exhibit_listed_again: "lists an exhibit that was listed before",
    a_number_given_twice: "exhibits share a number",
    other_bytes_listed: "name different bytes",
    never_received: "was never received",
}


@pytest.mark.parametrize("change", MADE_UP, ids=lambda change: change.__name__)
def test_a_ledger_that_contradicts_itself_about_later_exhibits_is_refused(
    change: Callable[[Entries], None], bag: Opened
) -> None:
    contents = bag.entries()
    change(contents)
    entries = [verifier.open_entry(place, leaf.decode()) for place, leaf in enumerate(chained(contents))]
    with pytest.raises(verifier.Broken, match=MADE_UP[change]):
        verifier.exhibits_of(entries)


def test_a_message_taken_out_of_the_ledger_is_found_by_whoever_kept_the_later_receipt(
    talked: cast.Filed, bag: Opened, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    """The operator has every key and makes all of it anew, as if the addendum had never been sent."""
    (tmp_path / "later.json").write_bytes(receipts.extended(talked.case))
    entries = bag.entries()
    entries.remove(of(entries, "addendum.added"))
    bag.files[MESSAGES[3]] = bag.files.pop(MESSAGES[4])  # numbered as if there had been four
    repeat(bag)
    remake(bag, chained(entries))
    path = bag.zip(tmp_path / "bundle.zip")
    assert holdfast(lawyer, path)[0] == 2  # in itself, it fits
    code, answer = holdfast(lawyer, path, "--roots", held.roots, "--against", tmp_path / "later.json")
    assert code == 1
    assert "of later.json is not here as it was" in says(answer)


# Receipts


def test_a_later_receipt_lists_what_was_written_and_added(talked: cast.Filed) -> None:
    later = json.loads(receipts.extended(talked.case))
    assert [file["exhibit"] for file in later["files"]] == ["E-1", "E-2", "E-3", "E-4"]
    written = {paper["kind"]: paper["sha256"] for paper in later["papers"]}
    assert list(written) == [
        "evidence.added",
        "question.asked",
        "question.answered",
        "addendum.added",
        "message.written",
    ]
    assert written["addendum.added"] == Message.objects.get(kind="addendum").sha256
    assert "姐姐" not in json.dumps(later, ensure_ascii=False)


def test_a_later_receipt_verifies_against_the_first(
    talked: cast.Filed, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    later = tmp_path / "later.json"
    later.write_bytes(receipts.extended(talked.case))
    assert holdfast(lawyer, later, "--roots", held.roots, "--against", held.receipt)[0] == 0
    conversation.sent(talked.case, "message", "再写一次。", [("more.png", cast.a_screenshot("more"))])
    newest = tmp_path / "newest.json"
    newest.write_bytes(receipts.extended(talked.case))
    assert holdfast(lawyer, newest, "--roots", held.roots, "--against", later)[0] == 0


def papers_dropped(told: dict[str, Any]) -> None:
    del told["papers"]


def a_paper_changed(told: dict[str, Any]) -> None:
    told["papers"][0]["sha256"] = "0" * 64


def a_later_file_dropped(told: dict[str, Any]) -> None:
    del told["files"][3]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (papers_dropped, "lists other papers than the ledger"),
        (a_paper_changed, "lists other papers than the ledger"),
        (a_later_file_dropped, "lists other files than the ledger"),
    ],
)
def test_a_receipt_that_says_something_else_is_refused(
    talked: cast.Filed, change: Callable[[dict[str, Any]], None], sentence: str
) -> None:
    told = json.loads(receipts.extended(talked.case))
    del told["signature"]
    change(told)
    with pytest.raises(verifier.Broken, match=sentence):
        verifier.open_receipt(signing.sign(told))


def test_the_printed_receipt_lists_them_too(talked: cast.Filed) -> None:
    text = "".join(text_of(receipt_pdf.printed(receipts.extended(talked.case))).split())
    for said in ("提交之后的往来", "补充说明", Message.objects.get(kind="addendum").sha256, "call.png"):
        assert said in text


def test_the_receipt_at_filing_stays_byte_for_byte(talked: cast.Filed, bag: Opened) -> None:
    assert bag.files[RECEIPT] == bytes(talked.case.receipt)
    assert "papers" not in json.loads(bytes(talked.case.receipt))
    assert ledger.history(talked.case.thread)[0].kind == "complaint.filed"
