"""A witness: looks at a portal's ledger again and again, and signs what only grew since its last look.

    python holdfast_witness.py key NAME          once: make your key; NAME is yours, like ngo.example/witness
    python holdfast_witness.py follow KEY URL    once for each portal: its ledger's key and address (…/ledger)
    python holdfast_witness.py watch             each day: look, check, sign, and shout if something is wrong
    python holdfast_witness.py serve             always on: answer portals that ask for your signature

Options before the command: --folder DIR (else “witness”), --lang en|zh. Of watch: --every HOURS (else one look),
--patience HOURS (48) before it shouts that a portal cannot be reached, --run COMMAND, which gets each alarm on its
standard input, for instance to mail it. Of serve: --host, --port. Exit: 0 all is well, 1 alarm, 2 wrong command.

The folder has your key (key.txt: secret, and on one computer only), the portals (portals.txt), what you signed for
each (looks-….txt, the newest last: never put an older copy in its place), and what a portal signed against that
(alarms.txt: that is evidence). It needs Python 3.9 or later and `pip install cryptography`. It follows C2SP
tlog-witness, tlog-cosignature (version 1), tlog-tiles and tlog-checkpoint, so other transparency logs can use it.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import functools
import hashlib
import io
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG, WITNESS = b"\1", b"\4"  # types of keys: Ed25519, and Ed25519 cosignatures with a time
MOST = 64 << 10  # bytes of a request or checkpoint
TAIL = 4 * MOST  # bytes at the end of a file of looks in which the newest look almost always is
MARKS = 100  # signature lines of a checkpoint; the verifiers read no more
EVIDENCE = 64 * MOST  # bytes of alarms.txt; the first pair of notes is proof enough
CLOCKS = 300  # seconds by which clocks may differ
TILE = 256  # hashes
LONGEST = 600  # seconds of one look
ASKING = 8  # seconds in which a portal must name its newest checkpoint; it waits 15 for an answer itself
DAILY = (
    20 * 3600
)  # seconds after which an unchanged checkpoint is signed again, so that the newest look is of today
CONNECTIONS = 64  # which `serve` answers at once
CONNECTED = 30  # seconds of one connection
P25519 = 2**255 - 19
EIGHTH = 0x5FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826  # y of a point of order 8
SMALL = {0, 1, P25519 - 1, EIGHTH, P25519 - EIGHTH}  # y of all points of small order: with them anybody can sign
LOOK = re.compile(r"^#### looked (\d+)\n((?:(?!####)[^\n]*\n)+)#### end\n", re.MULTILINE)
LOOKED = re.compile(r"^#### (?:looked|same) (\d+)$", re.MULTILINE)


class Refused(Exception):
    """A checkpoint is not cosigned. `status` is that of the HTTP answer; `en` and `zh` say why. `is_alarm`: a
    person must look at it."""

    def __init__(self, status: int, en: str, zh: str, is_alarm: bool = False) -> None:
        super().__init__(en)
        self.status, self.en, self.zh, self.is_alarm = status, en, zh, is_alarm


# --------------------------------------------------------------------------- keys and notes (C2SP signed-note)


class Key(NamedTuple):
    name: str
    id: bytes
    public: bytes

    def verifies(self, message: bytes, signature: bytes) -> bool:
        with contextlib.suppress(InvalidSignature):
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
            return True
        return False


def key_id(name: str, data: bytes) -> bytes:
    return hashlib.sha256(f"{name}\n".encode() + data).digest()[:4]


def is_name(name: str) -> bool:
    return bool(name) and not re.search(r"[\s+\x00-\x1f\x7f]", name)


def parse_key(vkey: str) -> Key:
    """The parts of a ledger's key `name+hexid+base64(1 || public key)`. Raises ValueError."""
    name, hex_id, rest, *_ = *vkey.split("+", 2), "", ""
    data = base64.b64decode(rest, validate=True)
    good = is_name(name) and len(data) == 33 and data[:1] == LOG and key_id(name, data).hex() == hex_id
    if not good or int.from_bytes(data[1:], "little") % 2**255 % P25519 in SMALL:
        raise ValueError("this is no key of a ledger 这不是存证账本公钥")
    return Key(name, key_id(name, data), data[1:])


class Checkpoint(NamedTuple):
    """A checkpoint, parsed but not verified. `marks` are name, key id, signature and the whole line."""

    body: str
    origin: str
    size: int
    root: bytes
    marks: list[tuple[str, bytes, bytes, str]]


def parse_checkpoint(text: str) -> Checkpoint:
    """Raises Refused (400) unless it is a signed note (C2SP signed-note) of a checkpoint (tlog-checkpoint)."""
    body, blank, tail = text.rpartition("\n\n")
    lines, ends = body.split("\n"), tail.endswith("\n") and not re.search(r"[\x00-\x09\x0b-\x1f]", text)
    if not (blank and ends and len(lines) >= 3 and all(lines) and is_size(lines[1])):
        raise malformed()
    if any(line.startswith("####") for line in lines):  # which divide the file of looks
        raise malformed()
    marks = [_mark(line) for line in tail[:-1].split("\n")]
    if len(marks) > MARKS:
        raise malformed()
    return Checkpoint(f"{body}\n", lines[0], int(lines[1]), unbase64(lines[2], 32), marks)


def is_size(text: str) -> bool:
    return bool(re.fullmatch("0|[1-9][0-9]{0,17}", text))


def _mark(line: str) -> tuple[str, bytes, bytes, str]:
    dash, name, signature, *more = *line.split(" "), "", ""
    data = unbase64(signature)
    if dash != "—" or len(more) != 2 or not is_name(name) or len(data) < 5:
        raise malformed()
    return name, data[:4], data[4:], f"{line}\n"


def unbase64(text: str, size: int | None = None) -> bytes:
    """Raises Refused (400) unless the text is the one base64 of so many bytes."""
    with contextlib.suppress(ValueError):
        data = base64.b64decode(text, validate=True)
        if base64.b64encode(data).decode() == text and size in (None, len(data)):
            return data
    raise malformed()


def malformed() -> Refused:
    return Refused(400, "this is no checkpoint, or no proper request", "这不是检查点，或请求格式不对")


def signed_by(checkpoint: Checkpoint, key: Key) -> str:
    """The log's signature line; others of the same key are left out. Raises Refused (403) if it has none, or if
    one is wrong."""
    mine = [(mark, line) for name, one, mark, line in checkpoint.marks if (name, one) == (key.name, key.id)]
    if not mine:
        en = "it is not signed with the ledger's key that you follow. If the portal says that the key was changed,"
        en += " compare the new one on the portal's page and with others, then run: follow KEY URL"
        zh = "它不是用您跟随的存证账本密钥签名的。如果平台说密钥已更换，请在平台页面上、并向其他人核对新公钥，"
        raise Refused(403, en, f"{zh}然后运行：follow 公钥 网址")
    if not all(key.verifies(checkpoint.body.encode(), mark) for mark, _ in mine):
        raise Refused(403, "the ledger's signature is wrong", "存证账本的签名是错的")
    return mine[0][1]


# ---------------------------------------------------------------- the Merkle tree (RFC 6962, 2.1; C2SP tlog-tiles)


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def power_below(size: int) -> int:
    """The largest power of two below the size."""
    return int(1 << (size - 1).bit_length() - 1)


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `new` leaves extends that of `old` (2.1.2)."""
    if old in (0, new):
        return not proof and (old == 0 or old_root == new_root)
    rest = list(proof) if old & (old - 1) else [old_root, *proof]

    def roots(old: int, new: int) -> tuple[bytes, bytes]:
        """The roots of the first `old` and of all `new` leaves of a range."""
        if old == new:
            return rest[0], rest.pop(0)
        half = power_below(new)
        if old <= half:
            before, left = roots(old, half)
            return before, node(left, rest.pop(0))
        before, right = roots(old - half, new - half)
        return node(rest[0], before), node(rest.pop(0), right)

    with contextlib.suppress(IndexError):
        return roots(old, new) == (old_root, new_root) and not rest
    return False


Tile = Callable[[int, int, int], bytes]  # (level, index, width) -> hashes


def root_from_tiles(start: int, end: int, new: int, tile: Tile) -> bytes:
    """The root over a range of the leaves of a tree of `new` leaves."""
    size = end - start
    if size & (size - 1):
        half = start + power_below(size)
        return node(root_from_tiles(start, half, new, tile), root_from_tiles(half, end, new, tile))
    level, height = divmod(size.bit_length() - 1, 8)
    index, at = divmod(start >> 8 * level, TILE)
    hashes = tile(level, index, min(TILE, (new >> 8 * level) - index * TILE))
    found = [hashes[32 * place :][:32] for place in range(at, at + (1 << height))]
    while len(found) > 1:
        found = [node(*found[place : place + 2]) for place in range(0, len(found), 2)]
    return found[0]


def proof_from_tiles(old: int, new: int, tile: Tile) -> list[bytes]:
    """The proof that the tree of `new` leaves extends that of `old`."""

    def root(start: int, end: int) -> bytes:
        return root_from_tiles(start, end, new, tile)

    def path(start: int, end: int, is_known: bool) -> list[bytes]:
        if old == end:
            return [] if is_known else [root(start, end)]
        half = start + power_below(end - start)
        if old <= half:
            return [*path(start, half, is_known), root(half, end)]
        return [*path(half, end, False), root(start, half)]

    return path(0, new, True) if 0 < old < new else []


# --------------------------------------------------------------------------------------- the folder, and its looks


class Home:
    """The witness's folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        name, seed = (folder / "key.txt").read_text(encoding="utf-8").split()
        self.secret = Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed))
        data = WITNESS + self.secret.public_key().public_bytes_raw()
        self.key = Key(name, key_id(name, data), data[1:])
        self.vkey = f"{name}+{self.key.id.hex()}+{base64.b64encode(data).decode()}"
        self.passed: dict[str, int] = {}  # origin -> size of a checkpoint that the portal has left behind

    def portals(self) -> dict[str, tuple[Key, str]]:
        """Origin -> the ledger's key, and its address."""
        found = [(parse_key(line.split()[0]), line.split()[1]) for line in self._portal_lines()]
        return {key.name: (key, url) for key, url in found}

    def _portal_lines(self) -> list[str]:
        path = self.folder / "portals.txt"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return [line for line in lines if line.strip()]

    def follow(self, vkey: str, url: str) -> None:
        """Follow a portal, or go on with its new key or address. Raises Refused if what was seen of it is lost."""
        key = parse_key(vkey)
        with self.locked():
            kept = [line for line in self._portal_lines() if line.split("+")[0] != key.name]
            if key.name in self.portals():
                self.last(key.name)
            elif not self.book(key.name).exists():
                append(self.book(key.name), f"{key.name}\n")
            fresh = self.folder / "portals.new"
            fresh.unlink(missing_ok=True)
            append(fresh, "".join(f"{one}\n" for one in [*kept, f"{vkey} {url.rstrip('/')}"]))
            fresh.replace(self.folder / "portals.txt")
            sync(self.folder)

    def book(self, origin: str) -> Path:
        """The file of looks at one ledger."""
        return self.folder / f"looks-{hashlib.sha256(origin.encode()).hexdigest()[:16]}.txt"

    def tail(self, origin: str) -> str:
        """The end of the file of looks, with the newest look: after years without growth, the whole file."""
        with self.book(origin).open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL))
            text = file.read().decode("utf-8", "replace")
            if not LOOK.search(text):
                file.seek(0)
                text = file.read().decode("utf-8", "replace")
            return text

    def last(self, origin: str) -> tuple[str, Checkpoint | None, int]:
        """The newest checkpoint that was cosigned, with this witness's line, and when; none before the first.

        A look that was cut off while it was written was never given out, and does not count. Raises Refused if
        the file is not as it was written: nothing is signed then.
        """
        en = "the file of your looks is missing or damaged: put it back; if you cannot, make a new key"
        lost = Refused(500, en, "您的查看记录文件丢失或损坏：请恢复它；如不能恢复，请重新生成密钥", is_alarm=True)
        try:
            tail = self.tail(origin)
            if not (found := LOOK.findall(tail)):
                if tail.startswith(f"{origin}\n"):
                    return "", None, 0
                raise lost
            when, text = int(found[-1][0]), found[-1][1]
            checkpoint = parse_checkpoint(text)
        except (FileNotFoundError, Refused):
            raise lost from None
        mine = [mark for name, one, mark, _ in checkpoint.marks if (name, one) == (self.key.name, self.key.id)]
        whole = mine and self.key.verifies(message(checkpoint, when), mine[-1][8:])
        if checkpoint.origin != origin or not whole:
            raise lost
        return text, checkpoint, when

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Only one thread of one process is here at a time."""
        with (self.folder / "lock").open("a+b") as file:
            if sys.platform == "win32":
                import msvcrt  # which other systems have not

                file.seek(0)
                while True:
                    with contextlib.suppress(OSError):  # it waits for ten seconds only
                        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)
                        break
            else:
                import fcntl  # which Windows has not

                fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def cosign(self, text: str, old: int, proof: Sequence[bytes], is_newest: bool = False) -> str:
        """Check that the checkpoint extends the last one, whose size the asker takes for `old`; write it down, and
        only then return the signature line: for the last one again, the line of then. Raises Refused.

        A checkpoint that the portal left behind is refused, because the time of a signature of now would speak
        against what came between. `is_newest`: it has just come from the portal itself, which is asked otherwise.
        """
        new = parse_checkpoint(text)
        if new.origin not in (portals := self.portals()):
            raise Refused(404, "this ledger is not followed here", "这里没有跟随这本存证账本")
        line_of_log = signed_by(new, portals[new.origin][0])
        if old > new.size:
            raise malformed()
        with self.locked():
            kept = self._checked(text, new, old, proof)
            if kept or is_newest:
                return kept or self._written(new, line_of_log)
        self._check_is_newest(new, *portals[new.origin])  # may take long: others can ask meanwhile
        with self.locked():
            return self._checked(text, new, old, proof) or self._written(new, line_of_log)

    def _checked(self, text: str, new: Checkpoint, old: int, proof: Sequence[bytes]) -> str:
        """The line that was given before, if it is still of today; else "" for what may be signed."""
        before, last, when = self.last(new.origin)
        size, root = (last.size, last.root) if last else (0, b"")
        if old != size:
            raise Refused(409, f"{size}", f"{size}")
        if last and size == new.size and root != new.root:
            self.keep_evidence(text, before)
            en = "the portal signed two different ledgers of the same size: one of them is false"
            raise Refused(422, en, "平台对同样条数的存证账本签了两个不同的版本：其中一个是假的", is_alarm=True)
        is_whole = new.size > 0 or new.root == hashlib.sha256(b"").digest()
        if not is_whole or not is_consistent(size, root, new.size, new.root, proof):
            en, zh = "this does not extend the ledger that you saw", "这不是从您见过的存证账本续写的"
            raise Refused(422, en, zh)
        now = int(time.time())
        if last and new.body == last.body and now - when < DAILY:
            return last.marks[-1][3]
        if now < when - CLOCKS:
            raise Refused(500, "your clock is behind your last look", "您的时钟早于上一次查看", is_alarm=True)
        return ""

    def _written(self, new: Checkpoint, line_of_log: str) -> str:
        """Sign, never earlier than before. When this returns the line, it is on the disk."""
        now = max(int(time.time()), self.last(new.origin)[2])
        data = self.key.id + now.to_bytes(8, "big") + self.secret.sign(message(new, now))
        line = f"— {self.key.name} {base64.b64encode(data).decode()}\n"
        append(self.book(new.origin), f"\n#### looked {now}\n{new.body}\n{line_of_log}{line}#### end\n")
        return line

    def _check_is_newest(self, new: Checkpoint, key: Key, url: str) -> None:
        """Raise Refused (503) for what the portal left behind more than CLOCKS ago; also if it cannot be asked."""
        en, zh = "the portal has a newer checkpoint: ask about that one", "平台已有更新的检查点：请为它请求签名"
        if new.size <= self.passed.get(new.origin, -1):
            raise Refused(503, en, zh)
        try:
            left = in_time(functools.partial(left_behind_at, url, key, new.size), ASKING)
        except Exception as error:  # a portal may answer anything
            en = f"the portal cannot be asked for its newest checkpoint ({error}): ask again later"
            raise Refused(503, en, f"无法向平台询问最新的检查点（{error}）：请稍后再请求") from None
        if left is not None and time.time() - left > CLOCKS:
            self.passed[new.origin] = max(new.size, self.passed.get(new.origin, -1))
            raise Refused(503, en, zh)

    def first_seen(self, checkpoint: Checkpoint) -> int:
        """When a checkpoint was first signed, as far as the end of the file of looks says; 0 if it does not."""
        looks = [(int(when), text) for when, text in LOOK.findall(self.tail(checkpoint.origin))]
        return min((when for when, text in looks if text.startswith(f"{checkpoint.body}\n")), default=0)

    def keep_evidence(self, text: str, before: str) -> None:
        path, evidence = self.folder / "alarms.txt", f"{text}\n{before}\n"
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        if evidence not in kept and len(kept) < EVIDENCE:
            append(path, evidence)


def message(checkpoint: Checkpoint, when: int) -> bytes:
    """What a cosignature signs (C2SP tlog-cosignature)."""
    return f"cosignature/v1\ntime {when}\n{checkpoint.body}".encode()


def append(path: Path, text: str) -> None:
    """Add the text at the end. When this returns, it is on the disk."""
    is_new = not path.exists()
    with path.open("ab") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    if is_new:
        sync(path.parent)


def sync(folder: Path) -> None:
    """When this returns, the names in the folder are on the disk. Windows has no such call."""
    if sys.platform != "win32":
        opened = os.open(folder, os.O_RDONLY)
        os.fsync(opened)
        os.close(opened)


# ------------------------------------------------------------------------------------------------- watch and serve


class NoRedirection(urllib.request.HTTPRedirectHandler):
    """A portal cannot send this program to other addresses, such as those of the network in which it runs."""

    def http_error_302(self, *_args: object, **_kwargs: object) -> None:
        """Nothing: the answer stays the error that it is."""

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def fetch(url: str, most: int) -> tuple[bytes, str]:
    """The bytes at an address, and the server's time. Raises OSError."""
    try:
        with urllib.request.build_opener(NoRedirection).open(url, timeout=30) as answer:
            data = answer.read(most + 1)
            if len(data) > most:
                raise OSError("the answer is too long")
            return data, answer.headers["Date"] or ""
    except urllib.error.HTTPError as error:
        error.close()
        raise


def left_behind_at(url: str, key: Key, size: int) -> float | None:
    """When the portal signed the next checkpoint after that of `size`, in seconds since 1970; None if it has none.
    It may answer anything, and so this may raise anything."""
    data, _ = fetch(f"{url}/checkpoint", MOST)
    newest = parse_checkpoint(data.decode())
    signed_by(newest, key)
    if newest.origin != key.name or newest.size <= size:
        return None
    data, _ = fetch(f"{url}/checkpoints?after={size}", EVIDENCE)
    signed = json.loads(data)["checkpoints"][0]["signed_at"]
    return datetime.strptime(signed, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc).timestamp()  # noqa: UP017


def fetch_tile(url: str, level: int, index: int, width: int) -> bytes:
    """The hashes of a tile: of a partial one, or of the full one that has taken its place. Raises OSError."""
    digits = str(index).zfill(-(-len(str(index)) // 3) * 3)
    groups = [f"x{digits[at : at + 3]}" for at in range(0, len(digits), 3)]
    path = f"{url}/tile/{level}/{'/'.join(groups)[:-4]}{groups[-1][1:]}"
    try:
        data, _ = fetch(f"{path}.p/{width}" if width < TILE else path, 32 * TILE)
    except urllib.error.HTTPError:
        data, _ = fetch(path, 32 * TILE)
    if len(data) < 32 * width:
        raise OSError("a tile is too short")
    return data


def look(home: Home, key: Key, url: str) -> tuple[str, str]:
    """Look at one ledger. Returns what to say. Raises Refused for what a person must look at, and OSError."""
    for _ in range(3):
        try:
            return look_once(home, key, url)
        except Refused as refused:
            if refused.status != 409:  # `serve` signed a newer one meanwhile
                raise
    raise OSError("it grows too quickly")


def look_once(home: Home, key: Key, url: str) -> tuple[str, str]:
    began, (before, last, _) = time.monotonic(), home.last(key.name)  # what `serve` signs from now on may be newer
    data, date = fetch(f"{url}/checkpoint", MOST)
    late = abs(parsedate_to_datetime(date).timestamp() - time.time()) / 60 if date else 0
    if late > CLOCKS / 60:
        en = f"your clock and the portal's differ by {late:.0f} minutes: set yours right"
        raise Refused(500, en, f"您的时钟与平台的相差 {late:.0f} 分钟：请校准")
    text = data.decode("utf-8", "replace")
    new = parse_checkpoint(text)
    if new.origin != key.name:
        raise Refused(404, f"another ledger answers there: {new.origin}", f"那里是另一本存证账本：{new.origin}")
    signed_by(new, key)
    size = last.size if last else 0
    if new.size < size:
        home.keep_evidence(text, before)
        zh = f"存证账本从 {size} 条变短为 {new.size} 条"
        raise Refused(422, f"the ledger shrank from {size} entries to {new.size}", zh)
    if last and new.body == last.body:
        return look_again(home, text, last)
    proof = fetch_proof(url, size, new)
    if time.monotonic() - began > LONGEST:  # nobody waits for it any more
        raise OSError("it takes too long")
    try:
        home.cosign(text, size, proof, is_newest=True)
    except Refused as refused:
        if refused.status == 422:
            home.keep_evidence(text, before)
        raise
    return f"{new.size} entries, which extend what you saw: signed", f"共 {new.size} 条，续写无误，已签名"


def look_again(home: Home, text: str, last: Checkpoint) -> tuple[str, str]:
    """Note that the ledger has not grown; once a day, with a signature of now."""
    since = time.strftime("%Y-%m-%d", time.localtime(home.first_seen(last)))
    try:
        home.cosign(text, last.size, [], is_newest=True)
    except Refused as refused:
        if refused.status != 409:  # `serve` signed a newer one meanwhile
            raise
    append(home.book(last.origin), f"\n#### same {int(time.time())}\n")
    return f"nothing new since {since}, {last.size} entries", f"自 {since} 起没有新内容，共 {last.size} 条"


def fetch_proof(url: str, old: int, new: Checkpoint) -> list[bytes]:
    """The proof that the checkpoint extends the portal's tree of `old` leaves. Raises OSError, also if its tiles
    are not those of its checkpoint: that proves nothing against it."""
    tile = functools.lru_cache(1000)(functools.partial(fetch_tile, url))
    proof = proof_from_tiles(old, new.size, tile)
    if 0 < old < new.size:
        its_own = root_from_tiles(0, old, new.size, tile)
        if not is_consistent(old, its_own, new.size, new.root, proof):
            raise OSError("its tiles do not fit its checkpoint")
    return proof


Result = TypeVar("Result")


def in_time(do: Callable[[], Result], seconds: float = 0) -> Result:
    """What `do` returns or raises. Raises OSError if that takes too long: a portal may answer drop by drop."""
    answers: list[Result | Exception] = []

    def run() -> None:
        try:
            answers.append(do())
        except Exception as error:
            answers.append(error)

    thread = threading.Thread(target=run, name="look", daemon=True)
    thread.start()
    thread.join(seconds or LONGEST)
    answer = answers[0] if answers else OSError("it takes too long")
    if isinstance(answer, Exception):
        raise answer
    return answer


def watch(home: Home, patience: float, command: str, speak: Callable[[str, str], str]) -> bool:
    """Look at each ledger. Returns whether all is well."""
    alarms = 0
    try:
        portals = list(home.portals().values())
    except (OSError, ValueError, IndexError):
        portals = []
    if not portals:
        en, zh = (
            "portals.txt is missing, empty or damaged: run follow",
            "portals.txt 缺失、为空或已损坏：请运行 follow",
        )
        shout(speak(f"ALARM: {en}", f"警报：{zh}"), command)
    for key, url in portals:
        is_alarm = True
        try:
            en, zh = in_time(functools.partial(look, home, key, url))
            is_alarm = False
        except Refused as refused:
            en, zh = refused.en, refused.zh
        except OSError as error:
            en, zh = f"it cannot be reached ({error})", f"无法访问（{error}）"
            seen = LOOKED.findall(home.tail(key.name)) if home.book(key.name).exists() else []
            is_alarm = time.time() - max(map(int, seen), default=0) > patience * 3600
        except Exception as error:  # a portal may answer anything
            en, zh = f"its answer cannot be read ({error})", f"无法读懂它的回答（{error}）"
        says = f"{key.name}: {speak('ALARM: ', '警报：') if is_alarm else ''}{speak(en, zh)}"
        shout(says, command if is_alarm else "")
        alarms += is_alarm
    return bool(portals) and not alarms


def shout(says: str, command: str) -> None:
    """Print it, and give it to the command if there is one. A portal's words in it can move no cursor."""
    says = "".join(letter if letter.isprintable() else "?" for letter in says[:1000])
    print(says, flush=True)
    if command:
        subprocess.run(command, shell=True, input=f"{says}\n".encode(), check=False)  # noqa: S602


class Handler(BaseHTTPRequestHandler):
    """C2SP tlog-witness: POST …/add-checkpoint, GET …/<SHA-256 of the origin>/checkpoint."""

    protocol_version = "HTTP/1.1"
    timeout = 30
    home: Home
    speak: Callable[[str, str], str]

    def setup(self) -> None:
        super().setup()
        self.end = threading.Timer(CONNECTED, self.cut)
        self.end.daemon = True
        self.end.start()

    def cut(self) -> None:
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)

    def finish(self) -> None:
        self.end.cancel()
        super().finish()

    def parse_request(self) -> bool:
        """As ever; but a request of which others could see another end is refused, and ends the connection."""
        if not super().parse_request():
            return False
        lengths = self.headers.get_all("Content-Length", [])
        if "Transfer-Encoding" in self.headers or len(lengths) > (self.command == "POST"):
            self.close_connection = True
            self.answer(400)
            return False
        return True

    def do_POST(self) -> None:
        size = self.headers.get("Content-Length", "")
        if not is_size(size) or int(size) > MOST:
            self.close_connection = True
            return self.answer(413 if is_size(size) else 411)
        body = self.rfile.read(int(size))
        if not self.path.endswith("/add-checkpoint"):
            return self.answer(404)
        try:
            status, text = 200, self.cosigned(body)
        except Refused as refused:
            if refused.is_alarm:
                print(self.speak(f"ALARM: {refused.en}", f"警报：{refused.zh}"), flush=True)
            status, text = refused.status, f"{refused.en}\n"
        except Exception as error:  # a full disk, or a damaged folder
            print(self.speak(f"ALARM: nothing was signed: {error}", f"警报：没有签名：{error}"), flush=True)
            status, text = 500, ""
        return self.answer(status, text)

    def cosigned(self, body: bytes) -> str:
        head, blank, note = body.decode("utf-8", "replace").partition("\n\n")
        first, *proof = head.split("\n")
        good = blank and first[:4] == "old " and is_size(first[4:]) and len(proof) <= 63
        if not good or "\ufffd" in head + note:  # which is what became of bytes that are no text
            raise malformed()
        hashes = [unbase64(line, 32) for line in proof]
        return self.home.cosign(note, int(first[4:]), hashes)

    def do_GET(self) -> None:
        try:
            text = self.shown()
        except Exception:  # as for a signature
            return self.answer(500)
        return self.answer(200 if text else 404, text)

    def shown(self) -> str:
        for origin in self.home.portals():
            if self.path.endswith(f"/{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint"):
                with self.home.locked():  # so that it is on the disk
                    return self.home.last(origin)[0]
        return ""

    def answer(self, status: int, text: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/x.tlog.size" if status == 409 else "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *arguments: object) -> None:
        """Nothing: the addresses of those who ask are not kept."""


class Server(ThreadingHTTPServer):
    """Answers so many connections at once, and closes those that come besides."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.free = threading.Semaphore(CONNECTIONS)

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self.free.acquire(blocking=False):
            return self.shutdown_request(request)
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # no thread can be started
            self.free.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Nothing: somebody hung up."""


def server(home: Home, host: str, port: int, speak: Callable[[str, str], str]) -> Server:
    return Server((host, port), type("Witness", (Handler,), {"home": home, "speak": staticmethod(speak)}))


# --------------------------------------------------------------------------------------------------- command line


def make_key(folder: Path, name: str) -> None:
    if not is_name(name) or name.startswith("#") or "\ufeff" in name:
        raise ValueError(
            "a name has no blanks, no plus and no # at its beginning 名称不能有空格或加号，也不能以 # 开头"
        )
    folder.mkdir(parents=True, exist_ok=True)
    seed = base64.b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()
    with os.fdopen(os.open(folder / "key.txt", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(f"{name} {seed}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def read_command(arguments: Sequence[str] | None) -> tuple[argparse.ArgumentParser, argparse.Namespace]:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, default=Path("witness"))
    parser.add_argument("--lang", choices=["en", "zh"])
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("key").add_argument("name")
    follow = commands.add_parser("follow")
    follow.add_argument("vkey", metavar="KEY")
    follow.add_argument("url", metavar="URL")
    looks, answers = commands.add_parser("watch"), commands.add_parser("serve")
    looks.add_argument("--every", type=float, metavar="HOURS")
    looks.add_argument("--patience", type=float, default=48, metavar="HOURS")
    looks.add_argument("--run", default="", metavar="COMMAND")
    answers.add_argument("--host", default="127.0.0.1")
    answers.add_argument("--port", type=int, default=7380)
    return parser, parser.parse_args(arguments)


def main(arguments: Sequence[str] | None = None) -> int:
    parser, chosen = read_command(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a console may lack letters
    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    at = int((chosen.lang or named).lower().startswith("zh"))

    def speak(*sentences: str) -> str:
        return sentences[at]

    try:
        if chosen.command == "key":
            make_key(chosen.folder, chosen.name)
        home = Home(chosen.folder)
        if chosen.command == "follow":
            if not re.match("https?://", chosen.url):
                raise ValueError("an address begins with https:// 网址以 https:// 开头")
            home.follow(chosen.vkey, chosen.url)
    except (OSError, ValueError, Refused) as error:
        parser.error(str(error))
    print(speak("Your public key, for everybody: ", "您的公钥，可以告诉任何人：") + home.vkey, flush=True)
    if chosen.command == "serve":
        server(home, chosen.host, chosen.port, speak).serve_forever()
    is_well = chosen.command != "watch" or watch(home, chosen.patience, chosen.run, speak)
    while chosen.command == "watch" and chosen.every:
        time.sleep(chosen.every * 3600)
        watch(home, chosen.patience, chosen.run, speak)
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main())
