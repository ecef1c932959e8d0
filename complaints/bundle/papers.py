"""All that one export says of a case, read once at one size of the ledger.

What is in the case, and in what state, follows from the ledger's entries below that size alone: the same
export made again later says the same, to the byte.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from evidence import holdfast_verify as verifier
from evidence.ledger import rfc3339
from evidence.models import Checkpoint, EvidenceItem, LedgerEntry, TimestampToken

from ..models import Case, Complaint, Finding, Message, Reporter

WITHHELD: dict[str, tuple[str, ...]] = {  # for whom the bundle is -> documents left out of it
    "borrower": (),
    "office": (),
    "legal_aid": (),
    "regulator": ("reporter",),
}


@dataclass(frozen=True)
class Attached:
    """An exhibit with its item's row, and the entry that sealed it if one did."""

    exhibit: verifier.Exhibit
    item: EvidenceItem
    name: str
    description: str
    seal: verifier.Entry | None

    @property
    def file(self) -> str:
        """Its place in the bag's payload."""
        return f"originals/{self.exhibit.stem}.{self.item.extension}"

    @property
    def tokens(self) -> list[dict[str, str]]:
        """The tokens as the ledger lists them."""
        return self.seal.data["tokens"] if self.seal else []

    def kept_tokens(self) -> Iterable[TimestampToken]:
        """The rows of the tokens that the ledger lists."""
        wanted = [token["authority"] for token in self.tokens]
        return self.item.tokens.filter(authority__in=wanted).order_by("authority")


@dataclass(frozen=True)
class Papers:
    case: Case
    audience: str
    checkpoint: Checkpoint
    rows: list[LedgerEntry]

    @property
    def made_at(self) -> datetime:
        """When the ledger was signed at this size, so that making it again gives the same."""
        return self.checkpoint.signed_at

    @cached_property
    def entries(self) -> list[verifier.Entry]:
        return [verifier.open_entry(row.index, bytes(row.body).decode()) for row in self.rows]

    @cached_property
    def exhibits(self) -> dict[str, verifier.Exhibit]:
        return verifier.exhibits_of(self.entries)

    @property
    def withheld(self) -> list[str]:
        return list(WITHHELD[self.audience])

    @cached_property
    def documents(self) -> dict[str, bytes]:
        """Name ("statement", "finding-1") -> the frozen document, without what is withheld."""
        kept = {
            row.sha256: bytes(row.document)
            for model in (Complaint, Reporter, Finding, Message)
            for row in model._default_manager.filter(case=self.case)
        }
        known = verifier.documents_of(self.entries).items()
        return {name: kept[digest] for name, digest in known if name not in self.withheld}

    def document(self, name: str) -> dict[str, Any]:
        return verifier.load_json(self.documents[name], name)

    def numbered(self, name: str) -> list[dict[str, Any]]:
        """All findings, or all messages, in order."""
        return [self.document(one) for one in self.documents if one.startswith(name)]

    @cached_property
    def attached(self) -> list[Attached]:
        """The exhibits by number, each with what the borrower called it and said of it."""
        items = EvidenceItem.objects.in_bulk([*self.exhibits])
        rows = {str(row.item_id): row for row in self.case.exhibits.all()}
        seals = {entry.data["item"]: entry for entry in self.entries if entry.kind == "evidence.sealed"}
        said = {one["number"]: one["description"] for one in self.document("statement")["exhibits"]}
        found = [
            Attached(
                exhibit=exhibit,
                item=items[row.item_id],
                name=row.item.name,
                description=said.get(exhibit.number, row.description),
                seal=seals.get(key),
            )
            for key, exhibit in self.exhibits.items()
            if (row := rows.get(key))
        ]
        return sorted(found, key=lambda one: one.exhibit.number)

    @property
    def lost(self) -> list[str]:
        """Exhibits of the ledger that the portal's own tables no longer know."""
        known = {one.exhibit.label for one in self.attached}
        return sorted(exhibit.label for exhibit in self.exhibits.values() if exhibit.label not in known)

    @property
    def state(self) -> str:
        return [verifier.STATES[entry.kind] for entry in self.entries if entry.kind in verifier.STATES][-1]

    def custody(self) -> bytes:
        return verifier.custody_table(self.entries, self.exhibits)

    def case_json(self) -> bytes:
        """case.json: everything a program wants to read, repeated from documents and ledger."""
        return verifier.canonical(
            {
                "format": "holdfast-case/1",
                "reference": self.case.reference,
                "case": self.case.thread,
                "state": self.state,
                "made_at": rfc3339(self.made_at),
                "ledger_size": self.checkpoint.size,
                "audience": self.audience,
                "statement": self.document("statement"),
                "reporter": self.document("reporter") if "reporter" in self.documents else None,
                "exhibits": [_told(one) for one in self.attached],
                "findings": self.numbered("finding"),
                "messages": self.numbered("message"),
            }
        )


def _told(one: Attached) -> dict[str, Any]:
    exhibit = one.exhibit
    return {
        "exhibit": exhibit.label,
        "item": exhibit.item,
        "file": one.file,
        "name": one.name,
        "description": one.description,
        "size": exhibit.size,
        "media_type": exhibit.media_type,
        "sha256": exhibit.sha256,
        "received_at": exhibit.received_at,
        "sealed_at": one.seal.content["at"] if one.seal else "",
        "timestamps": one.tokens,
    }


def read(case: Case, *, audience: str, checkpoint: Checkpoint) -> Papers:
    """The case's papers as the ledger knew them at the checkpoint."""
    if audience not in WITHHELD:
        raise ValueError(f"no bundle is made for “{audience}”")
    rows = LedgerEntry.objects.filter(thread=case.thread, index__lt=checkpoint.size).order_by("seq")
    return Papers(case=case, audience=audience, checkpoint=checkpoint, rows=list(rows))
