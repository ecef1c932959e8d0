"""Make a bundle: check every stored byte, gather, sign, record the export, stream."""

import logging
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evidence import checkpoints, holdfast_verify, ledger, sealing, vault, verify_page
from evidence.ledger import Actor
from evidence.models import Checkpoint, Derivative, EvidenceItem, Fault

from ..models import Case
from . import bag, papers, proofs, report
from .papers import Papers

HERE = Path(__file__).parent
log = logging.getLogger(__name__)


class NotWhole(Exception):
    """An original is missing or altered in storage: no bundle is made. The text is a sentence for the reader."""


def stream(
    case: Case, *, audience: str, by: Actor = ledger.BORROWER, checkpoint: Checkpoint | None = None
) -> tuple[str, Iterator[bytes]]:
    """File name and bytes of the bundle for an audience of `papers.WITHHELD`; the ledger has the export then.

    `checkpoint` makes the export of an earlier time again, to the byte. Raises NotWhole and records no export
    when an original is not the one received.
    """
    wanted = papers.read(case, audience=audience, checkpoint=checkpoint or checkpoints.current())
    _check_whole(wanted)
    members = _members(wanted)
    tag_manifest = members[-1]
    members.append(bag.small("proofs/export.json", proofs.export(wanted, tag_manifest.sha256)))
    _record(wanted, by, tag_manifest.sha256, timezone.now() if checkpoint else wanted.read_at)
    return f"{case.reference}.zip", bag.zipped(case.reference, members, wanted.made_at)


def _check_whole(wanted: Papers) -> None:
    """Re-read every original before anything is offered; a fault is reported as a seal's re-read would."""
    for name in wanted.lost_documents:
        log.error("%s of case %s is missing or altered in the database", name, wanted.case.pk)
        raise NotWhole(_DOCUMENT % {"name": name})
    for label in wanted.lost:
        raise NotWhole(_sentence(Fault.MISSING) % {"exhibit": label})
    for one in wanted.attached:
        if one.item.is_quarantined:
            raise NotWhole(_QUARANTINED % {"exhibit": one.exhibit.label})
        try:
            fault, found = sealing.examine(one.item)
        except (OSError, vault.Locked, vault.Unreachable):
            log.exception("item %s cannot be read", one.item.pk)
            raise NotWhole(_UNREADABLE % {"exhibit": one.exhibit.label}) from None
        if fault:
            sealing.report(one.item, fault, found)
            raise NotWhole(_sentence(fault) % {"exhibit": one.exhibit.label})


_UNREADABLE = gettext_lazy(
    "The stored file of %(exhibit)s cannot be read at the moment, so no case bundle can be made. Try again later."
)
_DOCUMENT = gettext_lazy(
    "The document “%(name)s” is missing or was altered, so no case bundle can be made. Please tell the office."
)
_QUARANTINED = gettext_lazy(
    "The malware scanner found something in %(exhibit)s, so no case bundle is made until the office has decided"
    " about it. Nothing is lost."
)


def _sentence(fault: Fault) -> str:
    if fault == Fault.MISSING:
        return _("The stored file of %(exhibit)s is missing, so no case bundle can be made. The office was told.")
    return _("The stored file of %(exhibit)s was altered, so no case bundle can be made. The office was told.")


def _members(wanted: Papers) -> list[bag.Member]:
    payload = [*_payload(wanted)]
    tags = [bag.small(name, content) for name, content in (*proofs.files(wanted), *_papers_to_read(wanted))]
    fields = {
        "Source-Organization": " ".join(settings.SITE_NAME.split()),
        "External-Identifier": wanted.case.reference,
        "External-Description": "Holdfast case bundle, version 1",
    }
    return bag.tagged(payload, tags, bag.info(payload, wanted.made_at, fields))


def _payload(wanted: Papers) -> Iterator[bag.Member]:
    yield bag.small("data/report.pdf", report.made(wanted))
    yield bag.small("data/case.json", wanted.case_json())
    yield bag.small("data/custody.csv", wanted.custody())
    if contacts := wanted.contacts():
        yield bag.small(holdfast_verify.CONTACTS, contacts)
    for name, document in wanted.documents.items():
        yield bag.small(f"data/documents/{name}.json", document)
    for one in wanted.attached:
        yield _stored(one.file, one.item, one.item.crc32)
    for one in wanted.attached:
        yield from (_stored(copy.file, copy.made, copy.crc32) for copy in one.copies)


def _stored(file: str, row: EvidenceItem | Derivative, crc32: int) -> bag.Member:
    return bag.Member(
        name=f"data/{file}",
        size=row.size,
        sha256=row.sha256,
        crc32=crc32,
        blocks=partial(vault.read, row.pk),
    )


def _papers_to_read(wanted: Papers) -> Iterator[tuple[str, bytes]]:
    """VERIFY.txt, and both verifiers for whoever cannot get them elsewhere."""
    verifier = Path(holdfast_verify.__file__).read_bytes()
    digests = {"verifier": holdfast_verify.sha256(verifier).hex(), "page": verify_page.digest()}
    words = {"reference": wanted.case.reference, **digests}
    text = (HERE / "VERIFY.txt").read_text(encoding="utf-8")
    for name, value in words.items():
        text = text.replace(f"@{name}@", value)
    yield "VERIFY.txt", text.encode()
    yield "holdfast_verify.py", verifier
    yield "verify.html", verify_page.html()


@transaction.atomic
def _record(wanted: Papers, by: Actor, manifest: str, at: datetime) -> None:
    """Put the export on the ledger; it first appears in the next bundle."""
    data: dict[str, Any] = {
        "manifest": manifest,
        "ledger_size": wanted.checkpoint.size,
        "audience": wanted.audience,
    }
    thread = wanted.case.thread
    ledger.append(ledger.Event(kind="bundle.exported", thread=thread, subject=thread, by=by, data=data, at=at))
