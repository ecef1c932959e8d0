"""Gives back text that was typed into a page whose draft or case is closed or whose text was already sent."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from complaints.drafts.forms import AdditionForm
from complaints.drafts.questions import FORMS, ActForm
from complaints.drafts.questions.evidence import SHOWS
from complaints.drafts.questions.rest import ReachForm
from complaints.forms.base import Step, TranscriptForm, Words
from complaints.reference.choices import FACTS, ORIGINALS
from complaints.rights.forms import RetaliationForm, ReviewForm, WithdrawForm
from complaints.safety.forms import CallBackForm

ELSEWHERE: dict[str, type[Step]] = {  # address -> form, for pages that are not steps of a draft
    "addition": AdditionForm,
    "respond_write": AdditionForm,
    "callback": CallBackForm,
    "follow_withdraw": WithdrawForm,
    "follow_review": ReviewForm,
    "follow_retaliation": RetaliationForm,
    "follow_reach": ReachForm,
    "follow_transcript": TranscriptForm,
}
Typed = Sequence[tuple[object, str]]  # label, text


def typed_words(request: HttpRequest) -> Typed:
    """The text fields with content, of the page that was posted to."""
    where = request.resolver_match
    step = str(where.kwargs.get("step", where.url_name)) if where else ""
    labels = _labels_of_files(request) if step == "evidence" else _labels(step)
    return [(label, request.POST[name]) for name, label in labels.items() if request.POST.get(name, "").strip()]


def sent_already(request: HttpRequest, template: str, where: str, *, same: bool) -> HttpResponse:
    """Redirect to what was sent. If the page has other text than that (not `same`), give the text back."""
    if same or not (typed := typed_words(request)):
        return redirect(where)
    context = {"typed": typed, "where": where, "title": _("Sent already")}
    return render(request, template, context, status=409)


def _labels(step: str) -> dict[str, object]:
    form = ELSEWHERE.get(step) or (ActForm if step == "act" else FORMS.get(step))
    fields = form.base_fields if form else {}
    return {name: field.label for name, field in fields.items() if isinstance(field, Words)}


def _labels_of_files(request: HttpRequest) -> dict[str, object]:
    """Labels of the evidence page's fields, which are repeated for each file, such as `description_12`."""
    known = {"description": SHOWS, "captured": FACTS["captured"]}
    things = {f"original_{kind}": label for kind, label in ORIGINALS.items()}
    files = {name: known[name.rpartition("_")[0]] for name in request.POST if name.rpartition("_")[0] in known}
    return {**files, **things}
