"""Gives back text that was typed into a page whose draft or case is closed or whose text was already sent."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from complaints.bundles.forms import AgreeForm, ChoicesForm
from complaints.drafts.forms import AdditionForm
from complaints.drafts.questions import FORMS, ActForm
from complaints.drafts.questions.evidence import SHOWS
from complaints.drafts.questions.rest import ReachForm
from complaints.enquiries.forms import NOT_SENT
from complaints.forms.base import Step, TranscriptForm, Words
from complaints.reference.choices import FACTS, ORIGINALS
from complaints.rights.forms import RetaliationForm, ReviewForm, WithdrawForm
from complaints.safety.forms import CallBackForm

ELSEWHERE: dict[str, tuple[type[Step], ...]] = {  # address -> forms, for pages that are not steps of a draft
    "act": (ActForm,),
    "addition": (AdditionForm,),
    "respond_write": (AdditionForm,),
    "callback": (CallBackForm,),
    "follow_withdraw": (WithdrawForm,),
    "follow_review": (ReviewForm,),
    "follow_retaliation": (RetaliationForm,),
    "follow_reach": (ReachForm,),
    "follow_transcript": (TranscriptForm,),
    "follow_give": (ChoicesForm, AgreeForm),
}
OF_ROWS: dict[str, object] = {"description": SHOWS, "captured": FACTS["captured"], "reason": NOT_SENT}
Typed = Sequence[tuple[object, str]]  # label, text


def typed_words(request: HttpRequest) -> Typed:
    """The text fields with content, of the page that was posted to."""
    where = request.resolver_match
    step = str(where.kwargs.get("step", where.url_name)) if where else ""
    labels = {**_labels(step), **_labels_of_rows(request)}
    return [(label, request.POST[name]) for name, label in labels.items() if request.POST.get(name, "").strip()]


def sent_already(request: HttpRequest, template: str, where: str, *, same: bool) -> HttpResponse:
    """Redirect to what was sent. If the page has other text than that (not `same`), give the text back."""
    if same or not (typed := typed_words(request)):
        return redirect(where)
    context = {"typed": typed, "where": where, "title": _("Already sent")}
    return render(request, template, context, status=409)


def _labels(step: str) -> dict[str, object]:
    forms = ELSEWHERE.get(step) or ((FORMS[step],) if step in FORMS else ())
    fields = {name: field for form in forms for name, field in form.base_fields.items()}
    things = {f"original_{kind}": label for kind, label in ORIGINALS.items()} if step == "evidence" else {}
    return {**{name: field.label for name, field in fields.items() if isinstance(field, Words)}, **things}


def _labels_of_rows(request: HttpRequest) -> dict[str, object]:
    """Labels of the fields that pages repeat for each file or thing asked for, such as `description_12`."""
    named = ((name, *name.rpartition("_")) for name in request.POST)
    return {
        name: OF_ROWS[field] for name, field, _line, number in named if field in OF_ROWS and number.isdecimal()
    }
