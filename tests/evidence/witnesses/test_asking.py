"""Witnesses are asked for cosignatures, and every answer that must not be kept is not."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import F
from django.utils import timezone

from evidence import holdfast_verify as verifier
from evidence import ledger, tasks, wake
from evidence.ledger import checkpoints, rotation, signing
from evidence.models import Checkpoint, Cosignature, WitnessState
from evidence.witnesses import asking, configured
from tests.evidence.ledger.test_checkpoints import restore_a_backup
from tests.evidence.ledger.test_entries import append, event
from tests.support.changed_keys import NEW, OPERATOR
from tests.support.witness_server import TEXT, Witness, running

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_folder_of_its_own(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def two(settings: Any) -> Iterator[list[Witness]]:
    with ExitStack() as stack:
        witnesses = [stack.enter_context(running(Witness(f"witness.example/w{number}"))) for number in (1, 2)]
        for one in witnesses:
            one.trust(signing.vkey())
        settings.WITNESSES = [one.setting for one in witnesses]
        yield witnesses


@pytest.fixture
def witness(two: list[Witness], settings: Any) -> Witness:
    settings.WITNESSES = settings.WITNESSES[:1]
    return two[0]


def signed(entries: int = 1) -> Checkpoint:
    append(*(event(n=n) for n in range(entries)))
    return checkpoints.current()


def ask() -> None:
    """Ask again, as if the pause after a failure were over."""
    WitnessState.objects.update(rests_until=None)
    asking.ask_all()


def reason() -> str:
    return WitnessState.objects.get().reason


def sizes(witness: Witness) -> list[int]:
    rows = Cosignature.objects.filter(vkey=witness.vkey).order_by("checkpoint_id")
    return list(rows.values_list("checkpoint_id", flat=True))


# -- the way it goes


def test_every_signed_checkpoint_is_cosigned_by_each_witness(two: list[Witness]) -> None:
    for entries in (1, 3, 5, 1, 254, 7):
        signed(entries)
        asking.ask_all()
    for one in two:
        assert sizes(one) == [1, 4, 9, 10, 264, 271]
        assert one.seen["holdfast.demo/ledger"][0] == 271
    assert not WitnessState.objects.exclude(failures=0, failing_since=None, rests_until=None, reason="").exists()


def test_what_is_kept_is_the_witnesss_line_and_fits_the_note(two: list[Witness]) -> None:
    checkpoint = signed()
    asking.ask_all()
    note = verifier.check_note(checkpoint.cosigned, signing.vkey())
    assert [name for name, _, _ in note.signatures] == ["holdfast.demo/ledger", two[0].name, two[1].name]
    for one, kept in zip(two, Cosignature.objects.all(), strict=True):
        assert kept.line == one.cosign(checkpoint.note, int(kept.at.timestamp()))


def test_a_witness_that_has_cosigned_is_not_asked_again(witness: Witness) -> None:
    signed()
    asking.ask_all()
    asking.ask_all()
    assert len(witness.asked) == 1


def test_about_a_ledger_that_does_not_grow_a_witness_is_asked_once_a_day(witness: Witness) -> None:
    signed()
    asking.ask_all()
    before = Cosignature.objects.get()
    WitnessState.objects.update(answered_at=F("answered_at") - asking.DAILY)
    for _ in range(3):
        asking.ask_all()
    assert len(witness.asked) == 2
    after = Cosignature.objects.get()  # the first line, which says that it was there by then
    assert (after.line, after.kept_at) == (before.line, before.kept_at)


def test_the_request_is_the_one_of_the_specification(witness: Witness) -> None:
    signed(3)
    asking.ask_all()
    newest = signed(4)
    asking.ask_all()
    first, second = witness.asked
    assert first.startswith("old 0\n\nholdfast.demo/ledger\n3\n")
    head, _, note = second.partition("\n\n")
    assert note == newest.note
    old, *proof = head.split("\n")
    assert old == "old 3"
    assert [len(verifier.unbase64(line, "a line")) for line in proof] == [32] * len(ledger.consistency_proof(3, 7))


def test_an_empty_ledger_is_not_sent(witness: Witness) -> None:
    asking.ask_all()
    checkpoints.current()
    asking.ask_all()
    assert witness.asked == []


def test_a_worker_asks_after_it_has_signed(
    witness: Witness, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(wake, "after_commit", lambda name, *_args, **_more: sent.append(name))
    tasks.sign_checkpoint()
    assert sent == ["evidence.tasks.ask_witnesses"]
    tasks.ask_witnesses()
    assert len(sizes(witness)) == 1
    settings.WITNESSES = []
    tasks.sign_checkpoint()
    assert len(sent) == 1


# -- where a witness remembers something else


@pytest.mark.parametrize("seen", [1, 2, 3])
def test_a_witness_that_remembers_another_size_is_asked_from_there(witness: Witness, seen: int) -> None:
    for _ in range(seen):
        last = signed()
    witness.seen["holdfast.demo/ledger"] = last.size, bytes(last.root)
    signed(4 - seen)
    asking.ask_all()
    assert [body.partition("\n")[0] for body in witness.asked] == ["old 0", f"old {seen}"]
    assert sizes(witness) == [4]


def test_a_witness_whose_answer_was_lost_cosigns_the_same_checkpoint_again(witness: Witness) -> None:
    last = signed(2)
    witness.seen["holdfast.demo/ledger"] = last.size, bytes(last.root)
    asking.ask_all()
    assert sizes(witness) == [2]


def test_a_witness_that_saw_more_than_we_have_is_an_alarm(witness: Witness) -> None:
    signed(2)
    witness.seen["holdfast.demo/ledger"] = 9, bytes(32)
    asking.ask_all()
    assert (sizes(witness), reason()) == ([], "ahead")
    assert [state.vkey for state in configured.contradicting()] == [witness.vkey]


def test_a_witness_that_saw_another_ledger_is_an_alarm(witness: Witness) -> None:
    signed(2)
    witness.seen["holdfast.demo/ledger"] = 2, bytes(32)
    asking.ask_all()
    assert (sizes(witness), reason()) == ([], "conflict")
    signed(2)
    ask()
    assert reason() == "conflict"
    assert len(configured.contradicting()) == 1


def test_an_alarm_goes_on_if_the_witness_then_stops_answering(witness: Witness) -> None:
    signed()
    witness.says = 422, TEXT, b""
    ask()
    witness.says = 500, TEXT, b""
    ask()
    assert [state.reason for state in configured.contradicting()] == ["conflict"]
    witness.says = None
    ask()
    assert configured.contradicting() == []


def test_a_ledger_from_a_backup_contradicts_the_witness_for_ever(witness: Witness, transactional_db: None) -> None:
    signed(4)
    asking.ask_all()
    Cosignature.objects.all().delete()  # it came after the backup
    restore_a_backup(entries=2)
    checkpoints.accept("restored-backup", by=ledger.SYSTEM)
    ask()
    assert reason() == "ahead"
    signed(9)
    ask()
    assert reason() == "conflict"
    assert sizes(witness) == []


def test_a_checkpoint_that_was_signed_meanwhile_is_no_alarm(
    witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, newest = signed(), signed()
    witness.seen["holdfast.demo/ledger"] = newest.size, bytes(newest.root)
    (one,) = configured.configured()
    assert configured.begin(one)
    asking._take(one, older)
    assert configured.contradicting() == []
    ask()
    assert sizes(witness) == [2]


# -- answers that are not kept


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((400, TEXT, b""), "malformed"),
        ((403, TEXT, b"who?"), "key"),
        ((404, TEXT, b""), "unknown"),
        ((422, TEXT, b""), "conflict"),
        ((500, TEXT, b"<html>"), "status"),
        ((302, TEXT, b"http://127.0.0.1:1/other"), "status"),
        ((302, TEXT, b"http://["), "status"),
        ((409, "text/x.tlog.size", b"1\n"), "status"),
        ((409, TEXT, b"1\n"), "invalid"),
        *(
            ((409, "text/x.tlog.size", size), "invalid")
            for size in (b"", b"\n", b"one\n", b"01\n", b"-1\n", b"1 \n")
        ),
        ((409, "text/x.tlog.size", b"1" * 30), "invalid"),
        ((409, "text/x.tlog.size", "١\n".encode()), "invalid"),
        ((409, "text/x.tlog.size", b"7\n"), "ahead"),
        ((200, TEXT, b""), "invalid"),
        ((200, TEXT, b"thank you\n"), "invalid"),
        ((200, TEXT, b"\xff\xfe\n"), "invalid"),
        ((200, TEXT, b"x" * 70_000), "away"),
        ((200, TEXT, "— witness.example/w1 AAAAAAAA\n".encode()), "invalid"),
    ],
)
def test_any_other_answer_keeps_nothing_and_says_why(witness: Witness, answer: Any, why: str) -> None:
    signed()
    witness.says = answer
    asking.ask_all()
    assert (sizes(witness), reason()) == ([], why)
    witness.says = None
    asking.ask_all()
    assert sizes(witness) == []  # it rests
    ask()
    assert (sizes(witness), reason()) == ([1], "")


@pytest.mark.parametrize(
    "which", ["another note", "another key", "another time", "cut", "type 0x01", "hidden text"]
)
def test_a_line_that_does_not_verify_is_not_kept(witness: Witness, which: str) -> None:
    first, note = signed().note, signed().note
    good = witness.cosign(note)
    impostor = Witness(witness.name)
    lines = {
        "another note": witness.cosign(first),
        "another key": impostor.cosign(note),
        "another time": good[: len("— witness.example/w1 ") + 8]
        + "AAAAAA"
        + good[len("— witness.example/w1 ") + 14 :],
        "cut": good[:-9] + "\n",
        "type 0x01": signing.sign_note(note.partition("\n\n")[0] + "\n").rpartition("\n\n")[2],
        "hidden text": "\n\n" + good,
    }
    witness.says = 200, TEXT, lines[which].encode()
    asking.ask_all()
    assert (sizes(witness), reason()) == ([], "invalid")


@pytest.mark.parametrize("seconds", [-3600, 3600])
def test_a_line_by_a_wrong_clock_is_not_kept(witness: Witness, seconds: int) -> None:
    signed()
    witness.seconds = seconds
    asking.ask_all()
    assert (sizes(witness), reason()) == ([], "clock")


def test_a_witness_that_is_away_does_not_keep_the_other_from_cosigning(two: list[Witness], settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        settings.WITNESSES[0] = {"vkey": two[0].vkey, "url": f"http://127.0.0.1:{nobody.getsockname()[1]}"}
    signed()
    asking.ask_all()
    assert (sizes(two[0]), sizes(two[1])) == ([], [1])
    assert reason_of(two[0]) == "away"


def reason_of(witness: Witness) -> str:
    return WitnessState.objects.get(vkey=witness.vkey).reason


def test_a_witness_that_says_nothing_is_waited_for_no_longer_than_allowed(
    witness: Witness, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "TIMEOUT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.WITNESSES = [{"vkey": witness.vkey, "url": f"http://127.0.0.1:{silent.getsockname()[1]}"}]
        signed()
        asking.ask_all()
    assert reason() == "away"


def test_slow_witnesses_share_their_time_among_rounds(two: list[Witness], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "ROUND", 0)
    signed()
    asking.ask_all()
    assert [len(one.asked) for one in two] == [1, 0]
    asking.ask_all()
    assert [len(one.asked) for one in two] == [1, 1]


def test_a_witness_that_fails_rests_longer_each_time_and_is_named_after_a_while(witness: Witness) -> None:
    signed()
    witness.says = 500, TEXT, b""
    rests = []
    for _ in range(4):
        ask()
        rests.append(round((WitnessState.objects.get().rests_until - timezone.now()).total_seconds()))  # type: ignore[operator]
    assert rests == [10, 20, 40, 80]
    assert configured.failing() == []
    WitnessState.objects.update(failing_since=timezone.now() - timedelta(hours=1))
    assert [str(state) for state in configured.failing()] == ["witness.example/w1"]


def test_while_one_worker_asks_another_does_not(witness: Witness) -> None:
    signed()
    (one,) = configured.configured()
    assert configured.begin(one)
    asking.ask_all()
    assert witness.asked == []
    WitnessState.objects.update(rests_until=timezone.now() - timedelta(seconds=1))  # it was killed
    asking.ask_all()
    assert sizes(witness) == [1]


# -- when the ledger's key is changed


def test_after_a_change_of_the_ledgers_key_the_witness_must_be_given_the_new_one(
    witness: Witness, settings: Any
) -> None:
    signed(2)
    asking.ask_all()
    new = rotation.change(NEW, by=OPERATOR)
    settings.LEDGER_SIGNING_KEY = NEW
    signed()
    asking.ask_all()
    assert reason() == "key"
    witness.trust(new)
    ask()
    assert sizes(witness) == [2, 4]
