"""Makes copies for viewing (derivatives) in a confined child process. Originals are only read.

If the child fails, the item has no preview, and its inspection says why.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from evidence import ledger
from evidence.ledger import custody, kinds
from evidence.models import LONGEST_LEASE, Derivative, EvidenceItem, Inspection, Kind
from evidence.storage import vault

from . import confinement
from .confined.claims import one_line
from .confinement import Child, ChildFailed, MadeCopy, Metadata, NotMade

log = logging.getLogger(__name__)

ATTEMPTS = 3  # a file that has killed this many workers is not tried again
LEASE_MARGIN = timedelta(minutes=2)  # time of the worker besides its child's
MOST_PAGES = 20
CopyKind = Derivative.Kind
MAKES: dict[str, tuple[CopyKind, ...]] = {
    Kind.AUDIO: (CopyKind.SOUND, CopyKind.WAVEFORM),
    Kind.IMAGE: (CopyKind.PICTURE, CopyKind.SMALL),
    Kind.VIDEO: (CopyKind.VIDEO, CopyKind.POSTER, CopyKind.SMALL),
    Kind.DOCUMENT: (CopyKind.PAGE, CopyKind.TEXT, CopyKind.SMALL),
    Kind.TABLE: (CopyKind.TABLE,),
    Kind.TEXT: (CopyKind.TEXT,),
}
OFFICE = "application/vnd.openxmlformats-officedocument"
# Of these kinds, the media types that have previews.
READABLE = {
    Kind.DOCUMENT: {"application/pdf", "message/rfc822", "application/ofd", f"{OFFICE}.wordprocessingml.document"},
    Kind.TABLE: {"text/csv", f"{OFFICE}.spreadsheetml.sheet"},
    Kind.TEXT: {"text/plain"},
}
MEDIA_TYPES = {
    CopyKind.SOUND: "audio/mp4",
    CopyKind.WAVEFORM: "image/svg+xml",
    CopyKind.PICTURE: "image/webp",
    CopyKind.PAGE: "image/webp",
    CopyKind.VIDEO: "video/mp4",
    CopyKind.POSTER: "image/webp",
    CopyKind.TEXT: "text/plain",
    CopyKind.TABLE: "text/plain",  # a tab between cells
    CopyKind.SMALL: "image/webp",
}
FACTS = (
    *("milliseconds", "copied_milliseconds", "width", "height", "pages", "pages_shown", "pieces", "is_cut"),
    *("frames", "has_clip"),
)
CLAIMS: dict[str, Promise] = {
    "captured_at": _("Taken"),
    "device": _("Device"),
    "place": _("Place"),
    "software": _("Made with"),
    "title": _("Title"),
    "author": _("Author"),
    "dimensions": _("Width and height"),
    "pages": _("Number of pages"),
    "length": _("Length"),
}
REASONS: dict[str, Promise] = {
    "kind": _("No preview for this kind of file. The original is kept as it was received."),
    "jpeg_xl": _(
        "JPEG XL pictures cannot be shown here, because no program that opens them is safe enough. The original is"
        " kept. If you can, save it as JPEG or PNG and send that beside it."
    ),
    "damaged": _("The file is damaged or incomplete and cannot be played or shown here."),
    "cut": _("The end of the file is missing. What comes before it is shown where possible."),
    "empty": _("There is nothing in the file that could be played or shown."),
    "encrypted": _("The file is protected by a password."),
    "codec": _("This kind of file cannot be played here."),
    "too_big": _("The picture is too large to be opened safely."),
    "stopped": _(
        "Opening the file was stopped, because the program that opens it tried something that is not allowed."
    ),
    "limits": _("Opening the file took too much time or memory."),
    "letters": _("Some letters are missing or wrong in this copy, because the file does not include their font."),
    "form": _("The file has a form that cannot be shown here, so the copy may lack what was filled in."),
    "more": _("The file continues after its stated end. The copy may lack that part; the original has it."),
    "noise": _("Parts of the recording are damaged. The copy has noise or silence there."),
    "silence": _("Hours of the recording have no sound, so no copy is made. The original has all of it."),
    "short": _("The copy is shorter than the original."),
    "sound": _("The copy lacks the sound of the original, or a part of it. The original has it."),
    "unreadable": _("The stored file could not be read."),
    "failed": _("The preview could not be made."),
}


def derive(item: EvidenceItem) -> None:
    """Make the item's copies, once. A faulty file raises nothing; a fault of the portal does, and is retried."""
    inspection = None if item.is_quarantined else _lease(item)
    if inspection is None:
        return
    made: list[Derivative] = []
    if inspection.attempts > ATTEMPTS:
        inspection.reason = "failed"
    elif not has_previews(item):
        inspection.reason = "kind"
    else:
        inspection.reason = _run_child(item, inspection, made)
    _finish(item, inspection, made)


def has_previews(item: EvidenceItem) -> bool:
    """Whether the portal makes previews of this kind of file."""
    return item.kind in MAKES and item.media_type in READABLE.get(Kind(item.kind), {item.media_type})


@transaction.atomic
def _lease(item: EvidenceItem) -> Inspection | None:
    """The item's inspection, reserved for this worker. None if it is finished, another worker has it, or the item
    was removed from its draft."""
    if _current(item) is None:
        return None
    now = timezone.now()
    inspection, _made = Inspection.objects.get_or_create(item=item, defaults={"leased_until": now})
    if inspection.made_at or now < inspection.leased_until <= now + LONGEST_LEASE:
        return None
    inspection.attempts += 1
    inspection.leased_until = (
        now + LEASE_MARGIN + timedelta(seconds=confinement.limits_for(item.size, item.kind).seconds)
    )
    inspection.save()
    return inspection


def _run_child(item: EvidenceItem, inspection: Inspection, made: list[Derivative]) -> str:
    """Run the child, and collect its results in `inspection` and `made`. Returns a key of REASONS, or ""."""
    reason = ""
    try:
        with child_for(item, confinement.limits_for(item.size, item.kind)) as child:
            for result in child.results():
                if isinstance(result, Metadata):
                    inspection.facts.update(_known_facts(result.facts))
                    inspection.claims.update(_known_claims(result.claims))
                elif isinstance(result, NotMade):
                    reason = reason or (result.reason if result.reason in REASONS else "failed")
                else:
                    made.append(_store_copy(item, result, child))
    except ChildFailed as error:
        log.warning("the previews of item %s broke off: %s", item.pk, error)
        return reason or "failed"
    except (vault.Missing, vault.Altered):
        return "unreadable"  # the next re-hash records the fault on the ledger
    return reason or ("" if made else "failed")


def child_for(item: EvidenceItem, limits: confinement.Limits) -> Child:
    """A confined child that reads the item's bytes."""
    return Child(
        kind=item.kind,
        media_type=item.media_type,
        size=item.size,
        read=vault.frames(item.pk).piece,
        limits=limits,
    )


def _store_copy(item: EvidenceItem, copied: MadeCopy, child: Child) -> Derivative:
    """Store the copy's bytes in the vault. Returns its row, not saved yet."""
    if copied.kind not in MAKES[Kind(item.kind)] or not 1 <= copied.number <= MOST_PAGES:
        raise ChildFailed(f"a copy {copied.kind!r} of {item.kind}")
    kind, key = CopyKind(copied.kind), _key(item, copied.kind, copied.number)
    vault.delete(key)  # an interrupted attempt may have left one
    stored = vault.store(key, copied.blocks, limit=child.limits.copy)
    return Derivative(
        id=key,
        item=item,
        kind=kind,
        number=copied.number,
        media_type=MEDIA_TYPES[kind],
        size=stored.size,
        sha256=stored.sha256,
        made_at=timezone.now(),
        by=ledger.SYSTEM,
    )


def _key(item: EvidenceItem, kind: str, number: int) -> UUID:
    """The copy's id. It is the same in each attempt, so that `_store_copy` finds what an interrupted one left."""
    return uuid5(item.pk, f"{kind}/{number}")


def _current(item: EvidenceItem) -> EvidenceItem | None:
    """The item as it is now, locked. While a child works, its draft may be filed, or lose it: then None."""
    found: EvidenceItem | None = EvidenceItem.objects.select_for_update().filter(pk=item.pk).first()
    return found


@transaction.atomic
def _finish(item: EvidenceItem, inspection: Inspection, made: list[Derivative]) -> None:
    current = _current(item)
    if current is None:
        for copy in made:
            vault.delete(copy.pk)
        return
    inspection.made_at = timezone.now()
    inspection.save()
    record(current, made)


def record(item: EvidenceItem, made: list[Derivative]) -> None:
    """Save the rows and append their ledger entries. Call it last in a transaction.

    A small picture has no entry, because it only repeats a copy. Copies of a file in a draft have none, like the
    file itself. They get them when it is filed (`made_early`).
    """
    Derivative.objects.bulk_create(made)
    if item.thread:
        ledger.append(*_events(item, made))


def made_early(items: Sequence[EvidenceItem]) -> list[ledger.Event]:
    """The events of the copies that were made of these items before they were admitted. The caller has just
    admitted them, and appends the events in the same transaction."""
    return [event for item in items for event in _events(item, list(item.derivatives.all()))]


def _events(item: EvidenceItem, made: list[Derivative]) -> Iterator[ledger.Event]:
    for derivative in made:
        if derivative.kind == CopyKind.SMALL:
            continue
        data = {
            "derivative": str(derivative.pk),
            "kind": str(derivative.kind),
            "number": derivative.number,
            "sha256": derivative.sha256,
            "from": item.sha256,
        }
        yield custody.custody_event(item, kinds.EVIDENCE_DERIVED, by=derivative.by, data=data)


def _known_facts(measured: dict[str, Any]) -> dict[str, int]:
    """The child's measurements: only known names, and whole numbers of a sensible size."""
    return {
        name: measured[name] for name in FACTS if type(measured.get(name)) is int and 0 <= measured[name] < 10**12
    }


def _known_claims(claimed: dict[str, Any]) -> dict[str, str]:
    """The file's claims: only known names, and short lines of text."""
    return {
        name: text for name in CLAIMS if isinstance(claimed.get(name), str) and (text := one_line(claimed[name]))
    }
