"""Makes a bundle: reads the case, checks every stored byte, signs, and prepares the ledger entry of the export.

The result can be read at once, or stored as a plan (`plan`) and read later.
"""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from complaints.cases import record
from complaints.models import Case, event_kinds
from complaints.reference import local_time
from evidence import holdfast_verify, ledger, verify_page
from evidence.checking import sealing
from evidence.ledger import Actor, checkpoints
from evidence.models import Checkpoint, Derivative, EvidenceItem, Fault
from evidence.storage import sentinel, vault

from . import bag, papers, proofs
from .attached import Attached
from .options import Options
from .papers import Papers
from .report import report

HERE = Path(__file__).parent
log = logging.getLogger(__name__)
Progress = Callable[[int, int], None]  # called with the bytes checked so far and the bytes in all


class NotWhole(Exception):
    """An original is missing or altered, so no bundle is made. The message is a sentence for the reader."""


@dataclass(frozen=True)
class Stored:
    """Where the bytes of a member are in the vault, and their digest."""

    key: UUID
    mark: str

    def __call__(self, start: int, end: int) -> Iterator[bytes]:
        return vault.read(self.key, start, end, mark=self.mark)


@dataclass(frozen=True)
class Made:
    """A complete bundle whose members were read and compared."""

    name: str  # of the ZIP file
    archive: bag.Archive
    papers: Papers  # what it was made from; its options name exhibits left out because their files are damaged
    event: ledger.Event  # the export; append it before the first byte is sent


def stream(
    case: Case,
    *,
    audience: str = "",
    options: Options | None = None,
    by: Actor = ledger.BORROWER,
    checkpoint: Checkpoint | None = None,
) -> tuple[str, Iterator[bytes]]:
    """The name and the bytes of a bundle. The export is on the ledger before this returns.

    `checkpoint` repeats an earlier export to the byte. Raises NotWhole if an original is damaged, and records
    nothing then.
    """
    made = make(case, options or Options.usual(audience), by=by, checkpoint=checkpoint)
    with transaction.atomic():
        ledger.append(made.event)
    return made.name, made.archive.read()


def make(
    case: Case,
    options: Options,
    *,
    by: Actor,
    checkpoint: Checkpoint | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Made:
    """Make the whole bundle and check it. The caller appends `event`. Raises NotWhole."""
    wanted = papers.read(case, options=options, checkpoint=checkpoint or checkpoints.current())
    options = _check_whole(wanted, progress)
    if options != wanted.options:
        wanted = papers.Papers(case, options, wanted.checkpoint, wanted.rows, wanted.read_at)
    members = _members(wanted)
    tag_manifest = members[-1].sha256
    members.append(bag.small("proofs/export.json", proofs.export(wanted, tag_manifest)))
    archive = bag.Archive(case.reference, members, wanted.made_at)
    event = _event(wanted, by, tag_manifest)
    return Made(f"{case.reference}.zip", archive, wanted, event)


def _check_whole(wanted: Papers, progress: Progress) -> Options:
    """Read every original again, and report damage as the regular check does.

    Returns the options, extended by the damaged exhibits to leave out. Raises NotWhole.
    """
    for name in wanted.lost_documents:
        log.error("%s of case %s is missing or altered in the database", name, wanted.case.pk)
        raise NotWhole(_DOCUMENT % {"name": name})
    for label in wanted.lost:
        raise NotWhole(SENTENCES[Fault.MISSING] % {"exhibit": label})
    options, done = wanted.options, 0
    taken = [one for one in wanted.attached if not one.left_out]
    total = sum(one.item.size for one in taken)
    for one in taken:
        progress(done, total)
        done += one.item.size
        fault = _fault(one)
        if fault and not options.goes_on:
            raise NotWhole(SENTENCES[fault] % {"exhibit": one.exhibit.label})
        options = options.without(one.exhibit.number, fault) if fault else options
    progress(total, total)
    return options


def _fault(one: Attached) -> str:
    """The reason why the original cannot be sent, or ""."""
    if one.item.is_quarantined:
        return "quarantined"
    try:
        fault, found = sealing.reread(one.item)
        if fault:
            sealing.record_fault(one.item, fault, found)
    except (OSError, vault.Locked, vault.Unreachable, sentinel.Unproven):
        log.exception("item %s cannot be read", one.item.pk)
        return "unreadable"
    return str(fault)


_DOCUMENT = gettext_lazy(
    "The document “%(name)s” is missing or was altered, so no bundle can be made. Please tell the office."
)
SENTENCES: dict[str, Promise] = {
    Fault.MISSING: gettext_lazy(
        "The stored file of %(exhibit)s is missing, so no bundle can be made. The office has been notified."
    ),
    Fault.ALTERED: gettext_lazy(
        "The stored file of %(exhibit)s was altered, so no bundle can be made. The office has been notified."
    ),
    "unreadable": gettext_lazy(
        "The stored file of %(exhibit)s cannot be read at the moment, so no bundle can be made. Try again later."
    ),
    "quarantined": gettext_lazy(
        "The malware scanner found something in %(exhibit)s, so no bundle can be made until the office "
        "has checked it. Nothing is lost."
    ),
}


def _members(wanted: Papers) -> list[bag.Member]:
    payload = [*_payload(wanted)]
    tags = [bag.small(name, content) for name, content in (*proofs.files(wanted), *_papers_to_read(wanted))]
    fields = {
        "External-Identifier": wanted.case.reference,
        "External-Description": holdfast_verify.BAG_DESCRIPTION,
    }
    return bag.tagged(payload, tags, bag.info(payload, wanted.made_at, fields))


def _payload(wanted: Papers) -> Iterator[bag.Member]:
    yield bag.small("data/report.pdf", report.made(wanted))
    yield bag.small("data/case.json", wanted.case_json())
    yield bag.small("data/custody.csv", _custody(wanted))
    if contacts := _contacts(wanted):
        yield bag.small(holdfast_verify.CONTACTS, contacts)
    for name, document in wanted.files():
        yield bag.small(name, document)
    originals = [(one.file, one.item, one.item.crc32) for one in wanted.attached if not one.left_out]
    copies = [(copy.file, copy.made, copy.crc32) for one in wanted.attached for copy in one.copies]
    yield from _stored([*originals, *copies])


def _custody(wanted: Papers) -> bytes:
    """custody.csv, with columns for people in the language of the report and the office's time."""
    language, offset = wanted.options.language, local_time.offset
    return holdfast_verify.custody_for_people(wanted.entries, wanted.exhibits, language, offset)


def _contacts(wanted: Papers) -> bytes:
    """contacts.csv, or b"" for statements from before there was a list of contacts."""
    statement, newest = wanted.document("statement"), holdfast_verify.NEWEST_TABLE
    return holdfast_verify.contacts_table(statement, newest) if "contacts" in statement else b""


def _stored(files: list[tuple[str, EvidenceItem | Derivative, int]]) -> Iterator[bag.Member]:
    """Members for files in the vault, each given as name, row and CRC-32."""
    marks = vault.marks(row.pk for _, row, _ in files)
    for name, row, crc32 in files:
        yield bag.Member(f"data/{name}", row.size, row.sha256, crc32, Stored(row.pk, marks[row.pk]))


def _papers_to_read(wanted: Papers) -> Iterator[tuple[str, bytes]]:
    """VERIFY.txt, both verifiers and the schema of case.json."""
    verifier = Path(holdfast_verify.__file__).read_bytes()
    digests = {"verifier": holdfast_verify.sha256(verifier).hex(), "page": verify_page.digest()}
    words = {"reference": wanted.case.reference, **digests}
    text = (HERE / "VERIFY.txt").read_text(encoding="utf-8")
    for name, value in words.items():
        text = text.replace(f"@{name}@", value)
    yield "VERIFY.txt", text.encode()
    yield "holdfast_verify.py", verifier
    yield "verify.html", verify_page.html()
    yield "case.schema.json", (HERE / "case.schema.json").read_bytes()


def _event(wanted: Papers, by: Actor, manifest: str) -> ledger.Event:
    """The ledger entry of the export. It comes after the bundle's checkpoint, so only later bundles contain it."""
    read = {"ledger_size": wanted.checkpoint.size, "read_at": ledger.rfc3339(wanted.read_at)}
    data = {"manifest": manifest, **read, **wanted.options.recorded()}
    return record.event(wanted.case, event_kinds.BUNDLE_EXPORTED, by=by, **data)
