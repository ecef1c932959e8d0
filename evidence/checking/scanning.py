"""The malware scan: a small client for INSTREAM of clamd(8). Without CLAMD_URL nothing is scanned."""

import logging
import re
import socket
import struct
import time
from collections.abc import Iterable
from contextlib import closing
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from evidence import ledger
from evidence.ledger import Actor, custody, kinds
from evidence.models import EvidenceItem, Scan
from evidence.storage import vault

log = logging.getLogger(__name__)

CONNECT_SECONDS, ANSWER_SECONDS = 5, 120
LONGEST_ANSWER = 4096  # bytes


class NotScanned(Exception):
    """The scanner gave no answer or one that is not understood. The item is scanned later."""


class TooLarge(Exception):
    """The bytes exceed the scanner's StreamMaxLength."""


def is_set_up() -> bool:
    return bool(settings.CLAMD_URL)


def scan(item: EvidenceItem) -> Scan | None:
    """Scan the stored bytes and save the result. None when there is no scanner, or no result yet."""
    if not is_set_up():
        return None
    try:
        engine, state, found = _scan_bytes(item)
    except (NotScanned, vault.Missing, vault.Altered) as error:
        log.warning("item %s is not scanned yet: %s", item.pk, error)
        return None
    return _record(item, Scan(item=item, state=state, found=found, engine=engine, scanned_at=timezone.now()))


def _scan_bytes(item: EvidenceItem) -> tuple[str, Scan.State, str]:
    engine = version()
    try:
        found = instream(vault.read(item.pk))
    except TooLarge:
        return engine, Scan.State.TOO_LARGE, ""
    return engine, (Scan.State.INFECTED if found else Scan.State.CLEAN), found


@transaction.atomic
def _record(item: EvidenceItem, scan: Scan) -> Scan:
    """Save the scan, unless the item has one already. Malware is also recorded on the ledger."""
    EvidenceItem.objects.select_for_update().get(pk=item.pk)
    if existing := Scan.objects.filter(item=item).first():
        return existing
    scan.save()
    if scan.state == Scan.State.INFECTED:
        log.warning("item %s is in quarantine: %s", item.pk, scan.found)
        custody.record(item, kinds.EVIDENCE_QUARANTINED, by=ledger.SYSTEM, found=scan.found)
    return scan


@transaction.atomic
def release(item: EvidenceItem, *, by: Actor, reason: str) -> None:
    """Take an item out of quarantine and record who decided it, and why. Does nothing for other items."""
    if Scan.objects.filter(item=item, state="infected", released_at=None).update(released_at=timezone.now()):
        custody.record(item, kinds.EVIDENCE_RELEASED, by=by, reason=reason)


def instream(chunks: Iterable[bytes]) -> str:
    """The name of the malware that clamd finds in the bytes, or "". Raises TooLarge or NotScanned."""
    with closing(_connect()) as connection:
        try:
            connection.sendall(b"zINSTREAM\0")
            for chunk in chunks:
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
            connection.sendall(struct.pack("!I", 0))
        except OSError as error:
            # clamd closed early, because the file is too large or its answer is ready: the answer is still there
            log.info("the scanner stopped listening: %s", error)
        return parse_answer(_read_answer(connection))


def parse_answer(answer: str) -> str:
    """ "" for `stream: OK`, NAME for `stream: NAME FOUND`. Raises TooLarge, or NotScanned for any other answer."""
    if answer == "stream: OK":
        return ""
    if match := re.fullmatch(r"stream: (\S.{0,199}) FOUND", answer):
        return match[1]
    if "size limit exceeded" in answer:
        raise TooLarge
    raise NotScanned(f"the scanner said {answer[:100]!r}")


def version() -> str:
    """clamd's engine and signature database, in its own words. Raises NotScanned."""
    with closing(_connect()) as connection:
        try:
            connection.sendall(b"zVERSION\0")
        except OSError as error:
            raise NotScanned(str(error)) from None
        return "".join(sign for sign in _read_answer(connection) if sign.isprintable())[:200]


def _read_answer(connection: socket.socket) -> str:
    found, deadline = b"", time.monotonic() + ANSWER_SECONDS
    try:
        while not found.endswith(b"\0") and len(found) < LONGEST_ANSWER:
            connection.settimeout(max(0.001, deadline - time.monotonic()))
            if not (more := connection.recv(LONGEST_ANSWER)):
                break
            found += more
    except OSError as error:
        raise NotScanned(f"no answer: {error}") from None
    if not found.endswith(b"\0"):
        raise NotScanned("the answer has no end")
    return found[:-1].decode("utf-8", "replace").strip()


def _connect() -> socket.socket:
    """A connection to CLAMD_URL, `tcp://host:port` or `unix:///path`. Raises NotScanned."""
    url = urlsplit(settings.CLAMD_URL)
    try:
        if url.scheme == "unix":
            connection = _connect_unix(url.path)
        else:
            connection = socket.create_connection((url.hostname, url.port or 3310), CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise NotScanned(f"the scanner does not answer: {error}") from None
    connection.settimeout(ANSWER_SECONDS)
    return connection


def _connect_unix(path: str) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(CONNECT_SECONDS)
    try:
        connection.connect(path)
    except BaseException:
        connection.close()
        raise
    return connection
