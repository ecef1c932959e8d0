"""The malware scan: against a real clamd where there is one, and against anything that could answer instead."""

import os
import shutil
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.utils import timezone

from complaints.bundles import making
from evidence import ledger, tasks
from evidence.checking import scanning
from evidence.models import EvidenceItem, LedgerEntry, Scan, Seal
from tests.support import cast
from tests.support.services import end, wait_until

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")


def an_item(content: bytes = b"") -> EvidenceItem:
    files = [("a.png", content or cast.a_screenshot())]
    item: EvidenceItem = cast.file_a_complaint(files=files).case.exhibits.get().item
    return item


# A real clamd


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real scanner with one signature of our own: its big database is not needed to speak with it."""
    if not CLAMD:
        pytest.skip("no clamd on this machine (Debian: apt install clamav-daemon)")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "own.ndb").write_text(f"Test.Signature:0:*:{EICAR[-30:].hex()}\n")
    address = folder / "s"
    lines = (f"LocalSocket {address}", f"DatabaseDirectory {folder}", "Foreground yes", "StreamMaxLength 1M")
    (folder / "clamd.conf").write_text("\n".join(lines) + "\n" + ("User root\n" if os.getuid() == 0 else ""))
    process = subprocess.Popen([CLAMD, "--config-file", str(folder / "clamd.conf")], stdout=subprocess.DEVNULL)
    try:
        wait_until(address.exists, "clamd listens")
        yield f"unix://{address}"
    finally:
        end(process)


@pytest.mark.django_db
def test_a_real_scanner_finds_what_it_knows_and_lets_the_rest_pass(clamd: str, settings: Any) -> None:
    settings.CLAMD_URL = clamd
    infected, clean = an_item(cast.a_screenshot() + EICAR), an_item()
    for _item in (infected, clean):
        tasks.scan_rest()
    assert [Scan.objects.get(item=item).state for item in (infected, clean)] == ["infected", "clean"]
    assert Scan.objects.get(item=infected).found.startswith("Test.Signature")
    assert Scan.objects.get(item=clean).engine.startswith("ClamAV")


@pytest.mark.django_db
def test_a_file_that_is_too_large_for_the_scanner_says_so(clamd: str, settings: Any) -> None:
    settings.CLAMD_URL = clamd
    item = an_item(cast.a_screenshot() + bytes(5 << 20))
    scanning.scan(item)
    assert Scan.objects.get(item=item).state == "too_large"


# Whatever else may answer

Behaviour = Callable[[socket.socket], None]


@contextmanager
def answering(behave: Behaviour) -> Iterator[str]:
    """A server on this machine that does with each connection what it is told to."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _address = server.accept()
                    with connection, suppress(OSError):
                        behave(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
    thread.join(10)


def stream(connection: socket.socket) -> bytes:
    """Read a command, and what INSTREAM sends after it."""
    command = b""
    while not command.endswith(b"\0"):
        command += connection.recv(1)
    if command != b"zINSTREAM\0":
        return b""
    found = b""
    while length := struct.unpack("!I", connection.recv(4, socket.MSG_WAITALL))[0]:
        found += connection.recv(length, socket.MSG_WAITALL)
    return found


def saying(answer: bytes) -> Behaviour:
    def behave(connection: socket.socket) -> None:
        stream(connection)
        connection.sendall(answer)

    return behave


def test_the_bytes_are_sent_whole_and_in_order(settings: Any) -> None:
    received = []

    def behave(connection: socket.socket) -> None:
        received.append(stream(connection))
        connection.sendall(b"stream: OK\0")

    with answering(behave) as settings.CLAMD_URL:
        assert scanning.instream([b"abc", b"d" * 300_000, b"e"]) == ""
    assert received == [b"abc" + b"d" * 300_000 + b"e"]


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"stream: OK",
        b"\0",
        b"OK\0",
        b"stream: \0",
        b"stream:  FOUND\0",
        b"stream: a ERROR\0",
        b"\xff\xfe\0",
        b"x" * 9000,
        b"stream: OK\nstream: OK\0",
        b"stream: " + b"N" * 300 + b" FOUND\0",
        b"HTTP/1.1 200 OK\r\n\r\n\0",
    ],
)
def test_an_answer_that_is_none_is_never_taken_for_clean(answer: bytes, settings: Any) -> None:
    with answering(saying(answer)) as settings.CLAMD_URL, pytest.raises(scanning.NotScanned):
        scanning.instream([b"abc"])


def test_an_answer_before_the_end_counts(settings: Any) -> None:
    def behave(connection: socket.socket) -> None:
        connection.recv(4000)
        connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
        time.sleep(0.2)

    with answering(behave) as settings.CLAMD_URL, pytest.raises(scanning.TooLarge):
        scanning.instream([b"a" * 1000] * 3)


def test_a_scanner_that_drips_is_not_waited_for(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would go on for a minute."""
    monkeypatch.setattr(scanning, "ANSWER_SECONDS", 0.5)
    came_to_its_end = []

    def drip(connection: socket.socket) -> None:
        stream(connection)
        for _ in range(600):
            connection.sendall(b"s")
            time.sleep(0.1)
        came_to_its_end.append(True)

    with answering(drip) as settings.CLAMD_URL, pytest.raises(scanning.NotScanned):
        scanning.instream([b"abc"])
    assert not came_to_its_end


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.sock"])
@pytest.mark.django_db
def test_without_an_answer_it_waits_and_says_not_scanned(url: str, settings: Any) -> None:
    settings.CLAMD_URL = url
    item = an_item()
    assert scanning.scan(item) is None
    assert EvidenceItem.objects.awaiting_scan().get() == item


@pytest.mark.django_db
def test_without_a_scanner_nothing_is_claimed(settings: Any) -> None:
    settings.CLAMD_URL = ""
    tasks.examine_item(str(an_item().pk))
    assert not Scan.objects.exists()


# Quarantine


@pytest.fixture
def infected(db: None) -> EvidenceItem:
    item = an_item()
    scan = Scan(item=item, state="infected", found="Eicar-Test", scanned_at=timezone.now())
    scanning._record(item, scan)
    return item


def test_what_was_found_is_on_the_ledger_once(infected: EvidenceItem) -> None:
    scanning._record(infected, Scan(item=infected, state="infected", found="Other", scanned_at=timezone.now()))
    entry = LedgerEntry.objects.get(kind="evidence.quarantined")
    assert ledger.content_of(entry)["data"] == {"item": str(infected.pk), "found": "Eicar-Test"}


def test_a_quarantined_item_is_sealed_all_the_same(infected: EvidenceItem) -> None:
    tasks.sweep()
    assert Seal.objects.filter(item=infected).exists()


def test_a_release_is_on_the_ledger_with_who_and_why(infected: EvidenceItem) -> None:
    by = {"role": "supervisor", "id": "some-uid"}
    scanning.release(infected, by=by, reason="false_alarm")
    scanning.release(infected, by=by, reason="false_alarm")
    entry = ledger.content_of(LedgerEntry.objects.get(kind="evidence.released"))
    assert (entry["by"], entry["data"]["reason"]) == (by, "false_alarm")
    assert not EvidenceItem.objects.get(pk=infected.pk).is_quarantined


def test_no_bundle_is_made_of_a_case_with_something_in_quarantine(infected: EvidenceItem) -> None:
    case = infected.exhibit.case
    assert case
    with pytest.raises(making.NotWhole, match="E-1"):
        making.stream(case, audience="borrower")
    scanning.release(infected, by=ledger.SYSTEM, reason="needed")
    assert b"".join(making.stream(case, audience="borrower")[1])
