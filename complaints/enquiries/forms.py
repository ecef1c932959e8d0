"""The form of an answer to an enquiry: a text, the state of each item, and facts about each file."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from complaints.drafts.forms import AdditionForm
from complaints.forms.base import Words
from complaints.models import Asked

from . import answers

State = Asked.State
NOT_SENT = _("Why it is not sent or not complete")
CHOICES = [
    ("", _("We have not said yet")),
    (State.SUPPLIED, _("Yes, here or already sent")),
    (State.PARTLY, _("Only a part of it")),
    (State.REFUSED, _("We do not provide it")),
]


class ResponseForm(AdditionForm):
    def __init__(self, *args: Any, asked: Iterable[Asked], says: answers.Says, **kwargs: Any) -> None:
        super().__init__(*args, kind="response", **kwargs)
        self.asked = list(asked)
        for one in self.asked:
            before = says.get(str(one.number), {})
            self.fields[f"state_{one.number}"] = forms.ChoiceField(
                label=_("Will you provide it?"),
                choices=CHOICES,
                required=False,
                initial=before.get("state", ""),
                error_messages={"invalid_choice": _("Choose one of these.")},
            )
            self.fields[f"reason_{one.number}"] = Words(
                label=NOT_SENT, most=2000, initial=before.get("reason", "")
            )

    def says(self, before: answers.Says) -> answers.Says:
        """The state and reason of each item; those in `before` if the new ones cannot be saved."""
        found = {}
        for number in (str(one.number) for one in self.asked):
            old = before.get(number, {"state": "", "reason": ""})
            state = self.cleaned_data.get(f"state_{number}", old["state"])
            found[number] = {"state": state, "reason": self.cleaned_data.get(f"reason_{number}", old["reason"])}
        return found

    def asked_rows(self) -> list[tuple[Asked, BoundField, BoundField]]:
        return [(one, self[f"state_{one.number}"], self[f"reason_{one.number}"]) for one in self.asked]
