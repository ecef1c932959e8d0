"""A transparency log as C2SP tlog-tiles and RFC 6962 describe it, without the code of the product: hashes, proofs,
tiles and signed checkpoints, served over HTTP."""

import base64
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import formatdate
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ORIGIN = "portal.example/ledger"


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def half_of(size: int) -> int:
    """The largest power of two smaller than the size."""
    half = 1
    while half * 2 < size:
        half *= 2
    return half


@dataclass
class Log:
    """A log with as many leaves as one likes. They follow from `seed`; before `since`, from `other`."""

    seed: int = 0
    other: int = 0
    since: int = 0
    key: int = 100
    origin: str = ORIGIN
    hash_of: Any = field(init=False)

    def __post_init__(self) -> None:
        self.secret = Ed25519PrivateKey.from_private_bytes(bytes([self.key]) * 32)
        self.hash_of = cache(self._hash_of)

    def _hash_of(self, start: int, end: int) -> bytes:
        """MTH(D[start:end]) of RFC 6962, 2.1."""
        if end == start:
            return hashlib.sha256(b"").digest()
        if end == start + 1:
            seed = self.other if start < self.since else self.seed
            return hashlib.sha256(b"\x00%d of %d" % (start, seed)).digest()
        middle = start + half_of(end - start)
        return node(self.hash_of(start, middle), self.hash_of(middle, end))

    def proof(self, old: int, new: int) -> list[bytes]:
        """PROOF(m, D[n]) of RFC 6962, 2.1.2."""
        return self._subproof(old, 0, new, True) if 0 < old < new else []

    def _subproof(self, old: int, start: int, end: int, is_whole: bool) -> list[bytes]:
        if old == end - start:
            return [] if is_whole else [self.hash_of(start, end)]
        half = half_of(end - start)
        if old <= half:
            return [*self._subproof(old, start, start + half, is_whole), self.hash_of(start + half, end)]
        return [*self._subproof(old - half, start + half, end, False), self.hash_of(start, start + half)]

    @property
    def vkey(self) -> str:
        data = b"\x01" + self.secret.public_key().public_bytes_raw()
        return f"{self.origin}+{self._id(data).hex()}+{base64.b64encode(data).decode()}"

    def _id(self, data: bytes) -> bytes:
        return hashlib.sha256(f"{self.origin}\n".encode() + data).digest()[:4]

    def note(self, size: int, root: bytes = b"", size_text: str = "") -> str:
        root = root or self.hash_of(0, size)
        body = f"{self.origin}\n{size_text or size}\n{base64.b64encode(root).decode()}\n"
        mark = self._id(b"\x01" + self.secret.public_key().public_bytes_raw()) + self.secret.sign(body.encode())
        return f"{body}\n— {self.origin} {base64.b64encode(mark).decode()}\n"

    def request(self, old: int, size: int) -> str:
        """The body of a request to add a checkpoint (tlog-witness)."""
        lines = "".join(f"{base64.b64encode(one).decode()}\n" for one in self.proof(old, size))
        return f"old {old}\n{lines}\n{self.note(size)}"

    def tile(self, path: str, size: int) -> bytes | None:
        """The tile at a path, as the log of this size has it; None if it has none."""
        level, _, rest = path.partition("/")
        place, _, width = rest.partition(".p/")
        groups = place.split("/")
        if any(group[:1] != "x" for group in groups[:-1]) or any(len(one.strip("x")) != 3 for one in groups):
            return None
        span, index = 256 ** int(level), int("".join(one.strip("x") for one in groups))
        count = min(256, size // span - index * 256)
        if count < 1 or (width and int(width) > count) or (not width and count < 256):
            return None
        places = range(index * 256, index * 256 + int(width or 256))
        return b"".join(self.hash_of(place * span, (place + 1) * span) for place in places)


@dataclass
class Portal:
    """A running server of a log."""

    log: Log
    size: int = 0
    clock: float = 0  # seconds by which its clock is wrong
    date: str = ""  # what it says instead of a time
    waits: float = 0  # seconds before each answer
    is_away: bool = False
    note: str = ""  # another than the log's
    asked: list[str] = field(default_factory=list)
    url: str = ""
    signed_ago: float = 0  # seconds since it signed its newest checkpoint
    meanwhile: Callable[[str], None] = field(default=lambda path: None)  # what happens while it answers

    def answer(self, path: str) -> bytes | None:
        self.asked.append(path)
        self.meanwhile(path)
        if self.is_away:
            return None
        if path == "/ledger/checkpoint":
            return (self.note or self.log.note(self.size)).encode()
        if path.startswith("/ledger/checkpoints?after="):
            at = datetime.fromtimestamp(time.time() - self.signed_ago, UTC)
            newest = {"size": self.size, "signed_at": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
            return json.dumps({"checkpoints": [newest]}).encode()
        return self.log.tile(path.removeprefix("/ledger/tile/"), self.size)


@contextmanager
def served(portal: Portal) -> Iterator[Portal]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(portal.waits)
            content = portal.answer(self.path)
            self.send_response(404 if content is None else 200)
            self.end_headers()
            self.wfile.write(content or b"")

        def date_time_string(self, timestamp: float | None = None) -> str:
            return portal.date or formatdate(time.time() + portal.clock, usegmt=True)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    portal.url = f"http://127.0.0.1:{server.server_port}/ledger"
    with running(server):
        yield portal


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[str]:
    """The address of a server while it runs in a thread."""
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
