"""The form for one act of collection, such as a call, a message or a visit."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from complaints.forms.base import Step, Words
from complaints.reference.choices import Answer, Channel, Direction, Precision, Reached, Speaker

from . import spelling
from .fields import WhenField, one_of


class ActForm(Step):
    """Asks about one act. All answers are optional; an act without any answer is not saved."""

    when = WhenField(
        label=gettext_lazy("When?"),
        help_text=gettext_lazy("For example 2026-11-20 23:41, or yesterday 8 pm. Only the day is fine too."),
        rough=True,
    )
    about = forms.BooleanField(label=gettext_lazy("The time is only about right"), required=False)
    channel = one_of(gettext_lazy("How?"), Channel.choices)
    direction = one_of(gettext_lazy("Who contacted whom?"), Direction.choices)
    number = Words(label=gettext_lazy("From which number or account?"), most=60)
    answered = one_of(gettext_lazy("If it was a call: was it answered?"), Answer.choices)
    speaker = one_of(gettext_lazy("A person or a machine?"), Speaker.choices)
    claimed = Words(
        label=gettext_lazy("Who did they say they were?"),
        help_text=gettext_lazy("A name, a company, a staff number, or “would not say”."),
        most=200,
    )
    reached = one_of(gettext_lazy("Whom did they reach?"), Reached.choices)
    disclosed = one_of(gettext_lazy("If it was somebody else: did they mention the debt?"), Answer.choices)
    said = Words(
        label=gettext_lazy("What was said or written?"),
        help_text=gettext_lazy("Word for word, as well as you remember it."),
        most=4_000,
        lines=4,
    )

    def clean(self) -> dict[str, Any]:
        """Words such as “around” in the time set `about`."""
        if self.cleaned_data.get("when") and spelling.is_rough(self["when"].data):
            self.cleaned_data["about"] = True
        return self.cleaned_data

    def act(self) -> dict[str, Any]:
        """The act to save: the given answers as strings, and the precision of the time."""
        answers = {name: value for name, value in self.cleaned_data.items() if value and name != "about"}
        if "when" in answers:
            timed, about = " " in answers["when"], self.cleaned_data["about"]
            answers["precision"] = (Precision.ABOUT if about else Precision.EXACT) if timed else Precision.DAY
        return {name: str(value) for name, value in answers.items()}
