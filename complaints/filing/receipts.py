"""Receipts: signed lists of what was filed and when, with ledger proofs. They never contain the access code."""

import base64
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from complaints.cases import readers
from complaints.models import Case, Exhibit, event_kinds
from evidence import holdfast_verify as verifier
from evidence import ledger
from evidence.ledger import checkpoints, kinds, signing
from evidence.models import CheckpointToken, LedgerEntry
from evidence.timestamps import anchoring, authorities
from evidence.witnesses import cosignatures

FORMAT = "holdfast-receipt/1"
PROVED = (*verifier.DOCUMENTS, kinds.EVIDENCE_RECEIVED, kinds.EVIDENCE_SEALED)  # of entries in receipts


def issue(case: Case, exhibits: Sequence[Exhibit], entries: Sequence[ledger.Entry]) -> bytes:
    """The first receipt.json: the entries with proofs under the current checkpoint. Runs in the caller's
    transaction."""
    proof = {
        "authorities": authorities.described(authorities.roots(kept=[])),
        "ledger": ledger.proofs(entries, checkpoints.current()),
    }
    return _signed(case, exhibits, entries, proof)


def extended(case: Case) -> bytes:
    """A current receipt: the entries of the case that it proves, under the newest checkpoint, with files added
    since and the papers that the borrower may see, timestamps, anchors of the ledger, checkpoints that witnesses
    cosigned, and proofs that the ledger extends that of each earlier receipt and bundle."""
    exhibits = list(case.exhibits.select_related("item").prefetch_related("item__tokens__root"))
    history = list(LedgerEntry.objects.filter(thread=case.thread).order_by("seq"))
    seen = {entry.place for entry in readers.entries_for([row.opened() for row in history], "borrower")}
    entries = [row for row in history if row.kind in PROVED and row.index in seen]
    checkpoint, before = checkpoints.checkpoint_for_paper(case.thread)
    acts = [row.index for row in entries if row.kind in verifier.DATED]
    anchors = anchoring.stamps_covering(acts, checkpoint.size)
    earlier = {filed_at_size(case), *before, *_bundle_sizes(case), *(anchor.checkpoint_id for anchor in anchors)}
    tokens = [token for exhibit in exhibits for token in exhibit.item.tokens.all()]
    proof = {
        "authorities": authorities.described(authorities.roots(token.root for token in (*tokens, *anchors))),
        "anchors": [_anchor(anchor) for anchor in anchors],
        "ledger": ledger.proofs(entries, checkpoint, earlier, cosignatures.notes_over(acts, checkpoint.size)),
        "papers": verifier.papers_of([row.opened() for row in entries]),
    }
    stamped = [anchor.gen_time for anchor in anchors]
    given = checkpoints.given_at(case.thread, checkpoint.size)
    return _signed(case, exhibits, entries, proof, [*stamped, *([given] if given else [])])


def _signed(
    case: Case,
    exhibits: Sequence[Exhibit],
    entries: Sequence[ledger.Entry],
    proof: dict[str, Any],
    after: Sequence[datetime] = (),
) -> bytes:
    """The signed receipt. It is not dated before its newest entry, nor before `after`."""
    filed = ledger.content_of(entries[0])["data"]
    contents = [ledger.content_of(entry)["data"] for entry in entries if entry.kind == kinds.EVIDENCE_SEALED]
    sealed = {str(data["item"]) for data in contents}
    return signing.sign(
        {
            "format": FORMAT,
            "reference": case.reference,
            "case": case.thread,
            "filed_at": ledger.rfc3339(case.filed_at),
            "issued_at": ledger.rfc3339(max([timezone.now(), *after, *(entry.at for entry in entries)])),
            "language": case.language,
            "statement": filed["statement"],
            "reporter": filed["reporter"],
            "files": [_listed(exhibit, str(exhibit.item_id) in sealed) for exhibit in exhibits],
            **proof,
        }
    )


def _anchor(token: CheckpointToken) -> dict[str, str]:
    """A timestamped checkpoint, with the root certificate that its timestamp was verified with."""
    return {
        "authority": token.authority,
        "gen_time": ledger.rfc3339(token.gen_time),
        "note": token.checkpoint.note,
        "query": base64.b64encode(token.query).decode(),
        "response": base64.b64encode(token.response).decode(),
        "root": authorities.certificate_alone(token.root),
    }


def filed_at_size(case: Case) -> int:
    """The ledger's size in the checkpoint of the case's first receipt."""
    note: str = json.loads(bytes(case.receipt))["ledger"]["checkpoint"]
    return verifier.parse_note(note).size


def _bundle_sizes(case: Case) -> set[int]:
    """The ledger's sizes in the latest bundles of the case."""
    rows = LedgerEntry.objects.filter(thread=case.thread, kind=event_kinds.BUNDLE_EXPORTED).order_by("-seq")
    return {row.opened().data["ledger_size"] for row in rows[: checkpoints.MOST_SIZES]}


def _listed(exhibit: Exhibit, is_sealed: bool) -> dict[str, Any]:
    """What a receipt says of a file. Its timestamps are those that the ledger names, in the entry of its seal."""
    item = exhibit.item
    return {
        "exhibit": exhibit.label,
        "item": str(item.pk),
        "name": item.name,
        "size": item.size,
        "media_type": item.media_type,
        "sha256": item.sha256,
        "received_at": ledger.rfc3339(item.received_at),
        "timestamps": [
            {
                "authority": token.authority,
                "gen_time": ledger.rfc3339(token.gen_time),
                "sha256": hashlib.sha256(token.response).hexdigest(),
            }
            for token in (item.tokens.all() if is_sealed else [])
        ],
    }
