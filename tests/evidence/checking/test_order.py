"""One item a turn, and threads take turns: nobody's files keep those of others waiting."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.utils import timezone

from evidence import tasks, wake
from evidence.checking import order, scanning
from evidence.models import EvidenceItem, Inspection, Scan
from evidence.viewing import previews
from portal import up

pytestmark = pytest.mark.django_db


def an_item(thread: str, size: int = 1000, kind: str = "image", **columns: Any) -> EvidenceItem:
    made: EvidenceItem = EvidenceItem.objects.create(
        name=f"{thread} {size}",
        kind=kind,
        media_type="image/png",
        extension="png",
        size=size,
        sha256="0" * 64,
        crc32=0,
        received_at=columns.pop("received_at", timezone.now()),
        thread=thread,
        **columns,
    )
    return made


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the items in the order in which they are looked at, and no child is started."""
    taken: list[str] = []

    def derive(item: EvidenceItem) -> None:
        taken.append(item.name)
        Inspection.objects.update_or_create(
            item=item, defaults={"leased_until": timezone.now(), "made_at": timezone.now()}
        )

    monkeypatch.setattr(previews, "derive", derive)
    return taken


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    sent: list[str] = []
    for name in ("examine_rest", "scan_rest"):
        monkeypatch.setattr(wake, name, lambda name=name: sent.append(name))
    return sent


def test_of_fifty_files_of_one_and_one_of_another_the_other_is_served_second(turns: list[str]) -> None:
    for number in range(50):
        an_item("one", 100 + number)
    tasks.examine_thread("one")
    an_item("another", 10**6)
    tasks.examine_thread("one")
    tasks.examine_thread("one")
    assert turns == ["one 100", "another 1000000", "one 101"]


def test_threads_take_turns(turns: list[str]) -> None:
    for thread in ("a", "b", "c"):
        for size in (1, 2):
            an_item(thread, size)
    for _ in range(6):
        tasks.examine_rest()
    assert turns[:3] == ["a 1", "b 1", "c 1"]
    assert turns[3:] == ["a 2", "b 2", "c 2"]


def test_of_fifty_files_in_25_cases_of_one_sender_and_one_of_another_the_other_is_served_second(
    turns: list[str],
) -> None:
    for number in range(50):
        an_item(f"case {number // 2}", 100 + number, sender="one network")
    tasks.examine_rest()
    an_item("case of another", 10**6, sender="another network")
    for _ in range(3):
        tasks.examine_rest()
    assert turns == ["case 0 100", "case of another 1000000", "case 1 102", "case 2 104"]


def test_cases_and_drafts_of_one_sender_have_one_turn_between_them(turns: list[str]) -> None:
    for thread in ("", "case a", "case b"):
        for size in (1, 2):
            an_item(thread, size, sender="one network")
    for size in (1, 2):
        an_item("another", size, sender="another network")
    for _ in range(4):
        tasks.examine_rest()
    assert "another 1" in turns[:2] and "another 2" in turns[2:]


def test_the_scanner_takes_as_often_from_one_with_many_cases_as_from_another(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    for number in range(25):
        an_item(f"case {number}", sender="one network")
    an_item("case of another", sender="another network")
    offered: list[int] = []

    def first(some: list[Any]) -> Any:
        offered.append(len(some))
        return some[0]

    monkeypatch.setattr("random.choice", first)
    assert order.next_to_scan() is not None
    assert offered[0] == 2


def test_who_sent_it_is_forgotten_when_a_file_waits_for_nothing_more(settings: Any, turns: list[str]) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    waits, in_a_draft, scanned = an_item("a", sender="x"), an_item("", sender="x"), an_item("b", sender="x")
    Scan.objects.create(item=scanned, state="clean", scanned_at=timezone.now())
    previews.derive(scanned)
    order.forget_senders()
    kept = {item.pk: item.sender for item in EvidenceItem.objects.all()}
    assert kept == {waits.pk: "x", in_a_draft.pk: "x", scanned.pk: ""}


def test_of_one_thread_small_pictures_come_before_large_ones_and_films_last(turns: list[str]) -> None:
    an_item("a", 10, "video")
    an_item("a", 20, "audio")
    an_item("a", 5000)
    an_item("a", 40)
    for _ in range(4):
        tasks.examine_rest()
    assert turns == ["a 40", "a 5000", "a 20", "a 10"]


def test_what_killed_a_worker_comes_last(turns: list[str]) -> None:
    bomb = an_item("a", 1)
    Inspection.objects.create(item=bomb, attempts=1, leased_until=timezone.now() - timedelta(hours=1))
    an_item("b", 10**9, "video")
    tasks.examine_rest()
    assert turns == ["b 1000000000"]


def test_a_task_takes_one_item_and_sends_for_the_next(turns: list[str], woken: list[str]) -> None:
    an_item("a", 1)
    an_item("a", 2)
    tasks.examine_thread("a")
    assert (turns, woken) == (["a 1"], ["examine_rest"])
    tasks.examine_rest()
    tasks.examine_rest()
    assert (turns, woken) == (["a 1", "a 2"], ["examine_rest"])


def test_an_item_that_fails_is_not_tried_again_at_once(woken: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(item: EvidenceItem) -> None:
        raise OSError("the storage is away")

    monkeypatch.setattr(previews, "derive", fail)
    an_item("a")
    tasks.examine_rest()
    assert woken == []


def test_with_a_scanner_what_is_not_scanned_waits_for_it_a_while(settings: Any, turns: list[str]) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    an_item("a", 1)
    an_item("b", 2, received_at=timezone.now() - order.UNSCANNED_FOR - timedelta(seconds=1))
    Scan.objects.create(item=an_item("c", 3), state="clean", scanned_at=timezone.now())
    for _ in range(3):
        tasks.examine_rest()
    assert sorted(turns) == ["b 2", "c 3"]


def test_one_item_is_scanned_a_task(settings: Any, woken: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"

    def scan(item: EvidenceItem) -> None:
        Scan.objects.create(item=item, state="clean", scanned_at=timezone.now())

    monkeypatch.setattr(scanning, "scan", scan)
    for thread in ("a", "a", "b"):
        an_item(thread)
    tasks.scan_thread("a")
    assert (Scan.objects.count(), woken) == (1, ["examine_rest", "scan_rest"])


def test_a_scanner_that_is_away_is_not_asked_in_a_circle(settings: Any, woken: list[str]) -> None:
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    an_item("a")
    tasks.scan_rest()
    assert woken == []


def test_every_queue_has_a_worker_and_every_worker_a_queue(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(up, "Child", lambda name, command, log: commands.append(command))
    list(up._celery(tmp_path, tmp_path))
    served = [command[command.index("--queues") + 1].split(",") for command in commands if "--queues" in command]
    assert sorted(queue for queues in served for queue in queues) == configured.QUEUES
