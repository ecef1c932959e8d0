"""Computes the ledger's tree without its stored nodes."""

from evidence.ledger import merkle
from evidence.models import LedgerEntry


def root_at(size: int) -> bytes:
    """The root of the first `size` leaves, computed from the leaves alone."""
    peaks: list[bytes] = []
    leaves = LedgerEntry.objects.filter(index__lt=size).order_by("index").values_list("leaf_hash", flat=True)
    for index, leaf in enumerate(leaves):
        list(merkle.grow(peaks, index, bytes(leaf)))
    return merkle.fold(peaks)
