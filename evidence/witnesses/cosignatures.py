"""Cosignatures: signature lines of witnesses under checkpoints (C2SP tlog-cosignature, version 1).

`cosigned_at` is the only judge of a line, as `holdfast_verify` is of a timestamp. Only lines that pass are stored.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import Prefetch, QuerySet

from evidence import holdfast_verify as verifier
from evidence.models import Checkpoint, Cosignature

LATEST = 7_258_118_400  # the year 2200, in seconds since 1970
NEAR = timedelta(minutes=30)  # of two cosigned checkpoints above an act, the later one will do


@dataclass(frozen=True)
class Witness:
    vkey: str
    url: str  # the submission prefix, without a slash at its end
    name: str
    id: bytes
    public: bytes


class Line(NamedTuple):
    """A valid cosignature: its signature line, with the line end, and its time by the witness's clock."""

    text: str
    at: datetime


def witness_of(vkey: str, url: str) -> Witness:
    """Raises Broken unless `vkey` is a verifier key for cosignatures (type 0x04)."""
    fields = vkey.split("+", 2)
    verifier.ensure(len(fields) == 3 and verifier.KEY_NAME.fullmatch(fields[0]), "a witness's key is malformed")
    data = verifier.unbase64(fields[2], "a witness's key")
    verifier.ensure(len(data) == 33 and data[0] == 4, "a witness's key is not an Ed25519 key")
    verifier.ensure(not verifier.is_of_small_order(data[1:]), "a witness's key is of small order")
    key_id = verifier.sha256(f"{fields[0]}\n".encode() + data)[:4]
    verifier.ensure(fields[1] == key_id.hex(), "a witness's key does not fit its own id")
    return Witness(vkey, url.rstrip("/"), fields[0], key_id, data[1:])


def line_in(answer: str, note: str, witness: Witness) -> Line:
    """The witness's line among the signature lines of an answer about a signed note.

    Lines by other keys are ignored. Raises Broken if there is no line of the witness, or one that does not verify.
    """
    own, whole = verifier.parse_note(note), verifier.parse_note(note + answer)
    marks = [mark for name, key_id, mark in whole.signatures if (name, key_id) == (witness.name, witness.id)]
    verifier.ensure(whole.body == own.body and marks, "there is no line of the witness")
    for mark in marks:
        time = int.from_bytes(mark[:8], "big")
        message = f"cosignature/v1\ntime {time}\n{own.body}".encode()
        good = time < LATEST and verifier.ed25519_verifies(witness.public, message, mark[8:])
        verifier.ensure(good, "the signature of the witness is wrong")
    encoded = base64.b64encode(witness.id + marks[0]).decode()
    at = datetime.fromtimestamp(int.from_bytes(marks[0][:8], "big"), UTC)
    return Line(f"— {witness.name} {encoded}\n", at)


def notes_over(indexes: Iterable[int], size: int, kept_by: datetime | None = None) -> dict[int, str]:
    """Checkpoints of at most `size` entries that witnesses cosigned: size -> note with all lines.

    They are, of each witness, its newest, and one above each of the entries at these indexes, cosigned within NEAR
    of the first above it. With `kept_by`, only lines that were stored by that time count.
    """
    lines = Cosignature.objects.filter(checkpoint_id__lte=size)
    if kept_by:
        lines = lines.filter(kept_at__lte=kept_by)
    wanted, by_each = sorted(indexes), set(lines.order_by().values_list("vkey", flat=True).distinct())
    sizes = {size for vkey in by_each for size in _chosen(lines.filter(vkey=vkey), wanted)}
    rows = Checkpoint.objects.filter(size__in=sizes).prefetch_related(Prefetch("cosignatures", queryset=lines))
    return {row.size: row.cosigned for row in rows.order_by("size")}


def _chosen(lines: QuerySet[Cosignature], wanted: list[int]) -> set[int]:
    """The sizes of one witness's newest checkpoint, and of those that date the entries `wanted`."""
    lines = lines.order_by("checkpoint_id")
    newest, size = lines.last(), 0
    found = {newest.checkpoint_id} if newest else set()
    for index in wanted:
        if size > index:
            continue
        first = lines.filter(checkpoint_id__gt=index).first()
        if first is None:
            break
        near = lines.filter(checkpoint_id__gt=index, at__lte=first.at + NEAR).last() or first
        size = near.checkpoint_id
        found.add(size)
    return found
