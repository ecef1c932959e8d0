"""The evidence step: several files in one plain form; what is refused never takes along what is kept."""

from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from evidence import names, resumable
from evidence.formats import Refused
from evidence.models import PendingUpload
from evidence.multipart import StagedFile, takes_files

from .. import filing, gathering
from ..forms import EvidenceForm
from ..models import Draft, Exhibit
from .drafts import onward, show, with_draft
from .tus import metadata

Refusal = tuple[str, str]  # file name, and the sentence that says why and what to do


@takes_files
@with_draft
def evidence(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    if draft.filed_at:
        return redirect("filed")
    if request.method != "POST":
        return _show(request, draft)
    if "whole" not in request.POST:  # the form's last field
        cut = _("The connection broke before everything had arrived.")
        return _show(request, draft, [(cut, _("What is listed below is kept. Please choose the others again."))])
    return _keep(request, draft)


def _keep(request: HttpRequest, draft: Draft) -> HttpResponse:
    form = EvidenceForm(request.POST, exhibits=kept(draft))
    savable = form.is_valid()
    describe(draft, form)
    gathering.remove_exhibit(draft, _number(request.POST.get("remove", "")))
    drop(draft, request.POST.get("drop", ""))
    refusals = receive(draft, request.FILES.getlist("files"))
    filing.save(draft, "evidence", {})
    if refusals or not savable:
        return _show(request, draft, refusals, typed=None if savable else request.POST)
    if request.POST.keys() & {"remove", "drop"}:
        return redirect(request.get_full_path())
    return onward(request, "evidence")


def _number(text: str) -> int:
    """A key as posted; 0, which no row has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def kept(draft: Draft) -> list[Exhibit]:
    return list(draft.exhibits.select_related("item").order_by("pk"))


def describe(draft: Draft, form: EvidenceForm) -> None:
    for pk, text in form.descriptions().items():
        draft.exhibits.filter(pk=pk).exclude(description=text).update(description=text)


def drop(draft: Draft, upload_id: str) -> None:
    """Forget an unfinished upload of the draft; nothing happens when it is not the draft's."""
    with suppress(ValueError, PendingUpload.DoesNotExist):
        resumable.give_up(gathering.coming_to(draft).get(pk=UUID(upload_id)))


def coming(draft: Draft) -> list[dict[str, object]]:
    """The uploads that have not arrived whole, with what the page's script knows their files by."""
    return [
        {
            "pk": upload.pk,
            "url": reverse("upload", args=[upload.pk]),
            "name": names.shown(upload.name),
            "size": upload.size,
            "offset": upload.offset,
            "fingerprint": metadata(upload.metadata).get("fingerprint", ""),
        }
        for upload in gathering.coming_to(draft).order_by("expires_at")
    ]


def receive(draft: Draft, files: "list[UploadedFile[bytes]]") -> list[Refusal]:
    """Keep each file that can be kept; the others come back with their sentences."""
    sentences = [(file.name or _("File"), _receive_one(draft, file)) for file in files]
    return [(name, sentence) for name, sentence in sentences if sentence]


def _receive_one(draft: Draft, file: "UploadedFile[bytes]") -> str:
    try:
        exhibit = _taken(draft, file)
    except Refused as refused:
        return refused.message
    except gathering.Unwelcome as unwelcome:
        return str(unwelcome)
    twins = draft.exhibits.filter(item__sha256=exhibit.item.sha256, pk__lt=exhibit.pk)
    if twins.exists():  # a doubled click sends everything twice
        gathering.remove_exhibit(draft, exhibit.pk)
    return ""


def _taken(draft: Draft, file: "UploadedFile[bytes]") -> Exhibit:
    if not isinstance(file, StagedFile):
        return gathering.add_exhibit(draft, file.name or "", file.chunks())
    if file.refused:
        raise file.refused
    return gathering.add_staged(draft, file.name or "", file.staged)


def _show(
    request: HttpRequest, draft: Draft, refusals: Sequence[Refusal] = (), typed: QueryDict | None = None
) -> HttpResponse:
    exhibits = kept(draft)
    form = EvidenceForm(typed, exhibits=exhibits)
    rows = [(exhibit, form[f"description_{exhibit.pk}"]) for exhibit in exhibits]
    return show(
        request,
        draft,
        "evidence",
        form,
        "draft/evidence.html",
        rows=rows,
        refusals=refusals,
        coming=coming(draft),
        most=settings.MAX_FILE_BYTES,
        most_files=settings.MAX_DRAFT_FILES,
        most_together=settings.MAX_DRAFT_BYTES,
        unwelcome=_unwelcome(draft),
    )


def _unwelcome(draft: Draft) -> str:
    """Why no file can be added at all, before anybody tries; or ""."""
    if not resumable.has_room():
        return _("We have no room for files at the moment. Go on with your answers, and add files later.")
    try:
        gathering.check_quota(draft, 1)
    except gathering.Unwelcome as unwelcome:
        return str(unwelcome)
    return ""
