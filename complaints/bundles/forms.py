"""Forms for choosing what a bundle contains and for granting it, at the desk and for the borrower."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.forms.base import Step, Words
from complaints.models import Case, Exhibit
from complaints.reference import folding

from . import age_encryption, grants
from .options import CHOSEN, MASKED, WITH_NOTES, Options


class Audience(TextChoices):
    """For whom a bundle is made. It decides what is left out (`bundles.options`)."""

    LEGAL_AID = "legal_aid", gettext_lazy("for legal aid or a lawyer")
    COURT = "court", gettext_lazy("for a court")
    COMPLAINT = "complaint", gettext_lazy("for a regulator, as a complaint by the borrower")
    REGULATOR = "regulator", gettext_lazy("for a regulator, as a report without the borrower’s identity")
    POLICE = "police", gettext_lazy("for the police, as a report of an offence")
    OFFICE = "office", gettext_lazy("for our own files")


OUTSIDE = [one for one in Audience if one != Audience.OFFICE]


class Language(TextChoices):
    BOTH = "both", gettext_lazy("Chinese and English")
    ZH = "zh", gettext_lazy("Chinese")
    EN = "en", gettext_lazy("English")


def _labelled(exhibit: Exhibit) -> str:
    """Its number, its name, and what the sender says it shows."""
    named = f"{exhibit.label} {exhibit.item.display_name}"
    return f"{named} · {exhibit.description}" if exhibit.description else named


class ChoicesForm(Step):
    """Starts with the usual options for the audience."""

    audience = forms.ChoiceField(widget=forms.HiddenInput, choices=[*Audience.choices, ("borrower", "borrower")])
    exhibits = forms.MultipleChoiceField(
        label=gettext_lazy("Exhibits"),
        help_text=gettext_lazy(
            "The evidence itself is never masked. Leave out anything the recipient must not see."
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the report"), choices=Language.choices, widget=forms.RadioSelect
    )
    masked = forms.BooleanField(
        label=gettext_lazy("Mask telephone, card and identity numbers and e-mail addresses of other people"),
        help_text=gettext_lazy("The numbers they called from stay readable."),
        required=False,
    )
    hidden = Words(
        label=gettext_lazy("Names to mask as well, one per line (optional)"),
        help_text=gettext_lazy(
            "We cannot recognise names ourselves: write those of colleagues or relatives here."
        ),
        most=2_000,
        lines=3,
    )
    notes = forms.BooleanField(
        label=gettext_lazy("Include the office’s internal notes"),
        help_text=gettext_lazy("The borrower never gets them. A lawyer may show them to the borrower."),
        required=False,
    )
    goes_on = forms.BooleanField(
        label=gettext_lazy("If a stored file is missing or altered, continue without it and say so"),
        help_text=gettext_lazy("Otherwise nothing is made, and you see which one it is."),
        required=False,
    )

    def __init__(self, data: Any, *, case: Case, audience: str = "", at_the_desk: bool = False) -> None:
        self.at_the_desk = at_the_desk
        exhibits = list(case.exhibits.select_related("item").order_by("number"))
        self.numbers = [int(one.number) for one in exhibits if one.number]
        super().__init__(data if data is not None else self._usual(audience))
        labels = {str(one.number): _labelled(one) for one in exhibits}
        self.fields["exhibits"].choices = list(labels.items())  # type: ignore[attr-defined]
        if not labels:
            del self.fields["exhibits"]
        if not at_the_desk or self.data.get("audience") not in WITH_NOTES:
            del self.fields["notes"]

    def _usual(self, audience: str) -> QueryDict:
        usual = QueryDict(mutable=True)
        usual.update({"audience": audience, "language": "both"})
        usual.setlist("exhibits", [str(number) for number in self.numbers])
        if audience in MASKED:
            usual["masked"] = "on"
        return usual

    def clean_hidden(self) -> str:
        written: str = self.cleaned_data["hidden"]
        if any(len(line.strip()) == 1 for line in written.splitlines()):
            raise ValidationError(_("A one-letter name would mask half of the text."))
        return written

    def options(self) -> Options:
        """The chosen options. Call it only on a valid form."""
        cleaned = self.cleaned_data
        taken = {int(number) for number in cleaned.get("exhibits", [])}
        hidden = tuple(line.strip() for line in cleaned["hidden"].splitlines() if line.strip())
        return Options(
            audience=cleaned["audience"],
            language=cleaned["language"],
            masked=cleaned["masked"] or bool(hidden),
            hidden=hidden,
            left_out={number: CHOSEN for number in self.numbers if number not in taken},
            notes=cleaned.get("notes", False),
            by_borrower=not self.at_the_desk,
            goes_on=cleaned["goes_on"],
        )


class GrantForm(Step):
    recipient = Words(
        label=gettext_lazy("Name of the recipient"),
        help_text=gettext_lazy("A person or an office. It is kept here and not put in the bundle."),
        most=200,
        required=True,
        error_messages={"required": gettext_lazy("Write who it is for.")},
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days the link works"), min_value=1, max_value=grants.MOST_DAYS, initial=14
    )
    downloads = forms.IntegerField(
        label=gettext_lazy("Maximum downloads"),
        min_value=1,
        max_value=grants.MOST_DOWNLOADS,
        initial=3,
    )
    age_key = Words(
        label=gettext_lazy("Their age public key, to encrypt it (optional)"),
        help_text=gettext_lazy("It begins with age1. Leave this empty if they have none."),
        most=200,
    )

    def clean_age_key(self) -> str:
        key = "".join(folding.clean(self.cleaned_data["age_key"]).split())
        if key and not age_encryption.is_key(key):
            raise ValidationError(_("This is not an age public key. It begins with age1."))
        return key

    def terms(self) -> grants.Terms:
        return grants.Terms(**self.cleaned_data)


class AgreeForm(GrantForm):
    """The borrower's own form, which also asks for consent."""

    agreed = forms.BooleanField(
        label=gettext_lazy("They may know who I am and how to reach me"),
        help_text=gettext_lazy("Without this your name is left out. What was downloaded cannot be recalled."),
        required=False,
    )
