"""The transcript of a recording at the desk: the player, the present transcript, and a form for a new version."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from complaints.admin.forms import TranscriptForm
from complaints.admin.reading import reader
from complaints.exhibits.transcripts import REFUSALS
from complaints.models import Case, Exhibit
from complaints.staff import access
from evidence.viewing import transcripts

from . import exhibits, visits


@require_http_methods(["GET", "HEAD", "POST"])
def transcript(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The page, during a visit. Auditors can only read."""
    case = access.case_or_404(request.user, pk)
    exhibit = access.exhibit_or_404(request.user, pk, number)
    if exhibit.item.kind not in transcripts.WITH_SOUND:
        raise Http404
    if exhibit.item.is_quarantined:
        raise PermissionDenied
    visits.needed(request, exhibit.item)
    if request.method == "POST":
        return _written(request, case, exhibit)
    versions = transcripts.versions(exhibit.item)
    return _page(
        request, case, exhibit, TranscriptForm(initial={"text": transcripts.text(versions[0]) if versions else ""})
    )


def _written(request: HttpRequest, case: Case, exhibit: Exhibit) -> HttpResponse:
    user, form = reader(request), TranscriptForm(request.POST)
    if not access.may_act(user, case):
        raise PermissionDenied
    if not form.is_valid():
        return _page(request, case, exhibit, form, status=422)
    try:
        written = transcripts.write(exhibit.item, form.cleaned_data["text"], by=access.actor(user))
    except transcripts.TranscriptRefused as refused:
        form.add_error("text", str(REFUSALS[refused.code]))
        return _page(request, case, exhibit, form, status=422)
    messages.success(request, _("Version %(number)d of the transcript is kept.") % {"number": written.number})
    return HttpResponseRedirect(reverse("admin:case_transcript", args=[exhibit.case_id, exhibit.number]))


def _page(
    request: HttpRequest, case: Case, exhibit: Exhibit, form: TranscriptForm, status: int = 200
) -> HttpResponse:
    versions = transcripts.versions(exhibit.item)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Transcript of %(exhibit)s") % {"exhibit": exhibit.label},
        "case": case,
        "exhibit": exhibit,
        "shown": exhibits.seen(request, exhibit),
        "form": form,
        "versions": versions,
        "lines": transcripts.lines(transcripts.text(versions[0])) if versions else [],
        "may_act": access.may_act(request.user, case),
    }
    return render(request, "admin/complaints/case/transcript.html", context, status=status)
