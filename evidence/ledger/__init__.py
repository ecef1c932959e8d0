"""The append-only ledger, for everybody who records or reads: what `entries` hands on by name."""

from .entries import (
    BORROWER,
    SYSTEM,
    Actor,
    Entry,
    Event,
    Leaf,
    append,
    consistency_proof,
    history,
    inclusion_proof,
    opened,
    proofs,
    rfc3339,
)

__all__ = [
    "BORROWER",
    "SYSTEM",
    "Actor",
    "Entry",
    "Event",
    "Leaf",
    "append",
    "consistency_proof",
    "history",
    "inclusion_proof",
    "opened",
    "proofs",
    "rfc3339",
]
