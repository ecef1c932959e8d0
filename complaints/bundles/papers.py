"""Everything that one export says about a case, read once at one size of the ledger.

The content and state of the case follow only from the ledger entries below that size. So the same export made
again later is the same to the byte.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils import timezone

from complaints.cases import frozen, readers
from complaints.models import Case, Exhibit, event_kinds
from evidence import holdfast_verify as verifier
from evidence.ledger import checkpoints, kinds, rfc3339
from evidence.models import (
    Checkpoint,
    CheckpointToken,
    EvidenceItem,
    LedgerEntry,
    PinnedRoot,
)
from evidence.timestamps import anchoring, authorities
from evidence.witnesses import cosignatures

from . import identity, masking
from .attached import Attached, as_json
from .options import CHOSEN, Options, labelled


@dataclass(frozen=True)
class Papers:
    case: Case
    options: Options
    checkpoint: Checkpoint
    rows: list[LedgerEntry]
    # Stamps and cosignatures of checkpoints are not on the ledger: only those that had come by this time count.
    read_at: datetime

    @property
    def audience(self) -> str:
        return self.options.audience

    @property
    def made_at(self) -> datetime:
        """When the ledger was signed at this size. An export made again has the same time.

        It is that of the newest entry or of an earlier receipt if that is later, because a clock was set back.
        """
        signed = self.checkpoint.signed_at
        given = checkpoints.given_at(self.case.thread, self.checkpoint.size)
        return max([signed, given or signed, *(entry.at for entry in self.entries)])

    @cached_property
    def entries(self) -> list[verifier.Entry]:
        return [row.opened() for row in self.rows]

    @cached_property
    def exhibits(self) -> dict[str, verifier.Exhibit]:
        return verifier.exhibits_of(self.entries)

    @property
    def withheld(self) -> list[str]:
        """The documents that are left out, and the receipt if it shows something that is masked."""
        return [*self.unshown, "receipt"] if self._receipt_tells_more else self.unshown

    @cached_property
    def unshown(self) -> list[str]:
        """The documents that are left out, in all their versions."""
        return readers.hidden(self.entries, *self.options.readers, notes=self.options.with_notes)

    @property
    def knows_the_borrower(self) -> bool:
        """Whether the recipient may learn who filed."""
        return "reporter" not in self.unshown

    @cached_property
    def mask(self) -> masking.Mask | None:
        hidden = (*self.options.hidden, *self._who_filed)
        if not self.options.masked and not hidden:
            return None
        statement = self._frozen("statement")
        known = identity.accounts(statement) if self.knows_the_borrower else []
        return masking.of(statement, hidden, others=self.options.masked, known=known)

    @cached_property
    def _who_filed(self) -> list[str]:
        """What to mask in everything that people wrote, if the recipient may not learn who filed or for whom."""
        if self.knows_the_borrower or "statement" not in self._known:
            return []
        versions = [name for name in self._known if name.startswith("reporter")]
        reporters = (verifier.load_json(self._known[name], name) for name in versions)
        return identity.words(self._frozen("statement"), reporters)

    @property
    def naming(self) -> list[int]:
        """The numbers of the exhibits whose words show who filed, if the recipient may not learn it."""
        if not self._who_filed or self.lost_documents:
            return []
        mask = masking.of({}, self._who_filed, others=False)
        return [one.exhibit.number for one in self.attached if one.has_in_words(mask)]

    @property
    def _receipt_tells_more(self) -> bool:
        filed = verifier.load_json(bytes(self.case.receipt), "the receipt")["files"]
        return self.mask is not None and any(self.mask.text(one["name"]) != one["name"] for one in filed)

    @cached_property
    def consents(self) -> list[dict[str, str]]:
        return verifier.consents_of(self.entries)

    def is_agreed_for(self, recipient: str) -> bool:
        """Whether the borrower's consent to this recipient is in force in the ledger of this export."""
        return readers.is_agreed_for(self.entries, recipient)

    @cached_property
    def documents(self) -> dict[str, bytes]:
        """Name ("statement", "finding-1") -> the frozen document, without those withheld or lost."""
        return {name: document for name, document in self._known.items() if name not in self.unshown}

    @cached_property
    def _known(self) -> dict[str, bytes]:
        kept = frozen.kept(self.case)
        known = verifier.documents_of(self.entries).items()
        return {name: kept[digest] for name, digest in known if digest in kept}

    @property
    def lost_documents(self) -> list[str]:
        """Documents on the ledger that the database lacks or has altered."""
        known = verifier.documents_of(self.entries)
        return [name for name in known if name not in self.unshown and name not in self.documents]

    def document(self, name: str) -> dict[str, Any]:
        """The content of a document as the bundle has it: masked if the bundle is masked."""
        content = self._frozen(name)
        return self.mask.document(content) if self.mask else content

    def _frozen(self, name: str) -> dict[str, Any]:
        return verifier.load_json(self.documents[name], name)

    @cached_property
    def masked(self) -> list[str]:
        """The documents of which the bundle has only a masked copy."""
        return [name for name in self.documents if self.mask and self.document(name) != self._frozen(name)]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The path and the bytes of each document in the bundle."""
        digests = verifier.documents_of(self.entries)
        for name, document in self.documents.items():
            if self.mask and name in self.masked:
                masked = masking.derivative(name, digests[name], self._frozen(name), self.mask)
                yield f"data/masked/{name}.json", masked
            else:
                yield f"data/documents/{name}.json", document

    def numbered(self, name: str) -> list[dict[str, Any]]:
        """All documents of one kind, such as findings or messages, in order."""
        return [self.document(one) for one in self.documents if one.startswith(name)]

    @cached_property
    def filed_exhibits(self) -> dict[int, dict[str, Any]]:
        """Exhibit number -> its description and declarations, from the document it was filed with."""
        came_with = [self.document("statement"), *self.numbered("message"), *self.numbered("response")]
        return {one["number"]: one for content in came_with for one in content.get("exhibits", [])}

    def entry_of(self, name: str) -> verifier.Entry:
        """The ledger entry that names the document."""
        digest = verifier.documents_of(self.entries)[name]
        return next(entry for entry in self.entries if digest in entry.data.values())

    @cached_property
    def attached(self) -> list[Attached]:
        """The exhibits by number."""
        rows_of = EvidenceItem.objects.filter(exhibit__case=self.case).select_related("scan", "inspection")
        items = {item.pk: item for item in rows_of.prefetch_related("tokens__root", "derivatives")}
        rows = {str(row.item_id): row for row in self.case.exhibits.all()}
        seals = {entry.data["item"]: entry for entry in self.entries if entry.kind == kinds.EVIDENCE_SEALED}
        copies: dict[str, set[str]] = {}  # stem of the exhibit's files -> digests of its copies
        for stem, digest in verifier.copies_of(self.entries, self.exhibits).items():
            copies.setdefault("-".join(stem.split("-")[:2]), set()).add(digest)
        found = [
            Attached(
                exhibit=exhibit,
                item=items[row.item_id],
                name=self._shown(items[row.item_id].name),
                **self._described(exhibit.number, row),
                seal=seals.get(key),
                known_copies=frozenset(copies.get(exhibit.stem, ())),
                left_out=self.options.left_out.get(exhibit.number, ""),
                mask=self.mask,
            )
            for key, exhibit in self.exhibits.items()
            if (row := rows.get(key))
        ]
        return sorted(found, key=lambda one: one.exhibit.number)

    def _described(self, number: int, row: Exhibit) -> dict[str, Any]:
        """Description and declarations of an exhibit: from the document it was filed with, else from its row."""
        if filed := self.filed_exhibits.get(number):
            declared, authority = filed.get("declared", {}), filed.get("authority", False)
            return {"description": filed["description"], "declared": declared, "authority": authority}
        declared = {fact: self._shown(answer) for fact, answer in row.declared.items()}
        return {
            "description": self._shown(row.description),
            "declared": declared,
            "authority": row.is_authority,
        }

    def _shown(self, written: str) -> str:
        return self.mask.text(written) if self.mask else written

    @cached_property
    def anchors(self) -> list[CheckpointToken]:
        """Timestamps from outside on checkpoints: for each act of the case the first one over it."""
        return anchoring.stamps_covering(self._acts, self.checkpoint.size, kept_by=self.read_at)

    @cached_property
    def cosigned(self) -> dict[int, str]:
        """Checkpoints that witnesses cosigned, with their lines, by size: the newest, and one over each act."""
        return cosignatures.notes_over(self._acts, self.checkpoint.size, kept_by=self.read_at)

    @property
    def _acts(self) -> list[int]:
        return [row.index for row in self.rows if row.kind in verifier.DATED]

    @cached_property
    def roots(self) -> list[PinnedRoot]:
        """Root certificates of the configured authorities and of all tokens in the bundle."""
        tokens = [token for one in self.attached for token in one.kept_tokens]
        return authorities.roots(token.root for token in (*tokens, *self.anchors))

    @property
    def left_out(self) -> dict[str, str]:
        """Label of each exhibit that is left out -> reason."""
        known = {one.number for one in self.exhibits.values()}
        return labelled({number: why for number, why in self.options.left_out.items() if number in known})

    @property
    def lost(self) -> list[str]:
        """Labels of exhibits that are on the ledger but no longer in the database."""
        known = {one.exhibit.label for one in self.attached}
        return sorted(exhibit.label for exhibit in self.exhibits.values() if exhibit.label not in known)

    @property
    def state(self) -> str:
        return [verifier.STATES[entry.kind] for entry in self.entries if entry.kind in verifier.STATES][-1]

    def case_json(self) -> bytes:
        """case.json, which repeats documents and ledger for programs."""
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
                "exhibits": [as_json(one) for one in self.attached],
                **{verifier.plural(name): self.numbered(name) for name in verifier.NUMBERED},
                "consents": self.consents,
                **verifier.contacts_version(self.document("statement")),
            }
        )


def read(case: Case, *, audience: str = "", options: Options | None = None, checkpoint: Checkpoint) -> Papers:
    """Read the case as the ledger had it at the checkpoint. Without options, the usual ones for the audience.

    No file is masked, so an exhibit whose words show who filed is left out if the recipient may not learn it.
    """
    options = options or Options.usual(audience)
    rows = LedgerEntry.objects.filter(thread=case.thread, index__lt=checkpoint.size).order_by("seq")
    read_at = _first_export(case, checkpoint) or timezone.now()
    papers = Papers(case=case, options=options, checkpoint=checkpoint, rows=list(rows), read_at=read_at)
    for number in papers.naming:
        options = options.without(number, CHOSEN)
    return replace(papers, options=options)


def _first_export(case: Case, checkpoint: Checkpoint) -> datetime | None:
    """When the case was read for its first export at this size of the ledger, or None. That entry is above the
    size. In old ones the entry's own time is when the case was read."""
    later = LedgerEntry.objects.filter(
        thread=case.thread, index__gte=checkpoint.size, kind=event_kinds.BUNDLE_EXPORTED
    )
    made = (row.opened() for row in later.order_by("seq"))
    first = next((entry for entry in made if entry.data["ledger_size"] == checkpoint.size), None)
    return verifier.moment(first.data.get("read_at", first.content["at"]), "an export") if first else None
