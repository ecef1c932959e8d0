"""The append-only ledger. This package exports the names of `entries` that other packages use."""

from .entries import (
    BORROWER,
    SYSTEM,
    Actor,
    Entry,
    Event,
    Leaf,
    append,
    consistency_proof,
    content_of,
    history,
    inclusion_proof,
    now,
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
    "content_of",
    "history",
    "inclusion_proof",
    "now",
    "proofs",
    "rfc3339",
]
