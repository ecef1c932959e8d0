"""The form for one act of collection, such as a call, a message or a visit."""

from collections.abc import Hashable, Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.forms import markup
from complaints.forms.base import Step, Words
from complaints.reference.choices import Answer, Channel, Direction, Precision, Reached, Speaker

from . import spelling
from .fields import AND_SOME, Times, UntilField, WhenField, radios

NOT_SURE = ("", gettext_lazy("Not sure"))


OTHER_PEOPLE = [one for one in Reached.choices if one[0] != Reached.OWES]
TAKEN_OVER = ("channel", "number", "claimed", "reached")  # from the last act into the next one


def _tiles(label: Any, choices: Iterable[tuple[str, Any]], **options: Any) -> forms.ChoiceField:
    """One of several choices, or none of them."""
    return radios(label, [*choices, NOT_SURE], required=False, **options)


class ActForm(Step):
    """Asks about one act. All answers are optional; an act without any answer is not saved.

    `taken_over` are answers of the last act, which the form begins with.
    """

    is_of_others = False  # whether somebody else than the person who owes files
    IN_A_ROW = ("times", "until")
    ROW_SUMMARY = gettext_lazy("Several in a row? Write them as one")
    FOLDED = ("number", "claimed", "answered", "speaker", "direction", "about")
    SUMMARY = gettext_lazy("More: number, name they gave, answered or not (optional)")

    when = WhenField(
        label=gettext_lazy("When?"),
        help_text=gettext_lazy("For example 2026-11-20 23:41, or yesterday 8 pm. Just the date is fine too."),
        rough=True,
    )
    times = Times(
        label=gettext_lazy("How many were there?"),
        help_text=gettext_lazy("For example 12. Roughly is fine."),
    )
    until = UntilField(
        label=gettext_lazy("When was the last one?"),
        help_text=gettext_lazy("Write the first one above. For example 21:30, or 2026-11-21 08:15."),
        rough=True,
    )
    channel = _tiles(gettext_lazy("How did they contact you?"), Channel.choices)
    reached = _tiles(gettext_lazy("Who did they contact?"), OTHER_PEOPLE)
    disclosed = _tiles(gettext_lazy("Did they mention the debt to that person?"), Answer.choices)
    said = Words(
        label=gettext_lazy("What did they say or do?"),
        help_text=gettext_lazy("Use their exact words if you can."),
        most=4_000,
        lines=3,
    )
    number = Words(label=gettext_lazy("From which number or account?"), most=60)
    claimed = Words(
        label=gettext_lazy("Who did they say they were?"),
        help_text=gettext_lazy("A name, a company, a staff number, or “would not say”."),
        most=200,
    )
    answered = _tiles(gettext_lazy("If it was a call, was it answered?"), Answer.choices)
    speaker = _tiles(gettext_lazy("A person or a recording?"), Speaker.choices)
    direction = _tiles(gettext_lazy("Who got in touch?"), Direction.choices)
    about = forms.BooleanField(label=gettext_lazy("I am not sure of the exact time"), required=False)

    def __init__(self, *args: Any, taken_over: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken_over = taken_over or {}
        self.initial = {**self.taken_over, **self.initial}
        for name in self.taken_over:
            self.fields[name].help_text = gettext_lazy("As in the last one. Change it if it was different.")

    def _drawn(self) -> SafeString:
        """The fields of several in a row are under a summary of their own, behind the time."""
        when, *rest = [self[name] for name in self.fields if name not in (*self.IN_A_ROW, *self.FOLDED)]
        row, folded = [[self[name] for name in names] for names in (self.IN_A_ROW, self.FOLDED)]
        drawn = [markup.field(when), markup.details(row, self.ROW_SUMMARY), *map(markup.field, rest)]
        return SafeString("".join([*drawn, markup.details(folded, self.SUMMARY)]))

    def kind(self) -> Hashable:
        return settings.COUNTRY

    def clean(self) -> dict[str, Any]:
        """Words such as “around” in a time set `about`, in a number `times_about`. That the debt was mentioned is
        asked of other people than the borrower."""
        rough = [
            name
            for name in ("when", *self.IN_A_ROW)
            if self.cleaned_data.get(name) and spelling.is_rough(self[name].data)
        ]
        if {"when", "until"} & {*rough}:
            self.cleaned_data["about"] = True
        if "times" in rough or (self.cleaned_data.get("times") and AND_SOME.search(self["times"].data)):
            self.cleaned_data["times_about"] = "yes"
        if self.cleaned_data.get("until") and not self.errors and not self.cleaned_data.get("times"):
            self.add_error("times", ValidationError(_("Write about how many there were, for example 12.")))
        if self.cleaned_data.get("reached") == Reached.SELF and not self.is_of_others:
            self.cleaned_data["disclosed"] = ""
        return self.cleaned_data

    def clean_until(self) -> str:
        """The time of the last one, on the day of the first one if none is written."""
        typed, first = self.cleaned_data["until"], self.cleaned_data.get("when", "")
        if not typed or "when" in self.errors:
            return ""
        if not first:
            raise ValidationError(_("Write above when the first one was."))
        last = UntilField.after(first, typed)
        if (" " in first) != (" " in last):
            raise ValidationError(_("Write the time of day for the first and the last one, or for neither."))
        if last < first:
            raise ValidationError(_("The last one cannot be before the first one."))
        return last if last != first else ""

    def act(self) -> dict[str, Any]:
        """The act to save: the given answers as strings, and the precision of the time. Empty if there is nothing
        new in it."""
        answers = {name: value for name, value in self.cleaned_data.items() if value and name != "about"}
        if answers == self.taken_over:
            return {}
        if "when" in answers:
            timed, about = " " in answers["when"], self.cleaned_data["about"]
            answers["precision"] = (Precision.ABOUT if about else Precision.EXACT) if timed else Precision.DAY
        return {name: str(value) for name, value in answers.items()}


class OthersActForm(ActForm):
    """Of somebody else than the person who owes: that the debt was mentioned to them counts as well."""

    is_of_others = True
    channel = _tiles(gettext_lazy("How did they get in touch?"), Channel.choices)
    reached = _tiles(
        gettext_lazy("Who did they contact?"),
        Reached.choices,
        help_text=gettext_lazy("Choose what this person is to the person who owes."),
    )
    disclosed = _tiles(gettext_lazy("Did they mention the debt?"), Answer.choices)
