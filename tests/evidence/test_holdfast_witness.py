"""The witness that others run: it cosigns what only grows, once for each size, and shouts at everything else."""

import base64
import contextlib
import hashlib
import os
import socket
import subprocess
import sys
import threading
import time
import types
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from evidence import holdfast_verify as verifier
from evidence import holdfast_witness as witness
from tests.support import keys
from tests.support.logs import ORIGIN, Log, Portal, running, served
from tests.support.services import ROOT

LOG, REWRITTEN = Log(), Log(seed=1)
FORKED = Log(seed=1, other=0, since=100)  # the same up to 100 entries
SIZES = (1, 2, 3, 7, 8, 255, 256, 257, 511, 512, 513, 70_000)


@pytest.fixture
def home(tmp_path: Path) -> witness.Home:
    """A witness that follows the log, and has not looked yet."""
    witness.make_key(tmp_path / "w", "anne.example/w")
    made = witness.Home(tmp_path / "w")
    made.follow(LOG.vkey, "http://127.0.0.1:9/ledger")
    return made


def asks(home: witness.Home, old: int, size: int, log: Log = LOG, note: str = "") -> str:
    return home.cosign(note or log.note(size), old, log.proof(old, size), is_newest=True)


def status(home: witness.Home, old: int, size: int, log: Log = LOG, note: str = "") -> int:
    with pytest.raises(witness.Refused) as refused:
        asks(home, old, size, log, note)
    return refused.value.status


def size_of(home: witness.Home) -> int:
    last = home.last(ORIGIN)[1]
    return last.size if last else 0


# -- the Merkle tree


def test_a_proof_holds_for_its_sizes_and_roots_alone() -> None:
    for new in range(1, 18):
        for old in range(new + 1):
            roots, proof = (LOG.hash_of(0, old), LOG.hash_of(0, new)), LOG.proof(old, new)
            assert witness.is_consistent(old, roots[0], new, roots[1], proof)
            assert not witness.is_consistent(old, roots[0], new, roots[1], [*proof, roots[0]])
            if old:
                assert not witness.is_consistent(old, bytes(32), new, roots[1], proof)
            if 0 < old < new:
                assert not witness.is_consistent(old, roots[0], new, bytes(32), proof)
                assert not witness.is_consistent(old, roots[0], new, roots[1], proof[1:])
                assert not witness.is_consistent(old + 1, roots[0], new, roots[1], proof)
                assert not witness.is_consistent(old, roots[0], new, roots[1], [bytes(32), *proof[1:]])


def test_tiles_give_the_proof_of_the_specification() -> None:
    for new in SIZES:
        for old in (one for one in (0, *SIZES) if one <= new):
            asked: list[tuple[int, int, int]] = []

            def tile(level: int, index: int, width: int, size: int = new, asked: Any = asked) -> bytes:
                asked.append((level, index, width))
                name = "/".join([f"x{index // 1000:03}"] * (index > 999) + [f"{index % 1000:03}"])
                content = LOG.tile(f"{level}/{name}" + (f".p/{width}" if width < 256 else ""), size)
                assert content
                return content

            assert witness.proof_from_tiles(old, new, tile) == LOG.proof(old, new)


# -- keys


@pytest.mark.parametrize("public", keys.points_of_small_order())
def test_a_key_with_which_anybody_can_sign_is_not_followed(public: bytes, home: witness.Home) -> None:
    with pytest.raises(ValueError, match="no key of a ledger"):
        home.follow(keys.vkey(ORIGIN, public), "http://127.0.0.1:9")


def test_the_key_of_a_witness_is_one_for_the_verifiers(home: witness.Home) -> None:
    (key,) = verifier.witness_keys([home.vkey])
    assert (key.name, key.public) == (home.key.name, home.key.public)
    assert (home.folder / "key.txt").stat().st_mode & 0o077 == 0
    with pytest.raises(FileExistsError):
        witness.make_key(home.folder, "other")


# -- the rules of C2SP tlog-witness


def test_each_size_is_cosigned_from_the_one_before(home: witness.Home) -> None:
    """The verifier reads the lines, which are over the body as the log signed it."""
    before = 0
    for size in (1, 2, 7, 300):
        note = LOG.note(size)
        since = int(time.time())
        line = asks(home, before, size)
        read = verifier.parse_note(note + line)
        (seen,) = verifier.cosigned_at(read, verifier.witness_keys([home.vkey])).values()
        assert since <= seen <= time.time()
        written = home.book(ORIGIN).read_bytes()
        assert asks(home, size, size) == line  # again, of the same size
        assert home.book(ORIGIN).read_bytes() == written
        before = size
    assert size_of(home) == 300


def test_what_the_specification_refuses_is_refused_with_its_status(home: witness.Home) -> None:
    stranger, thief = Log(origin="other.example/log"), Log(key=7)
    assert status(home, 0, 5, stranger) == 404
    assert status(home, 0, 5, thief) == 403
    body = LOG.note(5).rpartition("\n\n")[0]
    name, mark = LOG.note(6).rpartition("\n\n")[2].rstrip("\n")[2:].split(" ")
    assert status(home, 0, 5, note=f"{body}\n\n— {name} {mark}\n") == 403  # the right key's, of another note
    assert status(home, 9, 5) == 400
    assert status(home, 3, 5) == 409
    assert status(home, 0, 0, note=LOG.note(0, root=bytes(32))) == 422
    asks(home, 0, 0)
    with pytest.raises(witness.Refused) as refused:
        home.cosign(LOG.note(5), 0, [bytes(32)])
    assert refused.value.status == 422
    asks(home, 0, 5)
    assert status(home, 5, 5, REWRITTEN) == 422
    assert status(home, 5, 9, REWRITTEN) == 422
    assert status(home, 0, 4) == status(home, 4, 4) == status(home, 4, 9) == 409  # an older one, again
    assert size_of(home) == 5


MALFORMED = [
    "", "\n", "portal", LOG.note(5)[:-1], LOG.note(5) + "\n", LOG.note(5).replace("\n", "\r\n"),
    LOG.note(5, size_text="05"), LOG.note(5, size_text="+5"), LOG.note(5, size_text="٥"), LOG.note(5) + "— a\n",
    LOG.note(5, root=bytes(31)), LOG.note(5).replace("— ", "- "), LOG.note(5).replace("\n5\n", "\n5\n\n"),
    "\x00" + LOG.note(5), LOG.note(5) + "— a b AAAA\n", LOG.note(5).replace("\n\n", "\n#### end\n\n"),
]  # fmt: skip


@pytest.mark.parametrize("note", MALFORMED)
def test_what_is_no_checkpoint_is_malformed(note: str, home: witness.Home) -> None:
    with pytest.raises(witness.Refused) as refused:
        home.cosign(note, 0, [])
    assert refused.value.status == 400


def test_a_line_that_is_repeated_is_kept_once_and_too_many_are_refused(home: witness.Home) -> None:
    """Anybody can copy the ledger's own line."""
    line = LOG.note(5).splitlines(keepends=True)[-1]
    asks(home, 0, 5, note=LOG.note(5) + line * 99)
    assert home.last(ORIGIN)[0].startswith(LOG.note(5) + "— anne.example/w ")
    assert status(home, 5, 8, note=LOG.note(8) + line * 100) == 400


# -- over HTTP, by the rules that a client of the specification follows


@pytest.fixture
def asked_of(home: witness.Home) -> Iterator[Portal]:
    """The portal that the witness compares with what it is asked to sign."""
    with served(Portal(LOG)) as portal:
        home.follow(LOG.vkey, portal.url)
        yield portal


@pytest.fixture
def address(home: witness.Home, asked_of: Portal) -> Iterator[str]:
    with running(witness.server(home, "127.0.0.1", 0, lambda *says: says[0])) as url:
        yield url


def posted(url: str, body: bytes | str) -> tuple[int, str, str]:
    """The status, the kind and the text of the answer."""
    data = body if isinstance(body, bytes) else body.encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{url}/add-checkpoint", data)) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Type"], error.read().decode()


def verified_lines(note: str, vkeys: list[str]) -> list[str]:
    """The signature lines of these keys, as a note is opened by signed-note: from its words, not from our code."""
    text, _, tail = note.rpartition("\n\n")
    found = []
    for line in tail.splitlines():
        dash, name, mark = line.split(" ")
        data = base64.b64decode(mark, validate=True)
        for vkey in vkeys:
            key_name, key_id, public = vkey.split("+", 2)
            kind, key = base64.b64decode(public)[0], base64.b64decode(public)[1:]
            if dash == "—" and (name, data[:4].hex()) == (key_name, key_id):
                body, mark_of_it = f"{text}\n".encode(), data[4:]
                if kind == 4:
                    body = b"cosignature/v1\ntime %d\n" % int.from_bytes(data[4:12], "big") + body
                    mark_of_it = data[12:]
                assert verifier.ed25519_verifies(key, body, mark_of_it)
                found.append(line)
    return found


def test_a_client_of_the_specification_gets_its_lines(address: str, home: witness.Home) -> None:
    """Unknown state: it asks from zero, reads the size in the conflict, and asks with the proof from there."""
    assert posted(address, LOG.request(0, 300))[0] == 200
    code, kind, text = posted(address, LOG.request(0, 1000))
    assert (code, kind, text) == (409, "text/x.tlog.size", "300\n")
    code, kind, lines = posted(address, LOG.request(int(text), 1000))
    assert code == 200
    assert lines.startswith("— ")
    assert lines.endswith("\n")
    note = LOG.note(1000) + lines
    assert len(verified_lines(note, [LOG.vkey, home.vkey])) == 2
    seen = hashlib.sha256(ORIGIN.encode()).hexdigest()
    with urllib.request.urlopen(f"{address}/{seen}/checkpoint") as answer:
        assert answer.read().decode() == note
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{address}/{'0' * 64}/checkpoint")


def test_the_bytes_of_a_request_are_those_of_the_example(address: str) -> None:
    """As in tlog-witness: an old size line, hashes, an empty line, and the note."""
    assert posted(address, LOG.request(0, 1))[0] == 200
    hashes = "".join(f"{base64.b64encode(one).decode()}\n" for one in LOG.proof(1, 3))
    assert hashes.count("\n") == 2
    assert posted(address, f"old 1\n{hashes}\n{LOG.note(3)}")[0] == 200


REQUESTS: dict[str, Callable[[], str | bytes]] = {
    "no size": lambda: LOG.request(0, 5).replace("old 0", "old"),
    "a zero before the size": lambda: LOG.request(0, 5).replace("old 0", "old 00"),
    "another word": lambda: LOG.request(0, 5).replace("old ", "new "),
    "no empty line": lambda: LOG.request(0, 5).replace("old 0\n\n", "old 0\n"),
    "too many hashes": lambda: LOG.request(0, 5).replace("old 0\n", "old 0\n" + f"{'A' * 43}=\n" * 64),
    "a short hash": lambda: LOG.request(0, 5).replace("old 0\n", "old 0\nAAAA\n"),
    "a hash that is not base64": lambda: LOG.request(0, 5).replace("old 0\n", f"old 0\n{'?' * 43}=\n"),
    "line ends of Windows": lambda: LOG.request(0, 5).replace("\n", "\r\n"),
    "bytes that are no text": lambda: LOG.request(0, 5).encode() + b"\xff\n",
    "nothing": lambda: "",
}


@pytest.mark.parametrize("request_name", REQUESTS)
def test_an_improper_request_is_refused(request_name: str, address: str, home: witness.Home) -> None:
    assert posted(address, REQUESTS[request_name]())[0] == 400
    assert size_of(home) == 0


def test_a_request_that_is_too_long_or_elsewhere_is_refused(address: str) -> None:
    assert posted(address, LOG.request(0, 5) + "x" * (64 << 10))[0] == 413
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{address}/sign-subtree", b"")


def test_what_the_portal_left_behind_is_not_signed(address: str, asked_of: Portal, home: witness.Home) -> None:
    """Anybody may send an old checkpoint, so that a signature of now speaks against what came since."""
    asked_of.size, asked_of.signed_ago = 9, 600
    assert posted(address, LOG.request(0, 5))[::2] == (
        503,
        "the portal has a newer checkpoint: ask about that one\n",
    )
    asked = len(asked_of.asked)
    assert posted(address, LOG.request(0, 4))[0] == 503  # which is known without the portal
    assert len(asked_of.asked) == asked
    assert posted(address, LOG.request(0, 9))[0] == 200
    asked_of.size, asked_of.signed_ago = 30, 5  # while it grows quickly, it asks about what was the newest
    assert posted(address, LOG.request(9, 20))[0] == 200
    assert size_of(home) == 20


def test_while_the_portal_cannot_be_asked_nothing_new_is_signed(
    address: str, asked_of: Portal, home: witness.Home
) -> None:
    assert posted(address, LOG.request(0, 5))[0] == 200
    asked_of.is_away = True
    status, _, says = posted(address, LOG.request(5, 7))
    assert (status, says.startswith("the portal cannot be asked for its newest checkpoint (")) == (503, True)
    assert posted(address, LOG.request(5, 5))[0] == 200  # the line that it gave before
    asked_of.is_away, asked_of.note = False, Log(key=7).note(5)
    assert posted(address, LOG.request(5, 7))[0] == 503
    asked_of.note = ""
    assert posted(address, LOG.request(5, 7))[0] == 200


def test_a_checkpoint_is_compared_with_the_portals_newest_by_every_way_to_a_signature(
    home: witness.Home, asked_of: Portal
) -> None:
    """A program that uses the witness's folder itself is given nothing that `serve` would refuse."""
    asked_of.size = 5
    home.cosign(LOG.note(5), 0, [])
    asked_of.size, asked_of.signed_ago = 9, 600
    written = home.book(ORIGIN).read_bytes()
    for size, log, status_of_it in ((7, LOG, 503), (3, LOG, 400), (5, REWRITTEN, 422), (7, REWRITTEN, 422)):
        with pytest.raises(witness.Refused) as refused:
            home.cosign(log.note(size), 5, log.proof(5, size))
        assert refused.value.status == status_of_it, size
    asked_of.is_away = True
    with pytest.raises(witness.Refused, match="cannot be asked"):
        home.cosign(LOG.note(9), 5, LOG.proof(5, 9))
    assert witness.Home(home.folder).book(ORIGIN).read_bytes() == written
    assert REWRITTEN.note(5) in (home.folder / "alarms.txt").read_text()  # a fork is kept, however old it is


def test_a_ledger_that_does_not_grow_is_signed_again_once_a_day(
    address: str, asked_of: Portal, home: witness.Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = posted(address, LOG.request(0, 5))[2]
    assert posted(address, LOG.request(5, 5))[2] == line
    later = int(time.time()) + witness.DAILY
    monkeypatch.setattr(time, "time", lambda: later)
    fresh = posted(address, LOG.request(5, 5))[2]
    assert len(verified_lines(LOG.note(5) + fresh, [home.vkey])) == 1
    assert fresh != line
    assert home.last(ORIGIN)[2] == later
    monkeypatch.setattr(time, "time", lambda: later + witness.DAILY)
    asked_of.size, asked_of.signed_ago = 9, 600
    assert posted(address, LOG.request(5, 5))[0] == 503  # it is no longer the newest


def test_of_many_requests_at_once_the_size_never_goes_back(address: str, home: witness.Home) -> None:
    posted(address, LOG.request(0, 1))
    answers: list[tuple[int, int]] = []
    clients = [
        threading.Thread(target=lambda to=size: answers.append((to, posted(address, LOG.request(1, to))[0])))
        for size in range(2, 14)
    ]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    signed = [size for size, code in answers if code == 200]
    assert len(signed) == 1
    assert {code for _, code in answers} == {200, 409}
    assert size_of(home) == signed[0]


def raw(url: str, request: bytes) -> bytes:
    """All that comes back until the server ends the connection."""
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=10) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize(
    "head",
    [
        b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 4\r\nContent-Length: 0",
        b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked",
        b"GET / HTTP/1.1\r\nContent-Length: 4",
    ],
)
def test_a_request_with_two_ends_is_refused_and_ends_the_connection(head: bytes, address: str) -> None:
    answer = raw(address, head + b"\r\n\r\nbodyGET /hidden HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1


def test_who_is_slow_or_comes_besides_is_cut_off(home: witness.Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """And when they are gone, others are answered."""
    monkeypatch.setattr(witness, "CONNECTIONS", 1)
    monkeypatch.setattr(witness, "CONNECTED", 0.5)
    begun = b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: 9\r\n\r\nold"
    with running(witness.server(home, "127.0.0.1", 0, lambda *says: says[0])) as url:
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=10) as slow:
            slow.sendall(begun)
            time.sleep(0.1)  # it has the only place
            with contextlib.suppress(ConnectionError):
                assert raw(url, b"GET / HTTP/1.1\r\n\r\n") == b""
            while slow.recv(1000):  # until it is cut off
                pass
        while not (answer := refused_or_raw(url, b"GET / HTTP/1.0\r\n\r\n")):
            time.sleep(0.01)
        assert b" 404 " in answer


def refused_or_raw(url: str, request: bytes) -> bytes:
    with contextlib.suppress(ConnectionError):
        return raw(url, request)
    return b""


def test_a_folder_that_is_damaged_or_full_has_an_answer(address: str, home: witness.Home) -> None:
    portals = home.folder / "portals.txt"
    portals.write_text("\n" + portals.read_text() + "\n \n")
    assert posted(address, LOG.request(0, 5))[0] == 200
    (home.folder / "lock").unlink()
    (home.folder / "lock").mkdir()  # which cannot be opened
    assert posted(address, LOG.request(5, 8))[0] == 500
    (home.folder / "lock").rmdir()
    assert posted(address, LOG.request(5, 8))[0] == 200
    portals.write_text("nonsense\n")
    assert posted(address, LOG.request(8, 9))[0] == 500
    with pytest.raises(urllib.error.HTTPError, match="500"):
        urllib.request.urlopen(f"{address}/checkpoint")


# -- its memory


def test_killed_at_any_byte_of_its_writing_it_keeps_its_place(home: witness.Home) -> None:
    asks(home, 0, 5)
    book = home.book(ORIGIN)
    before = book.read_bytes()
    asks(home, 5, 8)
    after = book.read_bytes()
    for cut in range(len(before), len(after) + 1):
        book.write_bytes(after[:cut])
        assert size_of(home) == (8 if cut == len(after) else 5)
        if cut < len(after) and cut % 40 == 0:
            asks(home, 5, 9)
            assert size_of(home) == 9


def test_a_memory_that_was_changed_signs_nothing(home: witness.Home) -> None:
    asks(home, 0, 5)
    asks(home, 5, 8)
    book = home.book(ORIGIN)
    whole = book.read_text()
    for changed in (whole.replace("\n8\n", "\n7\n"), whole[-200:], "", whole.replace("looked 1", "looked 2")):
        book.write_text(changed)
        assert status(home, 8, 9) == 500
    book.unlink()
    assert status(home, 0, 9) == 500
    with pytest.raises(witness.Refused, match="missing or damaged"):
        home.follow(LOG.vkey, "http://127.0.0.1:9/ledger")  # which begins no new file
    assert not book.exists()


def test_a_clock_that_was_set_back_signs_nothing(home: witness.Home, monkeypatch: pytest.MonkeyPatch) -> None:
    asks(home, 0, 5)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 3600)
    assert status(home, 5, 8) == 500


def test_windows_has_a_lock_of_its_own(home: witness.Home, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def locking(_file: int, mode: int, _size: int) -> None:
        asked.append(mode)
        if len(asked) == 1:
            raise OSError("somebody else has it")

    monkeypatch.setitem(sys.modules, "msvcrt", types.SimpleNamespace(locking=locking, LK_LOCK=1))
    monkeypatch.setattr(sys, "platform", "win32")
    asks(home, 0, 5)
    assert asked == [1, 1]


# -- the daily look


@pytest.fixture
def portal(home: witness.Home) -> Iterator[Portal]:
    with served(Portal(LOG, size=3)) as portal:
        home.follow(LOG.vkey, portal.url)
        yield portal


def today() -> str:
    return time.strftime("%Y-%m-%d")


def looks(home: witness.Home, capsys: pytest.CaptureFixture[str], patience: float = 48) -> tuple[bool, str]:
    is_well = witness.watch(home, patience, "", lambda *says: says[0])
    return is_well, capsys.readouterr().out


def test_day_after_day_what_grew_is_signed(
    home: witness.Home, portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    for size in SIZES[2:]:
        portal.size = size
        assert looks(home, capsys) == (True, f"{ORIGIN}: {size} entries, which extend what you saw: signed\n")
        assert looks(home, capsys) == (True, f"{ORIGIN}: nothing new since {today()}, {size} entries\n")
    signed = witness.LOOK.findall(home.book(ORIGIN).read_text())
    assert len(signed) == len(SIZES[2:])


def test_what_has_not_grown_is_said_with_since_when_and_signed_once_a_day(
    home: witness.Home, portal: Portal, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    began, now = today(), time.time()
    looks(home, capsys)
    for day in range(1, 4):
        monkeypatch.setattr(time, "time", lambda at=now + day * 86_400: at)
        portal.clock = 0
        for _ in range(2):
            assert looks(home, capsys) == (True, f"{ORIGIN}: nothing new since {began}, 3 entries\n")
    assert len(witness.LOOK.findall(home.book(ORIGIN).read_text())) == 4


def test_years_without_growth_do_not_hide_the_last_look(
    home: witness.Home, portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    looks(home, capsys)
    witness.append(home.book(ORIGIN), "\n#### same 1796000000\n" * 12_000)
    assert looks(home, capsys) == (True, f"{ORIGIN}: nothing new since {today()}, 3 entries\n")
    asks(home, 3, 5)


def test_what_is_signed_for_the_portal_during_a_look_is_no_alarm(
    home: witness.Home, portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    """`serve` signs a newer checkpoint while `watch` waits for the older one, or for its hashes."""
    looks(home, capsys)

    def on_the_way(path: str) -> None:
        if path.endswith("checkpoint") and size_of(home) == 3:
            asks(home, 3, 7)

    portal.meanwhile = on_the_way
    assert looks(home, capsys) == (True, f"{ORIGIN}: nothing new since {today()}, 3 entries\n")

    def with_the_hashes(path: str) -> None:
        if "tile" in path and size_of(home) == 7:
            asks(home, 7, 9)

    portal.meanwhile, portal.size = with_the_hashes, 9
    assert looks(home, capsys) == (True, f"{ORIGIN}: nothing new since {today()}, 9 entries\n")
    assert not (home.folder / "alarms.txt").exists()


def test_hashes_that_do_not_fit_the_checkpoint_prove_nothing(
    home: witness.Home, portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    for size in (3, 4, 9):  # whether or not the old tree is a whole one
        portal.log, portal.size, portal.note = LOG, size, ""
        assert looks(home, capsys)[0]
        portal.log, portal.size, portal.note = REWRITTEN, 300, LOG.note(300)
        is_well, said = looks(home, capsys)
        assert is_well
        assert "cannot be reached (its tiles do not fit its checkpoint)" in said
        assert not looks(home, capsys, patience=0)[0]
    assert not (home.folder / "alarms.txt").exists()


def test_a_portal_cannot_send_the_witness_elsewhere(
    home: witness.Home, portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302)
            self.send_header("Location", f"{portal.url}/checkpoint")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with running(ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)) as url:
        home.follow(LOG.vkey, url)
        assert "cannot be reached (HTTP Error 302" in looks(home, capsys)[1]
    assert not portal.asked


def test_the_words_of_a_portal_move_no_cursor(
    home: witness.Home, portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    portal.note = Log(origin="\x9b2K\u202eportal").note(3)
    said = looks(home, capsys)[1]
    assert said == f"{ORIGIN}: ALARM: another ledger answers there: ?2K?portal\n"


@pytest.mark.parametrize("portals", [None, "", "\n", "nonsense\n"])
def test_who_follows_nobody_is_told_so(
    portals: str | None, home: witness.Home, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home.folder / "portals.txt"
    path.unlink()
    if portals is not None:
        path.write_text(portals)
    assert looks(home, capsys) == (False, "ALARM: portals.txt is missing, empty or damaged: run follow\n")


def test_what_is_kept_as_evidence_is_bounded(home: witness.Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witness, "EVIDENCE", 1000)
    for size in range(1, 50):
        home.keep_evidence(LOG.note(size), LOG.note(99))
    kept = (home.folder / "alarms.txt").read_text()
    assert kept.startswith(LOG.note(1))
    assert len(kept) < 2000


def test_any_name_that_the_verifiers_take_is_no_alarm(
    home: witness.Home, portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only for one's own key a number sign is refused, which begins a comment elsewhere."""
    portal.note = LOG.note(3) + f"— #first.example/w {base64.b64encode(bytes(76)).decode()}\n"
    assert looks(home, capsys)[0]
    with pytest.raises(ValueError, match="no #"):
        witness.make_key(home.folder / "other", "#first.example/w")


# what the portal does, and what is shouted
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "shrinks": ({"size": 90}, "ALARM: the ledger shrank from 200 entries to 90"),
    "another of the same size": (
        {"log": REWRITTEN, "size": 200},
        "ALARM: the portal signed two different",
    ),
    "rewritten": ({"log": REWRITTEN, "size": 300}, "ALARM: this does not extend the ledger that you saw"),
    "rewritten from its middle": ({"log": FORKED, "size": 300}, "ALARM: this does not extend the ledger"),
    "signed with another key": ({"log": Log(key=9), "size": 300}, "compare the new one on the portal's page"),
    "another ledger": ({"log": Log(origin="b"), "size": 300}, "ALARM: another ledger answers there: b"),
    "no checkpoint": ({"note": "<html>"}, "ALARM: this is no checkpoint"),
    "no time": ({"date": "yesterday", "size": 300}, "ALARM: its answer cannot be read"),
    "a wrong clock": ({"clock": 600, "size": 300}, "ALARM: your clock and the portal's differ by 10 minutes"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_what_a_portal_must_not_do_is_shouted(
    fault: str, home: witness.Home, portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    portal.size = 200
    assert looks(home, capsys)[0]
    change, says = WRONG[fault]
    vars(portal).update(change)
    is_well, said = looks(home, capsys)
    assert not is_well
    assert says in said
    assert size_of(home) == 200
    if portal.log in (REWRITTEN, FORKED) or fault == "shrinks":
        evidence = (home.folder / "alarms.txt").read_text()  # both notes, each with the portal's signature
        assert portal.log.note(portal.size) in evidence
        assert LOG.note(200) in evidence


def test_a_portal_that_is_away_is_shouted_about_after_a_while(
    home: witness.Home, portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    looks(home, capsys)
    portal.is_away = True
    is_well, said = looks(home, capsys)
    assert is_well
    assert "it cannot be reached (HTTP Error 404" in said
    is_well, said = looks(home, capsys, patience=0)
    assert not is_well
    assert said.startswith(f"{ORIGIN}: ALARM: it cannot be reached")


def test_a_portal_that_answers_too_slowly_keeps_nobody_waiting(
    home: witness.Home, portal: Portal, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    looks(home, capsys)
    portal.waits = 0.3
    monkeypatch.setattr(witness, "LONGEST", 0.01)
    portal.size = 8
    assert looks(home, capsys) == (True, f"{ORIGIN}: it cannot be reached (it takes too long)\n")
    for one in threading.enumerate():
        if one.name == "look":
            one.join()
    assert size_of(home) == 3  # nor does it sign later


def test_after_a_change_of_the_key_its_keeper_follows_the_new_one(
    home: witness.Home, portal: Portal, capsys: pytest.CaptureFixture[str]
) -> None:
    """The ledger goes on, and so does the witness's memory of it; the former key signs nothing more for it."""
    looks(home, capsys)
    portal.log, portal.size = Log(key=9), 300
    assert not looks(home, capsys)[0]
    home.follow(portal.log.vkey, portal.url)
    assert looks(home, capsys) == (True, f"{ORIGIN}: 300 entries, which extend what you saw: signed\n")
    assert status(home, 300, 301) == 403


def test_at_the_command_line(portal: Portal, tmp_path: Path) -> None:
    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(ROOT / "evidence/holdfast_witness.py"), "--folder", str(tmp_path / "ngo")]
        env = {**os.environ, **environment}
        return subprocess.run([*command, *words], capture_output=True, text=True, check=False, env=env)

    assert run("watch").returncode == 2
    assert run("--lang", "en", "key", "an ngo").returncode == 2
    said = run("--lang", "en", "key", "ngo.example/witness").stdout
    assert said.startswith("Your public key, for everybody: ngo.example/witness+")
    assert run("follow", LOG.vkey, "file:///etc").returncode == 2
    assert run("follow", LOG.vkey, portal.url).returncode == 0
    assert "3 条，续写无误，已签名" in run("--lang", "zh", "watch").stdout
    assert run("--lang", "zh", "watch", PYTHONIOENCODING="ascii").returncode == 0  # of a console without letters
    portal.size = 2
    mail = tmp_path / "mail"
    alarm = run("--lang", "en", "watch", "--run", f"cat > {mail}")
    assert alarm.returncode == 1
    assert mail.read_text() == f"{ORIGIN}: ALARM: the ledger shrank from 3 entries to 2\n"
