"""What the dates of a ledger say: what cannot be is broken, and what only the portal says is noted."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.db.models import F

from complaints.clocks import book
from complaints.filing import receipts
from evidence import holdfast_verify as verifier
from evidence import ledger
from evidence.ledger import checkpoints, custody
from evidence.models import CheckpointToken
from evidence.timestamps import anchoring
from tests.support import cast, dates
from tests.support.attacks import Held, holdfast, says
from tests.support.bundles import Opened, chained, exported, opened, remake

pytestmark = pytest.mark.sqlite_only


@pytest.mark.parametrize("history", dates.ORDERS)
def test_no_entry_may_be_older_than_what_comes_before_it(history: str) -> None:
    lines, sentence = dates.ORDERS[history]
    said = dates.refusal(lines)
    assert sentence in said
    assert bool(sentence) == bool(said)


@pytest.mark.parametrize("history", dates.ACTS)
def test_of_each_act_it_is_said_who_vouches_for_its_date(history: str) -> None:
    lines, anchors, sentence = dates.ACTS[history]
    assert dates.noted(lines, anchors) == (sentence, not sentence or sentence.startswith("BROKEN"))


@pytest.mark.parametrize("name", dates.OWN_DATES)
def test_the_date_in_a_document_is_compared_with_that_of_its_entry(name: str) -> None:
    sentence, said = dates.OWN_DATES[name][-1], dates.said_of(name)
    assert sentence in said
    assert (bool(sentence), "one is false" in sentence or "but ledger entry" in sentence) == (
        bool(said),
        said.startswith("BROKEN"),
    )


def test_every_document_says_when_it_was_written_or_is_known_not_to() -> None:
    names = {name for names in verifier.DOCUMENTS.values() for name in names}
    assert names - {*verifier.OWN_DATES} == {"decision"}  # of more time: its entry alone has the date


def test_every_entry_that_a_deadline_hangs_on_is_dated() -> None:
    events = {event.partition(":")[0] for event in book.in_force().events}
    assert {*events, *verifier.DOCUMENTS, *verifier.STATES} - {"case.routed"} <= set(verifier.DATED)


# -- whole bundles and receipts


def with_a_reply(bag: Opened, days: float) -> None:
    """The operator enters a reply and dates it so many days from the last entry on; everything is signed again."""
    last = bag.entries()[-1]
    at = verifier.moment(last["at"], "it") + timedelta(days=days)
    reply = {**last, "kind": "case.noted", "at": ledger.rfc3339(at), "data": {}, "subject": last["thread"]}
    remake(bag, chained([*bag.entries(), reply]))


@pytest.mark.parametrize("days", [-0.02, -9, -30])
def test_an_act_that_is_dated_back_is_broken(
    days: float, bag: Opened, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    with_a_reply(bag, days)
    code, answer = holdfast(lawyer, bag.zip(tmp_path / "bundle.zip"), "--roots", held.roots)
    assert (code, answer["first_broken"]) == (1, "thread")
    assert "and was written before it: one is false" in says(answer)


def test_an_act_dated_next_year_is_broken_by_when_the_bundle_was_made(
    bag: Opened, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    with_a_reply(bag, 60)
    code, answer = holdfast(lawyer, bag.zip(tmp_path / "bundle.zip"), "--roots", held.roots)
    assert (code, answer["first_broken"]) == (1, "thread")
    assert says(answer).startswith("the export says that it was made at")


def test_a_bundle_made_before_its_newest_entry_is_broken(
    bag: Opened, held: Held, lawyer: cast.Lawyer, tmp_path: Path
) -> None:
    bag.made_at("2019-01-01T00:00:00.000000Z")
    code, answer = holdfast(lawyer, bag.zip(tmp_path / "bundle.zip"), "--roots", held.roots)
    assert (code, answer["first_broken"]) == (1, "thread")


def test_a_bundle_of_a_time_to_come_is_noted(bag: Opened, held: Held, lawyer: cast.Lawyer, tmp_path: Path) -> None:
    bag.made_at("2199-01-01T00:00:00.000000Z")
    code, answer = holdfast(lawyer, bag.zip(tmp_path / "bundle.zip"), "--roots", held.roots)
    assert code == 0
    assert "the export says 2199-01-01 00:00 UTC, which is still to come" in " ".join(answer["cautions"])


def test_a_receipt_of_a_time_before_its_entries_is_broken(case: cast.Filed, held: Held) -> None:
    with pytest.raises(verifier.Broken, match="the receipt says that it was made at 2019"):
        verifier.check_made_after("2019-01-01T00:00:00.000000Z", a_receipt(case).ledger.entries, "the receipt")


def a_receipt(case: cast.Filed) -> verifier.Receipt:
    return verifier.open_receipt(bytes(case.case.receipt))


@pytest.mark.parametrize("year", ["0000", "0001", "1969", "2200"])
def test_a_year_in_which_there_is_no_portal_is_impossible(year: str) -> None:
    with pytest.raises(verifier.Broken, match="impossible time"):
        verifier.moment(f"{year}-01-01T00:00:00.000000Z", "it")


# -- the portal's own ledger


def noted(case: cast.Filed, kind: str = "case.closed", *, hours: float = 0) -> None:
    thread = case.case.thread
    event = ledger.Event(kind=kind, thread=thread, subject=thread, by=ledger.SYSTEM, data={})
    with transaction.atomic():
        ledger.append(replace(event, at=event.at + timedelta(hours=hours)))


def test_an_entry_written_after_a_clock_was_set_back_does_not_fall_behind(case: cast.Filed) -> None:
    noted(case)
    noted(case, hours=-5)
    before, last = (row.opened() for row in ledger.history(case.case.thread)[-2:])
    assert last.at == before.at
    verifier.check_dates([row.opened() for row in ledger.history(case.case.thread)])


def test_a_bundle_that_took_long_is_entered_when_it_was_made(case: cast.Filed) -> None:
    exported(case.case)
    noted(case)
    exported(case.case)
    last = ledger.history(case.case.thread)[-1].opened()
    assert verifier.moment(last.data["read_at"], "it") <= last.at


def test_bundle_and_receipt_bring_the_first_stamp_over_each_act(
    case: cast.Filed, held: Held, lawyer: cast.Lawyer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anchoring, "EVERY", timedelta(0))
    sizes = []
    for _ in range(3):
        noted(case)
        sizes.append(checkpoints.current().size)
        anchoring.anchor()
    bundle = opened(exported(case.case))
    stems = {int(name.split("/")[2].split(".")[0]) for name in bundle.files if name.startswith("proofs/anchors/")}
    assert stems == set(sizes)
    code, answer = holdfast(lawyer, bundle.zip(tmp_path / "bundle.zip"), "--roots", held.roots)
    assert code == 0
    assert not any("only the portal says" in caution for caution in answer["cautions"])
    stamped = receipts.extended(case.case)
    assert (
        len(verifier.load_json(stamped, "it")["anchors"]) == 2
    )  # of filing and the last: a receipt has no closing


def test_papers_made_after_a_clock_was_set_back_are_not_older_than_their_entries(case: cast.Filed) -> None:
    noted(case, "case.decided", hours=5)
    bundle, receipt = opened(exported(case.case)), receipts.extended(case.case)
    assert len(verifier.open_receipt(receipt).ledger.of("case.decided")) == 1
    newest = verifier.moment(bundle.entries()[-1]["at"], "it")
    assert verifier.moment(bundle.json("proofs/export.json")["made_at"], "it") == newest


def test_a_receipt_made_after_a_clock_was_set_back_is_not_older_than_its_stamps(case: cast.Filed) -> None:
    checkpoints.current()
    anchoring.anchor()
    CheckpointToken.objects.update(gen_time=F("gen_time") + timedelta(hours=5))
    receipt = verifier.load_json(receipts.extended(case.case), "it")
    assert receipt["issued_at"] == receipt["anchors"][0]["gen_time"]


def test_the_entry_of_a_file_is_not_older_than_its_arrival(case: cast.Filed) -> None:
    item = case.case.exhibits.get(number=1).item
    item.received_at += timedelta(hours=5)
    (event,) = custody.admit([item], thread=case.case.thread)
    assert event.at == item.received_at
