"""Cosignatures: signature lines of witnesses under checkpoints (C2SP tlog-cosignature, version 1).

`holdfast_verify.cosigned_at` is the only judge of a line. Only lines that pass are stored.
"""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import Prefetch, QuerySet

from evidence import holdfast_verify as verifier
from evidence.models import Checkpoint, Cosignature

NEAR = timedelta(minutes=30)  # of two cosigned checkpoints above an act, the later one will do


@dataclass(frozen=True)
class Witness:
    vkey: str
    url: str  # the submission prefix, without a slash at its end
    key: verifier.Key

    @property
    def name(self) -> str:
        return self.key.name


class Line(NamedTuple):
    """A valid cosignature: its signature line, with the line end, and its time by the witness's clock."""

    text: str
    at: datetime


def witness_of(vkey: str, url: str) -> Witness:
    """Raises Broken unless `vkey` is a verifier key for cosignatures (type 0x04)."""
    return Witness(vkey, url.rstrip("/"), verifier.parse_vkey(vkey, "a witness's key", verifier.COSIGNATURE))


def line_in(answer: str, note: str, witness: Witness) -> Line:
    """The witness's line among the signature lines of an answer about a signed note.

    Lines by other keys are ignored. Raises Broken if there is no line of the witness, or one that does not verify.
    """
    whole, key = verifier.parse_note(note + answer), witness.key
    time = verifier.cosigned_at(whole, [key]).get(key)
    verifier.ensure(time and whole.body == verifier.parse_note(note).body, "there is no line of the witness")
    marks = [mark for name, key_id, mark in whole.signatures if (name, key_id) == (key.name, key.id)]
    first = min(marks)  # it begins with the time
    text = f"— {key.name} {base64.b64encode(key.id + first).decode()}\n"
    return Line(text, datetime.fromtimestamp(int.from_bytes(first[:8], "big"), UTC))


def notes_over(indexes: Iterable[int], size: int, kept_by: datetime | None = None) -> dict[int, str]:
    """Checkpoints of at most `size` entries that witnesses cosigned: size -> note with all lines.

    They are, of each witness, its newest, and one above each of the entries at these indexes, cosigned within NEAR
    of the first above it; of more than MOST_WITNESSED the newest. With `kept_by`, only lines that were stored by
    that time count.
    """
    lines = Cosignature.objects.filter(checkpoint_id__lte=size)
    if kept_by:
        lines = lines.filter(kept_at__lte=kept_by)
    wanted, by_each = sorted(indexes), set(lines.order_by().values_list("vkey", flat=True).distinct())
    chosen = set().union(*(_chosen(lines.filter(vkey=vkey), wanted) for vkey in by_each))
    newest = sorted(chosen)[-verifier.MOST_WITNESSED :]
    rows = Checkpoint.objects.filter(size__in=newest).prefetch_related(Prefetch("cosignatures", queryset=lines))
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
