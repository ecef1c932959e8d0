"""The `proofs/` folder of a bundle: ledger entries with their proofs, tokens, roots, keys and the receipt."""

from collections.abc import Iterator

from complaints.filing import receipts
from complaints.models import event_kinds
from evidence import holdfast_verify as verifier
from evidence import ledger
from evidence.ledger import checkpoints, rfc3339, signing
from evidence.models import Checkpoint, CheckpointToken, Token
from evidence.timestamps import authorities

from .papers import Papers

LATEST_CHECKPOINTS = 64  # the bundle proves that the ledger extends each of them


def files(papers: Papers) -> Iterator[tuple[str, bytes]]:
    """The name and bytes of each proof except the signed export."""
    proved = ledger.proofs(papers.rows, papers.checkpoint, _earlier_sizes(papers), papers.cosigned)
    yield "proofs/ledger.json", verifier.canonical(proved)
    yield "proofs/checkpoint", proved["checkpoint"].encode()
    yield "proofs/ledger.vkey", f"{signing.vkey()}\n".encode()
    if "receipt" not in papers.withheld:
        yield "proofs/receipt.json", bytes(papers.case.receipt)
    yield from _roots(papers)
    for one in papers.attached:
        for token in one.kept_tokens:
            label = verifier.file_label(token.authority)
            yield from _token(f"proofs/timestamps/{one.exhibit.stem}.{label}", token)
    for anchor in papers.anchors:
        stem = f"proofs/anchors/{_anchor_label(anchor)}"
        yield f"{stem}.note", anchor.checkpoint.note.encode()
        yield from _token(stem, anchor)


def _roots(papers: Papers) -> Iterator[tuple[str, bytes]]:
    """For each authority one file with the roots against which its tokens were verified."""
    pems: dict[str, list[str]] = {}
    for root in papers.roots:
        pems.setdefault(verifier.file_label(root.authority), []).append(authorities.certificate_alone(root))
    for label, found in pems.items():
        yield f"proofs/authorities/{label}.pem", "".join(found).encode()


def _token(stem: str, token: Token) -> Iterator[tuple[str, bytes]]:
    yield f"{stem}.tsq", bytes(token.query)
    yield f"{stem}.tsr", bytes(token.response)


def _anchor_label(anchor: CheckpointToken) -> str:
    """Size, authority and time, because an authority may stamp the same checkpoint again."""
    return f"{anchor.checkpoint_id}.{verifier.file_label(anchor.authority)}.{anchor.gen_time:%Y%m%dT%H%M%SZ}"


def _earlier_sizes(papers: Papers) -> set[int]:
    """Ledger sizes of papers that people may have: receipts, earlier exports, the latest checkpoints."""
    size = papers.checkpoint.size
    sizes = set(
        Checkpoint.objects.filter(size__lt=size)
        .order_by("-size")
        .values_list("size", flat=True)[:LATEST_CHECKPOINTS]
    )
    sizes |= checkpoints.sizes_given(papers.case.thread, below=size)
    sizes |= {receipts.filed_at_size(papers.case), *(anchor.checkpoint_id for anchor in papers.anchors)}
    sizes |= {entry.data["ledger_size"] for entry in papers.entries if entry.kind == event_kinds.BUNDLE_EXPORTED}
    return {one for one in sizes if 0 < one < size}


def export(papers: Papers, manifest: str) -> bytes:
    """The signed export over the SHA-256 of the tag manifest, and so over every file."""
    less = {"masked": papers.masked, "left_out": papers.left_out}
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
            **{name: root for name, root in less.items() if root},
            "authorities": authorities.described(papers.roots),
        }
    )
