"""The `proofs/` of a bundle: the ledger's entries with their proofs, tokens, roots, keys, the receipt."""

from collections.abc import Iterator
from typing import Any

from evidence import authorities, ledger, signing
from evidence import holdfast_verify as verifier
from evidence.ledger import rfc3339
from evidence.models import Checkpoint

from .. import receipts
from .papers import Papers

LATEST_CHECKPOINTS = 64  # from each of them on the bundle proves that the ledger was only added to


def files(papers: Papers) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of each proof, except the signed export."""
    yield (
        "proofs/ledger.json",
        verifier.canonical(ledger.proofs(papers.rows, papers.checkpoint, _earlier_sizes(papers))),
    )
    yield "proofs/checkpoint", papers.checkpoint.note.encode()
    yield "proofs/ledger.vkey", f"{signing.vkey()}\n".encode()
    yield "proofs/receipt.json", bytes(papers.case.receipt)
    for authority in authorities.configured():
        yield f"proofs/authorities/{verifier.file_label(authority.name)}.pem", authority.root
    for one in papers.attached:
        for token in one.kept_tokens():
            stem = f"proofs/timestamps/{one.exhibit.stem}.{verifier.file_label(token.authority)}"
            yield f"{stem}.tsq", bytes(token.query)
            yield f"{stem}.tsr", bytes(token.response)


def _earlier_sizes(papers: Papers) -> set[int]:
    """Sizes that somebody may hold a paper of: the receipt's, earlier exports', the latest checkpoints'."""
    size = papers.checkpoint.size
    sizes = set(
        Checkpoint.objects.filter(size__lt=size)
        .order_by("-size")
        .values_list("size", flat=True)[:LATEST_CHECKPOINTS]
    )
    sizes.add(receipts.filed_at_size(papers.case))
    sizes |= {entry.data["ledger_size"] for entry in papers.entries if entry.kind == "bundle.exported"}
    return {one for one in sizes if 0 < one < size}


def export(papers: Papers, manifest: str) -> bytes:
    """The signed export over the SHA-256 of the tag manifest, and so over every file."""
    return signing.sign(
        {
            "format": "holdfast-export/1",
            "reference": papers.case.reference,
            "case": papers.case.thread,
            "manifest": manifest,
            "ledger_size": papers.checkpoint.size,
            "audience": papers.audience,
            "made_at": rfc3339(papers.made_at),
            "withheld": papers.withheld,
            "authorities": listed_authorities(),
        }
    )


def listed_authorities() -> list[dict[str, Any]]:
    return [
        {"name": authority.name, "root_sha256": authority.root_sha256, "local_clock": authority.is_local_clock}
        for authority in authorities.configured()
    ]
