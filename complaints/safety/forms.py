"""The form for a call-back: how to reach somebody safely."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.forms.base import Step, Words
from complaints.models import CallBack
from complaints.reference import addresses


class CallBackForm(Step):
    key = forms.CharField(widget=forms.HiddenInput, required=False)  # of the page: sent twice, it asks once
    channel = forms.ChoiceField(
        label=_("How can we reach you without anyone noticing?"),
        choices=CallBack.Channel.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one way.")},
    )
    reach = Words(
        label=_("Phone number or WeChat ID"),
        help_text=_("Only use one that nobody else answers or reads."),
        required=True,
        most=200,
        error_messages={"required": _("Enter a phone number or a WeChat ID so that we can reach you.")},
    )
    safe_times = Words(
        label=_("When is it safe? (optional)"),
        help_text=_("For example: now; after 3 in the afternoon; not while the child is at home."),
        most=300,
    )
    say = Words(
        label=_("What can we say, and what should we not say? (optional)"),
        help_text=_("For example: say that it is about a parcel; hang up if someone else answers."),
        most=500,
        lines=3,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"key": uuid.uuid4().hex, "channel": CallBack.Channel.PHONE})
        super().__init__(*args, **kwargs)
        self.fields["reach"].widget.attrs["autocomplete"] = "off"

    def clean_reach(self) -> str:
        given: str = self.cleaned_data["reach"]
        return addresses.email(given) if addresses.is_email(given) else addresses.phone(given)
