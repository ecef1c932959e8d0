"""The forms about who files, and against which organisations."""

from collections.abc import Hashable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.forms.base import MISSING, Step, Words
from complaints.reference import regions
from complaints.reference.choices import Relation

from .fields import Amount, Lines, radios


class WhoForm(Step):
    relation = radios(gettext_lazy("Which fits you best? (optional)"), Relation.choices, required=False)
    acting_for = Words(
        label=gettext_lazy("Who are you acting for? (optional)"),
        help_text=gettext_lazy("Their name and how you are related, for example: my mother."),
        most=200,
    )
    region = forms.ChoiceField(
        label=gettext_lazy("Where do you live? (optional)"),
        help_text=gettext_lazy("The province or state is enough. This can decide which office handles it."),
        choices=lambda: [("", gettext_lazy("I would rather not say")), *regions.choices()],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not regions.are_known():
            del self.fields["region"]

    def kind(self) -> Hashable:
        return settings.COUNTRY


class PartiesForm(Step):
    FOLDED = ("product", "account", "claimed", "borrowed", "their_number")
    SUMMARY = gettext_lazy("About the debt, if you have the details (optional)")

    agency = Words(
        label=gettext_lazy("Who is collecting?"),
        help_text=gettext_lazy("The company or the name they gave, or the lender itself."),
        most=200,
    )
    agency_unknown = forms.BooleanField(label=gettext_lazy("I don’t know"), required=False)
    lender = Words(
        label=gettext_lazy("Who lent the money? (optional)"),
        help_text=gettext_lazy("The bank or company in the contract."),
        most=200,
    )
    platform = Words(
        label=gettext_lazy("Which app or platform was it borrowed through? (optional)"),
        help_text=gettext_lazy("Its name may differ from the lender’s."),
        most=200,
    )
    numbers = Lines(
        label=gettext_lazy("Which numbers did they call or write from? (optional)"),
        help_text=gettext_lazy("Phone numbers, senders of text messages, names in a messaging app. One per line."),
        most_lines=100,
        most_a_line=60,
    )
    product = Words(
        label=gettext_lazy("What kind of debt do they say it is? (optional)"),
        help_text=gettext_lazy("For example: credit card, online loan, car loan, or its name in the app."),
        most=100,
    )
    account = Words(
        label=gettext_lazy("Account or contract number (optional)"),
        help_text=gettext_lazy("From the contract, the app or a message. It helps to find the right account."),
        most=60,
        attrs={"autocomplete": "off"},
    )
    claimed = Amount(label=gettext_lazy("How much do they say you owe? (optional)"))
    borrowed = Words(
        label=gettext_lazy("When was the money borrowed? (optional)"),
        help_text=gettext_lazy("Roughly is fine, for example: March 2025."),
        most=50,
    )
    their_number = Words(
        label=gettext_lazy("Their complaint number, if you complained to them (optional)"), most=60
    )

    def clean(self) -> dict[str, Any]:
        """The agency has a name or is unknown. If both are given, the name counts."""
        if self.cleaned_data.get("agency"):
            self.cleaned_data["agency_unknown"] = False
        elif "agency" not in self.errors and not self.cleaned_data.get("agency_unknown"):
            self.add_error("agency", ValidationError(_("Write the name, or tick “I don’t know”."), code=MISSING))
            self.cleaned_data["agency"] = ""
        return self.cleaned_data


class OthersPartiesForm(PartiesForm):
    """Of somebody else than the person who owes."""

    claimed = Amount(label=gettext_lazy("How much do they say is owed? (optional)"))
