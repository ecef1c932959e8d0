"""After saving, the next page states how days and times that were typed freely were understood."""

from itertools import islice

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from complaints.drafts.questions import spelling
from complaints.drafts.questions.fields import WhenField
from complaints.forms.base import Step
from complaints.reference import local_time

MOST = 4  # sentences; more would not fit into the cookie and would be stored in the database


def say_back(request: HttpRequest, form: Step) -> None:
    """Add one sentence for each day or time that is stored otherwise than it was typed.

    None after a change of language: the same page is shown again with the stored values.
    """
    if "language" in request.POST:
        return
    about = bool(form.cleaned_data.get("about"))
    for kept in islice(_reworded(form), MOST):
        words = {"moment": local_time.in_words(kept, about=about)}
        messages.info(request, _("We understood: %(moment)s.") % words)


def _reworded(form: Step) -> list[str]:
    moments = {
        name: form.cleaned_data.get(name) for name, field in form.fields.items() if isinstance(field, WhenField)
    }
    return [kept for name, kept in moments.items() if kept and spelling.plain(form[name].data or "") != kept]
