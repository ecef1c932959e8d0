"""Real tokens from the built-in authority, and every kind of answer that must not be kept."""

import hashlib
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from django.utils import timezone

from evidence.models import AuthorityState
from evidence.timestamps import authorities, builtin, timestamping
from evidence.timestamps.authorities import Authority
from evidence.timestamps.timestamping import NotStamped, Verified
from tests.support import stamps

DIGEST = hashlib.sha256(b"what was filed").digest()
NONCE = 4217


def local() -> Authority:
    return authorities.configured()[0]


def verify(response: bytes, digest: bytes = DIGEST, nonce: int = NONCE, **changes: Any) -> Verified:
    named = changes.get("authority", local())
    query = timestamping.request(DIGEST, nonce, named.policy)
    now = changes.get("now", datetime.now(UTC))
    return timestamping.verify(response, query, digest, authority=named, now=now)


def answered() -> bytes:
    return builtin.issue(timestamping.request(DIGEST, NONCE))


def test_a_token_over_our_digest_with_our_nonce_is_kept(db: None) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    stamp = timestamping.stamp(local(), DIGEST)
    assert before <= stamp.gen_time <= datetime.now(UTC)
    assert tsp.TimeStampReq.load(stamp.query)["message_imprint"]["hashed_message"].native == DIGEST


def test_openssl_accepts_the_token_with_its_query_and_root(db: None, tmp_path: Path) -> None:
    stamp = timestamping.stamp(local(), DIGEST)
    for name, content in (("q.tsq", stamp.query), ("r.tsr", stamp.response), ("root.pem", local().root)):
        (tmp_path / name).write_bytes(content)
    for source in (["-queryfile", "q.tsq"], ["-digest", DIGEST.hex()]):
        command = ["openssl", "ts", "-verify", *source, "-in", "r.tsr", "-CAfile", "root.pem"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "Verification: OK" in done.stdout + done.stderr


def test_the_demo_authority_says_in_its_certificate_that_it_proves_nothing() -> None:
    root = x509.load_pem_x509_certificate(local().root)
    assert "proves nothing against the operator" in root.subject.rfc4514_string()
    assert local().is_local_clock


def test_the_key_of_the_demo_authority_is_for_its_owner_alone() -> None:
    assert (builtin._folder() / "signer.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "reason",
    ["another digest", "another nonce", "hours ago", "hours ahead"],
)
def test_a_token_for_something_else_is_refused(reason: str) -> None:
    token = answered()
    with pytest.raises(NotStamped):
        {
            "another digest": lambda: verify(token, digest=hashlib.sha256(b"other").digest()),
            "another nonce": lambda: verify(token, nonce=NONCE + 1),
            "hours ago": lambda: verify(token, now=datetime.now(UTC) + timedelta(hours=3)),
            "hours ahead": lambda: verify(token, now=datetime.now(UTC) - timedelta(hours=3)),
        }[reason]()


def of_an_authority_that_ends(ends: timedelta) -> tuple[stamps.Authority, Authority]:
    """A server's authority whose certificate ends so long from now, and the same as the settings name it."""
    made = stamps.Authority(ends=datetime.now(UTC).replace(microsecond=0) + ends)
    return made, Authority("test", "", made.root.public_bytes(serialization.Encoding.PEM))


@pytest.mark.parametrize(("ends", "kept"), [(timedelta(minutes=-1), False), (timedelta(hours=1), True)])
def test_a_token_that_its_certificate_did_not_live_to_see_is_not_kept(
    db: None, ends: timedelta, *, kept: bool
) -> None:
    made, named = of_an_authority_that_ends(ends)
    with a_server(lambda handler: answer_now(made, handler)) as url:
        asked = replace(named, url=url)
        with nullcontext() if kept else pytest.raises(NotStamped, match="certificate"):
            timestamping.stamp(asked, DIGEST)


def test_a_token_under_another_root_is_refused(tmp_path: Path, settings: Any) -> None:
    token = answered()
    settings.DATA_DIR = tmp_path
    stranger = Authority(name="stranger", url="builtin:", root=builtin.root_pem())
    with pytest.raises(NotStamped):
        verify(token, authority=stranger)


def test_a_token_of_another_policy_is_refused() -> None:
    strict = Authority(name="strict", url="builtin:", root=local().root, policy="1.2.3.4")
    with pytest.raises(NotStamped):
        verify(answered(), authority=strict)
    assert verify(answered(), authority=Authority("same", "builtin:", local().root, builtin.POLICY))


@pytest.mark.parametrize("cut", [0, 1, 40, 200, -1])
def test_a_cut_answer_is_refused(cut: int) -> None:
    with pytest.raises(NotStamped):
        verify(answered()[:cut])


def test_any_flipped_bit_of_the_answer_is_refused_or_changes_nothing_that_is_signed() -> None:
    token = answered()
    outlived = 0
    for at in range(0, len(token), 7):
        flipped = bytearray(token)
        flipped[at] ^= 1
        try:
            verify(bytes(flipped))
        except NotStamped:
            continue
        outlived += 1  # e.g. a bit of the root's name in an unsigned field
    assert outlived <= len(token) // 7 * 0.02


@contextmanager
def a_server(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer(self)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsa"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def honest(handler: BaseHTTPRequestHandler) -> None:
    query = handler.rfile.read(int(handler.headers["Content-Length"]))
    assert handler.headers["Content-Type"] == "application/timestamp-query"
    body = builtin.issue(query)
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def answer_now(made: stamps.Authority, handler: BaseHTTPRequestHandler) -> None:
    asked = tsp.TimeStampReq.load(handler.rfile.read(int(handler.headers["Content-Length"])))
    now = datetime.now(UTC).replace(microsecond=0)
    body = made.answer(DIGEST, nonce=asked["nonce"].native, gen_time=now)
    handler.send_response(200)
    handler.end_headers()
    handler.wfile.write(body)


def failing(handler: BaseHTTPRequestHandler) -> None:
    handler.send_error(503)


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(bytes(65536))


def dripping(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(600):
        handler.wfile.write(b".")
        handler.wfile.flush()
        time.sleep(0.1)


def test_an_authority_on_the_network_is_asked_by_http(db: None) -> None:
    with a_server(honest) as url:
        stamp = timestamping.stamp(Authority("remote", url, local().root), DIGEST)
    assert not Authority("remote", url, local().root).is_local_clock
    assert verify(stamp.response, nonce=tsp.TimeStampReq.load(stamp.query)["nonce"].native)


@pytest.mark.parametrize(("answer", "is_cut_off"), [(failing, False), (endless, False), (dripping, True)])
def test_a_bad_server_costs_bounded_time_and_memory(
    db: None,
    answer: Callable[[BaseHTTPRequestHandler], None],
    is_cut_off: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What drips for a minute is cut off long before its end."""
    monkeypatch.setattr(timestamping, "TIMEOUT", 1.5)
    came_to_its_end = []

    def to_its_end(handler: BaseHTTPRequestHandler) -> None:
        answer(handler)
        came_to_its_end.append(True)

    with a_server(partial(_ignoring_broken_pipes, to_its_end)) as url, pytest.raises(NotStamped):
        timestamping.stamp(Authority("bad", url, local().root), DIGEST)
    assert not (is_cut_off and came_to_its_end)


def test_an_endless_answer_is_read_no_further_than_the_longest_that_there_is(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the two systems' buffers hold is sent besides: less than 60 MiB."""
    monkeypatch.setattr(timestamping, "TIMEOUT", 100)  # so that it is not the time that ends it
    sent = 0

    def send_without_end(handler: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        handler.send_response(200)
        handler.end_headers()
        while sent < 256 << 20:
            sent += handler.wfile.write(bytes(1 << 20))

    without_end = partial(_ignoring_broken_pipes, send_without_end)
    with a_server(without_end) as url, pytest.raises(NotStamped, match="too long"):
        timestamping.stamp(Authority("bad", url, local().root), DIGEST)
    assert sent < timestamping.MAX_RESPONSE + (60 << 20)


def _ignoring_broken_pipes(
    answer: Callable[[BaseHTTPRequestHandler], None], handler: BaseHTTPRequestHandler
) -> None:
    try:
        answer(handler)
    except (BrokenPipeError, ConnectionResetError):
        handler.close_connection = True


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "file:///etc/passwd", "ftp://127.0.0.1/"])
def test_an_authority_that_is_not_there_is_waited_for(db: None, url: str) -> None:
    with pytest.raises(NotStamped):
        timestamping.stamp(Authority("gone", url, local().root), DIGEST)


def test_an_authority_that_fails_is_left_alone_longer_each_time_and_asked_as_usual_once_it_answers(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, now = Authority("gone", "http://127.0.0.1:9/", local().root), timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    rests = []
    for _ in range(12):
        with pytest.raises(NotStamped, match="does not answer"):
            timestamping.stamp(gone, DIGEST)
        with pytest.raises(NotStamped, match="left alone"):
            timestamping.stamp(gone, DIGEST)
        state = AuthorityState.objects.get(name="gone")
        assert state.rests_until
        rests.append((state.rests_until - now).total_seconds())
        AuthorityState.objects.update(rests_until=now)
    assert rests[:4] == [10, 20, 40, 80]
    assert rests[-1] == 3600
    with a_server(honest) as url:
        timestamping.stamp(Authority("gone", url, local().root), DIGEST)
    assert AuthorityState.objects.get(name="gone").failures == 0


def test_a_pinned_root_is_known_by_the_digest_of_its_der() -> None:
    der = x509.load_pem_x509_certificate(local().root).public_bytes(serialization.Encoding.DER)
    assert local().root_sha256 == hashlib.sha256(der).hexdigest()
    assert asn1_x509.Certificate.load(der).sha256.hex() == local().root_sha256
