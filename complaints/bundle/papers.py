"""All that one export says of a case, read once at one size of the ledger.

What is in the case, and in what state, follows from the ledger's entries below that size alone: the same
export made again later says the same, to the byte.
"""

import hashlib
import zlib
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from evidence import anchoring, authorities, vault
from evidence import holdfast_verify as verifier
from evidence.ledger import rfc3339
from evidence.models import (
    Checkpoint,
    CheckpointToken,
    Derivative,
    EvidenceItem,
    LedgerEntry,
    PinnedRoot,
    TimestampToken,
)

from ..models import (
    Case,
    Complaint,
    Enquiry,
    EnquiryAnswer,
    Exhibit,
    Finding,
    FormerReporter,
    Message,
    Proposal,
    Referral,
    Reporter,
    Retaliation,
    Review,
    Undertaking,
    Withdrawal,
)

FROZEN = (
    *(Complaint, Reporter, FormerReporter, Finding, Message, Review, Retaliation, Withdrawal),
    *(Enquiry, EnquiryAnswer, Proposal, Undertaking, Referral),
)
# For whom the bundle is -> documents left out of it. Measures may name staff, and a proposal is no finding yet:
# the borrower and their lawyer get what was found, what was promised and to whom the case was referred.
WITHHELD: dict[str, tuple[str, ...]] = {
    "borrower": ("proposal", "measure"),
    "office": (),
    "legal_aid": ("proposal", "measure"),
    "regulator": ("reporter", "proposal"),
}
BY_CONSENT = {"legal_aid": ("reporter",)}  # left out unless the borrower's consent stands
# Copies that help who reads the case, by the ending of their files; never called evidence.
COPIES: dict[str, str] = {
    Derivative.Kind.SOUND: "m4a",
    Derivative.Kind.VIDEO: "mp4",
    Derivative.Kind.PICTURE: "webp",
    Derivative.Kind.PAGE: "webp",
    Derivative.Kind.TRANSCRIPT: "txt",
}


@dataclass(frozen=True)
class Copy:
    """A copy for viewing that is whole in the vault."""

    made: Derivative
    file: str
    crc32: int


@dataclass(frozen=True)
class Attached:
    """An exhibit with its item's row, and the entry that sealed it if one did."""

    exhibit: verifier.Exhibit
    item: EvidenceItem
    name: str
    description: str
    declared: dict[str, str]  # what the borrower says of where it comes from
    authority: bool  # the paper that lets somebody act for the borrower
    seal: verifier.Entry | None
    known_copies: frozenset[str]  # SHA-256 of those that the ledger knew

    @property
    def file(self) -> str:
        """Its place in the bag's payload."""
        return f"originals/{self.exhibit.stem}.{self.item.extension}"

    @property
    def tokens(self) -> list[dict[str, str]]:
        """The tokens as the ledger lists them."""
        return self.seal.data["tokens"] if self.seal else []

    @cached_property
    def kept_tokens(self) -> list[TimestampToken]:
        """The rows of the tokens that the ledger lists."""
        wanted = [token["authority"] for token in self.tokens]
        return list(self.item.tokens.filter(authority__in=wanted).select_related("root").order_by("authority"))

    @cached_property
    def copies(self) -> list[Copy]:
        """Read once for their CRC-32. What is not whole is left out: nothing rests on a copy."""
        made = self.item.derivatives.filter(kind__in=COPIES, sha256__in=self.known_copies)
        found = [(one, _read(one)) for one in made.order_by("kind", "number")]
        return [Copy(one, self._copy(one), crc32) for one, crc32 in found if crc32 is not None]

    def _copy(self, made: Derivative) -> str:
        stem = verifier.copy_stem(self.exhibit.stem, made.kind, made.number)
        return f"copies/{stem}.{COPIES[made.kind]}"


def _read(made: Derivative) -> int | None:
    """The CRC-32 of a copy whose bytes are still those that were made; else None."""
    sha256, crc32 = hashlib.sha256(), 0
    try:
        for block in vault.read(made.pk):
            sha256.update(block)
            crc32 = zlib.crc32(block, crc32)
    except (vault.Missing, vault.Altered):
        return None
    return crc32 if sha256.hexdigest() == made.sha256 else None


@dataclass(frozen=True)
class Papers:
    case: Case
    audience: str
    checkpoint: Checkpoint
    rows: list[LedgerEntry]
    read_at: datetime  # what is not on the ledger (stamps of checkpoints) is as it was then

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

    @cached_property
    def withheld(self) -> list[str]:
        """The documents that are left out, in all their versions."""
        agreed = self.is_agreed_for(self.audience)
        left_out = WITHHELD[self.audience] + (() if agreed else BY_CONSENT.get(self.audience, ()))
        return [name for name in verifier.documents_of(self.entries) if name.partition("-")[0] in left_out]

    @cached_property
    def consents(self) -> list[dict[str, str]]:
        return verifier.consents_of(self.entries)

    def is_agreed_for(self, recipient: str) -> bool:
        """Whether the borrower's consent that this recipient knows them stands, by the ledger."""
        return any(one["recipient"] == recipient and not one["withdrawn_at"] for one in self.consents)

    @cached_property
    def documents(self) -> dict[str, bytes]:
        """Name ("statement", "finding-1") -> the frozen document, without what is withheld or lost."""
        documents = [
            bytes(document)
            for model in FROZEN
            for row in model._default_manager.filter(case=self.case)
            for document in (getattr(row, column) for column in model.FROZEN_IN)
            if document is not None
        ]
        kept = {hashlib.sha256(document).hexdigest(): document for document in documents}
        known = verifier.documents_of(self.entries).items()
        return {name: kept[digest] for name, digest in known if name not in self.withheld and digest in kept}

    @property
    def lost_documents(self) -> list[str]:
        """Those that are in the tables no longer, or not as the ledger knows them."""
        known = verifier.documents_of(self.entries)
        return [name for name in known if name not in self.withheld and name not in self.documents]

    def document(self, name: str) -> dict[str, Any]:
        return verifier.load_json(self.documents[name], name)

    def numbered(self, name: str) -> list[dict[str, Any]]:
        """All findings, or all messages and the like, in order."""
        return [self.document(one) for one in self.documents if one.startswith(name)]

    @cached_property
    def said(self) -> dict[int, dict[str, Any]]:
        """Exhibit number -> what was said of it, in the document it came with."""
        came_with = [self.document("statement"), *self.numbered("message"), *self.numbered("response")]
        return {one["number"]: one for told in came_with for one in told.get("exhibits", [])}

    def entry_of(self, name: str) -> verifier.Entry:
        """The entry that put a finding or message on the ledger."""
        digest = verifier.documents_of(self.entries)[name]
        return next(entry for entry in self.entries if digest in entry.data.values())

    @cached_property
    def attached(self) -> list[Attached]:
        """The exhibits by number, each with what the borrower called it and said of it."""
        items = EvidenceItem.objects.in_bulk([*self.exhibits])
        rows = {str(row.item_id): row for row in self.case.exhibits.all()}
        seals = {entry.data["item"]: entry for entry in self.entries if entry.kind == "evidence.sealed"}
        copies = verifier.copies_of(self.entries, self.exhibits)
        found = [
            Attached(
                exhibit=exhibit,
                item=items[row.item_id],
                name=row.item.name,
                **_said(self.said.get(exhibit.number), row),
                seal=seals.get(key),
                known_copies=frozenset(
                    digest for stem, digest in copies.items() if stem.startswith(f"{exhibit.stem}-")
                ),
            )
            for key, exhibit in self.exhibits.items()
            if (row := rows.get(key))
        ]
        return sorted(found, key=lambda one: one.exhibit.number)

    @cached_property
    def anchors(self) -> list[CheckpointToken]:
        """What dates the ledger of this case from outside."""
        return anchoring.covering(self.rows[0].index, self.checkpoint.size, kept_by=self.read_at)

    @cached_property
    def roots(self) -> list[PinnedRoot]:
        """Of the configured authorities, and of all whose tokens are here."""
        tokens = [token for one in self.attached for token in one.kept_tokens]
        return authorities.roots(token.root for token in (*tokens, *self.anchors))

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

    def contacts(self) -> bytes:
        """contacts.csv; nothing where the statement is older than the list of contacts."""
        statement = self.document("statement")
        return verifier.contacts_table(statement) if "contacts" in statement else b""

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
                "reporter_changes": self.numbered("reporter-"),
                "exhibits": [_told(one) for one in self.attached],
                **{verifier.plural(name): self.numbered(name) for name in verifier.NUMBERED},
                "consents": self.consents,
            }
        )


def _said(filed: dict[str, Any] | None, row: Exhibit) -> dict[str, Any]:
    """What the borrower said of an exhibit: as filed, where it was filed with the statement."""
    if filed is None:
        return {"description": row.description, "declared": row.declared, "authority": row.is_authority}
    declared, authority = filed.get("declared", {}), filed.get("authority", False)
    return {"description": filed["description"], "declared": declared, "authority": authority}


def _told(one: Attached) -> dict[str, Any]:
    exhibit = one.exhibit
    return {
        "exhibit": exhibit.label,
        "item": exhibit.item,
        "file": one.file,
        "name": one.name,
        "description": one.description,
        "declared": one.declared,
        "authority": one.authority,
        "source": exhibit.source,
        "size": exhibit.size,
        "media_type": exhibit.media_type,
        "sha256": exhibit.sha256,
        "received_at": exhibit.received_at,
        "sealed_at": one.seal.content["at"] if one.seal else "",
        "timestamps": one.tokens,
        "copies": [{"file": copy.file, "kind": copy.made.kind, "sha256": copy.made.sha256} for copy in one.copies],
    }


def read(case: Case, *, audience: str, checkpoint: Checkpoint) -> Papers:
    """The case's papers as the ledger knew them at the checkpoint."""
    if audience not in WITHHELD:
        raise ValueError(f"no bundle is made for “{audience}”")
    rows = LedgerEntry.objects.filter(thread=case.thread, index__lt=checkpoint.size).order_by("seq")
    read_at = _first_export(case, checkpoint) or timezone.now()
    return Papers(case=case, audience=audience, checkpoint=checkpoint, rows=list(rows), read_at=read_at)


def _first_export(case: Case, checkpoint: Checkpoint) -> datetime | None:
    """When the case was exported at this size of the ledger before; the export's entry is above that size."""
    later = LedgerEntry.objects.filter(thread=case.thread, index__gte=checkpoint.size, kind="bundle.exported")
    made = (verifier.open_entry(row.index, bytes(row.body).decode()) for row in later.order_by("seq"))
    return next((entry.at for entry in made if entry.data["ledger_size"] == checkpoint.size), None)
