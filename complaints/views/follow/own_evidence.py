"""The borrower's own evidence: their files, the copies for viewing, and transcripts that they can type."""

from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints import digits
from complaints.drafts import listening, saving
from complaints.exhibits import serving, showing
from complaints.exhibits.transcripts import REFUSALS
from complaints.forms.base import TranscriptForm
from complaints.models import Case, Exhibit
from complaints.views import autosaved
from complaints.views.language import reworded
from complaints.views.opened import with_case
from evidence import ledger
from evidence.models import Derivative
from evidence.viewing import transcripts


def exhibit_of(case: Case, number: int) -> Exhibit:
    """The exhibit of this number. Raises Http404, and PermissionDenied if it is in quarantine."""
    exhibit = get_object_or_404(case.exhibits.select_related("item"), number=number)
    if exhibit.item.is_quarantined:
        raise PermissionDenied
    return exhibit


@require_safe
@with_case
def exhibit(request: HttpRequest, case: Case, number: int) -> HttpResponse:
    """One exhibit with all that is shown of it, at full width; of a document, one page (`?page=2`)."""
    found = list(shown_exhibits(case))
    one = next((each for each in found if each.number == number), None)
    if one is None:
        raise Http404
    shown = showing.viewing(one, partial(address, one))
    place = found.index(one)
    context = {
        "title": one.label,
        "case": case,
        "exhibit": one,
        "shown": shown,
        "sheet": showing.sheet(shown, digits.key(request.GET.get("page", "")) or 1),
        "before": found[place - 1] if place else None,
        "after": found[place + 1] if place + 1 < len(found) else None,
    }
    return render(request, "follow/exhibit.html", context)


def shown_exhibits(case: Case) -> QuerySet[Exhibit]:
    """The case's exhibits in their order, with everything that the borrower's pages show of them."""
    found = case.exhibits.select_related("item__seal", "item__inspection", "item__scan", "came_with")
    return found.prefetch_related("item__tokens", "item__derivatives")


def address(exhibit: Exhibit, made: Derivative) -> str:
    """The address of a copy for the borrower."""
    return reverse("follow_derivative", args=[exhibit.number, made.pk])


@require_safe
@serving.kept_if_small
@with_case
def derivative(request: HttpRequest, case: Case, number: int, key: UUID) -> HttpResponseBase:
    """A copy for viewing."""
    made = get_object_or_404(Derivative, pk=key, item=exhibit_of(case, number).item)
    return serving.asked_again(request, made)


@require_safe
@with_case
def original(request: HttpRequest, case: Case, number: int) -> HttpResponseBase:
    """The file as the borrower sent it, byte for byte."""
    return serving.respond(request, serving.original(exhibit_of(case, number).item))


@with_case
def transcript(request: HttpRequest, case: Case, number: int) -> HttpResponseBase:
    exhibit = exhibit_of(case, number)
    if exhibit.item.kind not in transcripts.WITH_SOUND:
        raise Http404
    if request.method != "POST":
        return _page(request, exhibit, TranscriptForm(initial={"text": _to_go_on_with(exhibit)}))
    form = TranscriptForm(request.POST)
    if "language" in request.POST:
        return reworded(request, form, partial(_page, request, exhibit))
    return _while_typing(request, exhibit, form) if autosaved.is_typing(request) else _kept(request, exhibit, form)


def _while_typing(request: HttpRequest, exhibit: Exhibit, form: TranscriptForm) -> HttpResponse:
    if not form.keepable():
        return autosaved.refused(form)
    text, seen = form.cleaned_data.get("text", ""), autosaved.seen(request, _words)
    try:
        return autosaved.saved(listening.keep(exhibit, text, before=_newest_text(exhibit), seen=seen))
    except saving.ChangedMeanwhile:
        return autosaved.sentence(_("Another tab or phone has changed this page. Load it again to compare."), 409)


def _words(sent: QueryDict) -> dict[str, Any]:
    form = TranscriptForm(sent)
    return {"text": form.cleaned_data.get("text", "")} if form.keepable() else {}


def _kept(request: HttpRequest, exhibit: Exhibit, form: TranscriptForm) -> HttpResponse:
    if form.is_valid():
        try:
            transcripts.write(exhibit.item, form.cleaned_data["text"], by=ledger.BORROWER)
            listening.forget(exhibit)
            return redirect("follow_transcript", exhibit.number)
        except transcripts.TranscriptRefused as refused:
            form.add_error("text", str(REFUSALS[refused.code]))
    return _page(request, exhibit, form)


def _to_go_on_with(exhibit: Exhibit) -> str:
    """The words that were saved while they were typed; without any, those of the newest version."""
    return listening.words(exhibit) or _newest_text(exhibit)


def _newest_text(exhibit: Exhibit) -> str:
    versions = transcripts.versions(exhibit.item)
    return transcripts.text(versions[0]) if versions else ""


def _page(request: HttpRequest, exhibit: Exhibit, form: TranscriptForm) -> HttpResponse:
    versions = transcripts.versions(exhibit.item)
    newest, unfinished = _newest_text(exhibit), listening.words(exhibit)
    context = {
        "title": _("What is said in %(exhibit)s") % {"exhibit": exhibit.label},
        "case": exhibit.case,
        "exhibit": exhibit,
        "form": form,
        "newest": versions[0] if versions else None,
        "lines": transcripts.lines(newest),
        "unfinished": unfinished,
        "seen": saving.mark({"text": unfinished or newest}),
    }
    return render(request, "follow/transcript.html", context, status=422 if form.errors else 200)
