"""What was made of days and times that were typed freely, said on the page that comes after saving them."""

from itertools import islice

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from complaints.drafts.questions import spelling
from complaints.drafts.questions.fields import WhenField
from complaints.forms.base import Step
from complaints.reference import local_time

MOST = 4  # more would not fit into the cookie that carries them, and would be kept in the database


def say_back(request: HttpRequest, form: Step) -> None:
    """A sentence for each that was not written as it is kept. None on a change of language: the same page comes
    again, and shows it as it is kept."""
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
