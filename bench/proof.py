"""The ledger: appending, proofs at a million entries, sealing."""

import hashlib
import random
import statistics
import time
import uuid
from collections.abc import Iterator
from functools import partial

from django.db import transaction
from django.utils import timezone

from evidence import ledger
from evidence.checking import sealing
from evidence.ledger import checkpoints, custody, entries, merkle
from evidence.models import EvidenceItem, LedgerEntry, LedgerHead, LedgerNode
from evidence.receiving import uploads
from evidence.storage import vault
from evidence.timestamps import builtin, timestamping

from .table import Row, at_most, median_of, ratio_at_most, speed_at_least, timed

BATCH = 2000
MANY = 1_000_000
BIG = 500 * 1024 * 1024  # bytes


def rows() -> Iterator[Row]:
    yield batch_append()
    yield single_append()
    yield proofs_of_a_million()
    yield small_seal()
    yield big_seal()


def events(count: int, thread: str = "case:bench") -> list[ledger.Event]:
    digest = hashlib.sha256(thread.encode()).hexdigest()
    return [
        ledger.Event(
            kind="evidence.received",
            thread=thread,
            subject=f"item:{n}",
            by=ledger.SYSTEM,
            data={"item": f"item:{n}", "sha256": digest, "size": n, "media_type": "audio/amr"},
        )
        for n in range(count)
    ]


def append(some: list[ledger.Event]) -> None:
    with transaction.atomic():
        ledger.append(*some)


@transaction.atomic
def append_quickly(count: int, thread: str) -> None:
    """Append entries that have a hash but no content. For the proof of another entry that is enough."""
    head = LedgerHead.objects.select_for_update().get()
    peaks = [bytes(head.peaks[at : at + 32]) for at in range(0, len(head.peaks), 32)]
    now, leaves, nodes = timezone.now(), [], []
    for seq, index in enumerate(range(head.size, head.size + count), 1):
        salted = hashlib.sha256(b"%d" % index).digest()
        leaves.append(ledger.Leaf(index, uuid.UUID(int=index), now, "bench", thread, seq, "", b"", salted))
        nodes += [(level, place, top) for (level, place), top in merkle.grow(peaks, index, salted)]
    entries._insert(LedgerEntry, entries.COLUMNS, map(entries._row_maker(), leaves))
    entries._insert(LedgerNode, ("level", "position", "hash"), nodes)
    LedgerHead.objects.update(size=head.size + count, peaks=b"".join(peaks))


def batch_append() -> Row:
    """CPU of appending, against CPU of serialising the same entries and hashing them into a tree in memory."""

    def in_memory(some: list[ledger.Event]) -> None:
        peaks: list[bytes] = []
        for index, event in enumerate(some):
            leaf = entries._leaf(event, index, index + 1, "00" * 32)
            for _ in merkle.grow(peaks, index, leaf.leaf_hash):
                pass

    batches = [events(BATCH) for _ in range(8)]
    pure = sum(timed(lambda: in_memory(batch), time.process_time) for batch in batches[:4])  # noqa: B023
    ours = sum(timed(lambda: append(batch), time.process_time) for batch in batches[4:])  # noqa: B023
    return speed_at_least("ledger: append 8,000 entries, CPU", ours, pure, "s", "the same entries in memory", 0.2)


def single_append() -> Row:
    def one() -> None:
        with transaction.atomic():
            ledger.append(*events(1))
            checkpoints.current()

    return at_most("ledger: one entry with its checkpoint, p50", median_of(200, one) * 1000, "ms", 5)


def proofs_of_a_million() -> Row:
    size = LedgerHead.objects.get().size
    pick = random.Random(4217)  # noqa: S311 (which entries to prove)
    few = median_of(300, lambda: ledger.inclusion_proof(pick.randrange(1000), 1000))
    for start in range(size, MANY, 50_000):
        append_quickly(min(50_000, MANY - start), f"case:{start}")
    many = median_of(300, lambda: ledger.inclusion_proof(pick.randrange(MANY), MANY))
    return ratio_at_most(
        "ledger: inclusion proof at 1,000,000 entries", many * 1000, few * 1000, "ms", "one at 1,000", 2
    )


def small_seal() -> Row:
    """CPU of sealing a small item, without the work of the timestamp authority."""
    items = [admitted([b"%PDF-1.4\n" + bytes([n]) * 5000]) for n in range(51)]
    authority = min(timed(lambda: builtin.issue(timestamping.request(bytes(32), 1))) for _ in range(20))
    sealing.seal(items.pop())
    began = time.process_time()
    for item in items:
        sealing.seal(item)
    each = (time.process_time() - began) / len(items) - authority
    return at_most("seal: a small item, CPU beside the authority", each * 1000, "ms", 15)


def big_seal() -> Row:
    block = random.Random(1).randbytes(1 << 20)  # noqa: S311
    items = [admitted([b"RIFF\xff\xff\xff\xffWAVE", *[block] * ((BIG >> 20) - 1)]) for _ in range(3)]

    def read_back(item: EvidenceItem) -> None:
        sha256 = hashlib.sha256()
        for part in vault.read(item.pk):
            sha256.update(part)

    read_back(items[0])
    pairs = [(timed(partial(sealing.seal, item)), timed(partial(read_back, item))) for item in items]
    ours, floor = (statistics.median(times) for times in zip(*pairs, strict=True))
    return speed_at_least("seal: an item of 500 MB", ours, floor, "s", "reading and hashing it", 0.8)


def admitted(chunks: list[bytes]) -> EvidenceItem:
    item = uploads.receive("bench.pdf", chunks)
    with transaction.atomic():
        ledger.append(*custody.admit([item], thread="case:bench"))
    return item
