"""Exports a case bundle: somebody asks for it, a worker makes it, it can be fetched for some days and then goes.

The state is in the row. If a worker dies, its row is no longer updated, and the sweep starts again. A bundle is
ready only when every byte was checked and the export is on the ledger.
"""

import logging
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from complaints import wake
from complaints.cases import consents, readers, record
from complaints.exhibits import serving
from complaints.models import Case, Export, StaffMember, event_kinds
from complaints.refusal import Refused
from complaints.staff import access
from evidence import ledger
from evidence.ledger import Actor
from evidence.models import LedgerEntry
from evidence.storage import vault

from . import bag
from .making import NotWhole
from .making import make as make_bundle
from .options import Options
from .plan import check, opened, written
from .report import page

State = Export.State
PROBLEMS = (NotWhole, vault.Full, vault.Unreachable, vault.Locked, vault.Missing, vault.Altered, OSError)
UNDER_WAY = (State.UNAPPROVED, State.WAITING, State.MAKING)
MOST_UNDER_WAY = 30  # bundles of a case; it has at most twenty open grants
READ = "read"  # the way of a bundle that is not downloaded, in its entry
SENDER_KEPT = timedelta(hours=1)
ATTEMPTS = 3  # workers that may die of one bundle before it is given up
log = logging.getLogger(__name__)


@transaction.atomic
def ask(
    case: Case,
    options: dict[str, Any],
    *,
    by: StaffMember | None = None,
    language: str,
    expires_at: datetime | None = None,
    sender: str = "",
) -> Export:
    """Ask for a bundle with these options (`Options.kept`). Without `by`, the borrower asks. All that `sender`, a
    network, asks for takes turns with what others ask for.

    The same bundle that is under way is returned, unless it is for a grant, which has one of its own.
    Raises Refused for too many of a case at a time.
    """
    case = Case.objects.locked(case)
    kept = {**options, "by_borrower": by is None}
    begun = list(case.exports.filter(state__in=UNDER_WAY))
    if expires_at is None and (same := _same(begun, case, kept, by, language)):
        return same
    if len(begun) >= MOST_UNDER_WAY:
        raise Refused(_("Several bundles of this case are already being made. Wait until they are ready."))
    needs_two = (
        settings.TWO_PERSON_EXPORTS and by is not None and options["audience"] not in ("office", "borrower")
    )
    export: Export = Export.objects.create(
        case=case,
        audience=options["audience"],
        options=kept,
        asked_by=by,
        language=language,
        state=State.UNAPPROVED if needs_two else State.WAITING,
        expires_at=expires_at,
        sender=f"staff:{by.uid}" if by else sender or case.thread,
    )
    wake.make_bundle(export.pk)
    return export


def _same(
    begun: list[Export], case: Case, options: dict[str, Any], by: StaffMember | None, language: str
) -> Export | None:
    """The one of them that will have in it what a new one would have."""
    written = LedgerEntry.objects.filter(thread=case.thread).order_by("-seq").values_list("at", flat=True).first()
    for export in begun:
        asked = (export.options, export.asked_by, export.language, export.expires_at)
        is_up_to_date = export.state != State.MAKING or written is None or written <= export.asked_at
        if asked == (options, by, language, None) and is_up_to_date:
            return export
    return None


@transaction.atomic
def approve(export: Export, *, by: StaffMember) -> None:
    """Record the approval of a second person. Raises Refused for the first person, and if none is needed."""
    export = Export.objects.select_for_update().get(pk=export.pk)
    if export.state != State.UNAPPROVED:
        raise Refused(_("This bundle waits for nobody’s approval."))
    if export.asked_by == by:
        raise Refused(_("Somebody else has to approve what you asked for."))
    export.approved_by, export.state = by, State.WAITING
    export.save(update_fields=["approved_by", "state"])
    record.note(export.case, event_kinds.BUNDLE_APPROVED, by=by, audience=export.audience)
    wake.make_bundle(export.pk)


def make_next() -> bool:
    """Make the bundle whose turn it is: of the asker who was served the longest ago, or never, and of that asker,
    of the case that was. Returns whether one was waiting."""
    waiting = Export.objects.waiting().annotate(
        served=_last_served(sender=OuterRef("sender")), case_served=_last_served(case=OuterRef("case"))
    )
    turn = (F(name).asc(nulls_first=True) for name in ("served", "case_served"))
    found = waiting.order_by(*turn, "asked_at").first()
    if found:
        make(found.pk)
    return found is not None


def _last_served(**whose: OuterRef) -> Subquery:
    """When one of these bundles was last worked on."""
    served = Export.objects.filter(**whose, seen_at__isnull=False)
    return Subquery(served.order_by("-seen_at").values("seen_at")[:1])


def make_waiting() -> None:
    """Make all bundles that still wait."""
    while make_next():
        pass


def make(key: UUID) -> None:
    """Make the bundle, unless another worker does. A failure is kept as a sentence for the person who asked."""
    export = _claimed(key)
    if export is None:
        return
    with translation.override(export.language):
        try:
            _make(export)
        except PROBLEMS as problem:
            log.warning("bundle %s is not made: %s", export.pk, problem)
            _mine(export).update(state=State.FAILED, problem=_sentence(problem))


def _claimed(key: UUID) -> Export | None:
    """The row, claimed for this worker, or None if there is nothing to do."""
    with transaction.atomic():
        export: Export | None = Export.objects.waiting().select_for_update().filter(pk=key).first()
        if export is None:
            return None
        export.attempts += 1
        export.state = State.MAKING if export.attempts <= ATTEMPTS else State.FAILED
        export.seen_at, export.problem = timezone.now(), ""
        if export.state == State.FAILED:
            log.error("bundle %s ended its worker %s times", export.pk, ATTEMPTS)
            with translation.override(export.language):
                export.problem = _("It could not be made. The office has been notified.")
            vault.delete(export.pk)  # a plan that the last worker may have left
        export.save(update_fields=["attempts", "state", "seen_at", "problem"])
    return export if export.state == State.MAKING else None


def _mine(export: Export) -> Any:
    """A query for the row that finds nothing once another worker has taken it over."""
    return Export.objects.filter(pk=export.pk, state=State.MAKING, attempts=export.attempts)


def _make(export: Export) -> None:
    def progress(done: int, total: int) -> None:
        _mine(export).update(bytes_done=done, bytes_total=total, seen_at=timezone.now())

    options = Options.of(export.options)
    by = access.actor(export.asked_by) if export.asked_by else ledger.BORROWER
    made = make_bundle(export.case, options, by=by, progress=progress)
    is_read_here = export.grants.filter(age_key="").exists()
    pages = page.files(made.papers) if is_read_here else {}
    with written(made, export.pk, pages) as plan, transaction.atomic():
        kept = export.expires_at or timezone.now() + timedelta(days=settings.BUNDLE_DAYS)
        ours = _mine(export).update(
            state=State.READY,
            options=made.papers.options.kept(),
            names_the_borrower=made.papers.knows_the_borrower,
            ledger_size=made.event.data["ledger_size"],
            manifest=made.event.data["manifest"],
            size=made.archive.size,
            made_at=timezone.now(),
            expires_at=kept,
        )
        if ours:
            vault.delete(export.pk)  # a plan that a dead worker may have left
            plan.keep()
            ledger.append(made.event)


def _sentence(problem: Exception) -> str:
    if isinstance(problem, NotWhole):
        return str(problem)
    if isinstance(problem, vault.Full):
        return _("Our storage is full, so the bundle was not made. Nothing is lost.")
    return _("Our storage is not working at the moment. Please try again later.")


def fetch(export: Export, *, by: Actor, to_read: bool = False) -> None:
    """Record a download before its first byte is sent, or that the bundle is opened to be read in the browser.

    Raises Refused if the bundle may not be downloaded now.
    """
    archive(export)
    way = {"way": READ} if to_read else {}
    with transaction.atomic():
        record.note(
            export.case, event_kinds.BUNDLE_DOWNLOADED, by=by, document=b"", manifest=export.manifest, **way
        )


def is_reading(content: dict[str, Any]) -> bool:
    """Whether this entry's content says that a bundle was opened to be read, not downloaded."""
    return (content["kind"], content["data"].get("way")) == (event_kinds.BUNDLE_DOWNLOADED, READ)


def served(export: Export) -> serving.Served:
    """The bundle for sending, as a whole or in parts. Raises Refused if it may not be downloaded now."""
    found, name = archive(export), f"{export.case.reference}.zip"
    return serving.Served(
        export.pk, found.size, export.manifest, "application/zip", name, attached=True, read=found.read
    )


def archive(export: Export) -> bag.Archive:
    """The archive, after checking permissions and that every stored byte is still the one that was checked.

    Raises Refused if the bundle may not be read or downloaded now.
    """
    if not export.is_ready:
        raise Refused(_("This bundle is no longer available. You can make a new one at any time."))
    asked = readers.BY_CONSENT.get(export.audience, "")
    if export.names_the_borrower and asked and asked not in consents.in_force(export.case):
        raise Refused(_("The borrower no longer agrees that this recipient knows them. Make a new bundle."))
    for exhibit in export.case.exhibits.select_related("item__scan").exclude(
        number__in=export.options["left_out"]
    ):
        if exhibit.item.is_quarantined:
            raise Refused(
                _("%(exhibit)s is in quarantine. A supervisor can release it.") % {"exhibit": exhibit.label}
            )
    try:
        found = opened(export.pk)
        check(found)
        _check_readers(export, found)
    except (vault.Missing, vault.Altered):
        log.exception("bundle %s is not what was made", export.pk)
        raise Refused(_("A stored file has changed since this bundle was made. Make a new one.")) from None
    return found


def _check_readers(export: Export, archive: bag.Archive) -> None:
    """Raise Refused where it has a document that its readers may not see, as by the rules of earlier versions."""
    options = Options.of(export.options)
    seen_by = {*options.readers, *(["borrower"] if export.asked_by is None else [])}
    size = export.ledger_size or 0
    entries = [entry for entry in readers.entries_of(export.case.thread) if entry.place < size]
    here = {PurePath(member.name).stem for member in archive.members if "/data/" in f"/{member.name}"}
    if here & {*readers.hidden(entries, *seen_by, notes=options.with_notes)}:
        raise Refused(_("This bundle is no longer available. You can make a new one at any time."))


def forget_old() -> None:
    """Delete the plans of bundles whose time is over. Their rows and ledger entries stay. Forget who asked from
    where."""
    done = Export.objects.exclude(sender="").exclude(state__in=UNDER_WAY)
    done.filter(asked_at__lt=timezone.now() - SENDER_KEPT).update(sender="")
    for export in Export.objects.over():
        forget(export)


def forget(export: Export) -> None:
    """End the bundle and delete its plan.

    Raises vault.Unreachable when the storage does not answer; `forget_old` then tries again.
    """
    Export.objects.filter(pk=export.pk).update(state=State.GONE)
    vault.delete(export.pk)
