"""A witness on this machine that obeys C2SP tlog-witness, with an Ed25519 key of its own.

It is written from the specification, with `cryptography` alone: a second opinion on what the portal sends.
"""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.utils import timezone

from evidence.models import Checkpoint, Cosignature

Answer = tuple[int, str, bytes]  # status, media type, body
TEXT = "text/plain; charset=utf-8"


def key_id(name: str, kind: bytes, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]


@dataclass
class Witness:
    """Its key, the logs that it trusts (origin -> public keys), and what it saw of each: size and root.

    `says` answers instead of it, `seconds` is by how much its clock is wrong.
    """

    name: str = "witness.example/w1"
    kind: bytes = b"\x04"
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    trusted: dict[str, list[bytes]] = field(default_factory=dict)
    seen: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    says: Answer | None = None
    seconds: int = 0
    asked: list[str] = field(default_factory=list)
    url: str = "http://127.0.0.1:1"

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    @property
    def vkey(self) -> str:
        named = key_id(self.name, self.kind, self.public).hex()
        return f"{self.name}+{named}+{base64.b64encode(self.kind + self.public).decode()}"

    @property
    def setting(self) -> dict[str, str]:
        return {"vkey": self.vkey, "url": self.url}

    def trust(self, vkey: str) -> None:
        name, _, encoded = vkey.split("+", 2)
        self.trusted.setdefault(name, []).append(base64.b64decode(encoded)[1:])

    def cosign(self, note: str, at: int | None = None) -> str:
        """Its signature line under the note."""
        at = int(time.time()) + self.seconds if at is None else at
        body = note.rpartition("\n\n")[0] + "\n"
        mark = self.key.sign(f"cosignature/v1\ntime {at}\n{body}".encode())
        signed = key_id(self.name, b"\x04", self.public) + at.to_bytes(8, "big") + mark
        return f"— {self.name} {base64.b64encode(signed).decode()}\n"

    def answer(self, body: str) -> Answer:
        """What it answers to the body of an add-checkpoint request."""
        self.asked.append(body)
        if self.says:
            return self.says
        head, _, note = body.partition("\n\n")
        first, *proof = head.split("\n")
        text, _, marks = note.rpartition("\n\n")
        if not (first.startswith("old ") and text and note.endswith("\n") and len(proof) <= 63):
            return 400, TEXT, b""
        origin, size, root = text.split("\n")[0], int(text.split("\n")[1]), base64.b64decode(text.split("\n")[2])
        if origin not in self.trusted:
            return 404, TEXT, b""
        if not self._is_signed(origin, f"{text}\n", marks):
            return 403, TEXT, b""
        return self._judged(origin, int(first[4:]), size, root, [base64.b64decode(one) for one in proof], note)

    def _judged(self, origin: str, old: int, size: int, root: bytes, proof: list[bytes], note: str) -> Answer:
        seen, seen_root = self.seen.get(origin, (0, b""))
        if old > size:
            return 400, TEXT, b""
        if old != seen:
            return 409, "text/x.tlog.size", f"{seen}\n".encode()
        if not (extends(old, size, seen_root, root, proof) if old else not proof):
            return 422, TEXT, b""
        self.seen[origin] = size, root
        return 200, TEXT, ("— other.example AAAAAAAA\n" + self.cosign(note)).encode()

    def _is_signed(self, origin: str, text: str, marks: str) -> bool:
        for line in marks.splitlines():
            _dash, name, encoded = line.split(" ")
            mark = base64.b64decode(encoded)
            for public in self.trusted[origin]:
                if (name, mark[:4]) == (origin, key_id(origin, b"\x01", public)):
                    try:
                        Ed25519PublicKey.from_public_bytes(public).verify(mark[4:], text.encode())
                    except InvalidSignature:
                        return False
                    return True
        return False


def extends(old: int, size: int, old_root: bytes, root: bytes, proof: list[bytes]) -> bool:
    """RFC 9162, 2.1.4.2, step by step."""
    if old == size:
        return not proof and old_root == root
    if not proof:
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    fn, sn = old - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for node in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = _joined(node, fr), _joined(node, sr)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = _joined(sr, node)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and fr == old_root and sr == root


def _joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@contextmanager
def running(witness: Witness) -> Iterator[Witness]:
    """The witness, served on this machine."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, media_type, content = (
                witness.answer(body) if self.path == "/add-checkpoint" else (404, TEXT, b"")
            )
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            if status == 302:
                self.send_header("Location", content.decode())
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        witness.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield witness
        finally:
            server.shutdown()


def as_setting(*witnesses: Witness) -> str:
    """The text of WITNESSES."""
    return json.dumps([one.setting for one in witnesses])


def cosign(checkpoint: Checkpoint, *witnesses: Witness, at: datetime | None = None) -> None:
    """Keep the witnesses' lines under the checkpoint, as if they had been asked at that time."""
    at = (at or timezone.now()).replace(microsecond=0)
    for one in witnesses:
        line = one.cosign(checkpoint.note, int(at.timestamp()))
        Cosignature.objects.create(checkpoint=checkpoint, vkey=one.vkey, line=line, at=at)
