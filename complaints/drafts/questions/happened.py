"""The forms about conduct, a court, and the story."""

from collections.abc import Hashable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.forms.base import MISSING, Step, Words
from complaints.reference import conduct
from complaints.reference.choices import Court, Relation

from .fields import WhenField, radios, ticks


def _what_happened(relation: str) -> forms.MultipleChoiceField:
    return ticks(
        gettext_lazy("Tick everything that happened"),
        conduct.labels(relation).items(),
        help_text=gettext_lazy("Close enough is fine."),
        error_messages={"required": gettext_lazy("Tick at least one. Close enough is fine.")},
    )


class ConductForm(Step):
    """Of somebody who does not say whose debt it is."""

    conduct = _what_happened("")


class DebtorsConductForm(ConductForm):
    conduct = _what_happened(Relation.DEBTOR)


class ContactedConductForm(ConductForm):
    conduct = _what_happened(Relation.CONTACTED)


class ActingConductForm(ConductForm):
    conduct = _what_happened(Relation.ACTING)


class CourtForm(Step):
    court = radios(
        gettext_lazy("Do you have a paper or a date from a court? (optional)"),
        Court.choices,
        help_text=gettext_lazy("A summons, a ruling, a message that names a court, or a hearing date."),
        required=False,
    )
    court_on = WhenField(
        label=gettext_lazy("What date does it give? (optional)"),
        help_text=gettext_lazy("The hearing date, or the last day to answer. For example 2026-11-24."),
        ahead=True,
    )
    court_note = Words(
        label=gettext_lazy("What does the paper say? (optional)"),
        help_text=gettext_lazy("The name of the court, the case number, and how you received it."),
        most=1_000,
        lines=3,
    )

    def clean(self) -> dict[str, Any]:
        """A day contradicts the answer that there is nothing from a court: then one of them must be changed. An
        hour beside the day goes, as it was typed, to what the paper says."""
        day, _space, hour = self.cleaned_data.get("court_on", "").partition(" ")
        if hour:
            typed, note = self["court_on"].data.strip(), self.cleaned_data.get("court_note", "")
            self.cleaned_data["court_on"] = day
            if typed not in note:
                self.cleaned_data["court_note"] = f"{typed}\n{note}".strip()
        if self.cleaned_data.get("court") == Court.NONE and self.cleaned_data.get("court_on"):
            slip = _("You wrote a date below, but chose “No, nothing from a court”. Please change one of them.")
            self.add_error("court", ValidationError(slip, code=MISSING))
            self.cleaned_data["court"] = ""
        return self.cleaned_data


class StoryForm(Step):
    """`spoken`: a recording says what happened, so the text may stay empty."""

    story = Words(
        label=gettext_lazy("Describe it in your own words"),
        help_text=gettext_lazy(
            "When, from which number, what was said. You can add screenshots and recordings later."
        ),
        required=True,
        most=20_000,
        lines=10,
        error_messages={"required": gettext_lazy("Please write one sentence, or record it.")},
    )

    def __init__(self, *args: Any, spoken: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["story"].required = not spoken

    def kind(self) -> Hashable:
        return settings.COUNTRY
