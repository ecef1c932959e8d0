"""The forms of the borrower's steps. What they refuse, they say in a sentence and give back as it was typed."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import codes, conduct, filing
from .models import Exhibit
from .wishes import WISHES

MISSING = "required"  # the error code of what was left out; any other means that it cannot be kept


def visible(text: str) -> str:
    """The text without control characters (Unicode Cc), which no database column and no PDF can hold."""
    return "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) != "Cc")


class Words(forms.CharField):
    """Plain text: lines end in \\n, no control characters, and an error that counts for the reader."""

    def __init__(self, *, most: int, lines: int = 1, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(**options)
        self.most = most
        if lines > 1:
            self.widget = forms.Textarea(attrs={"rows": lines})

    def to_python(self, value: object) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        if visible(text) != text:
            raise ValidationError(
                _(
                    "There were invisible characters in this text that cannot be kept."
                    " They are taken out: please look it over and continue."
                ),
                code="control",
            )
        if len(text) > self.most:
            raise ValidationError(
                _("This is too long: %(length)s characters, and at most %(most)s fit here. Please shorten it."),
                code="too_long",
                params={
                    "length": number_format(len(text), force_grouping=True),
                    "most": number_format(self.most, force_grouping=True),
                },
            )
        return text

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, without what could not be kept: pressing the button again then works."""
        return visible(data.replace("\r\n", "\n")) if isinstance(data, str) else data


class Step(forms.Form):
    """One page of the draft."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def keepable(self) -> bool:
        """Whether nothing is wrong but something left out: then it can be saved as it is, unfinished."""
        return all(error.code == MISSING for errors in self.errors.as_data().values() for error in errors)

    def answers(self) -> dict[str, Any]:
        """What is to be saved; an unfinished step says so."""
        return self.cleaned_data if not self.errors else {**self.cleaned_data, "unfinished": True}


def unknown() -> forms.BooleanField:
    return forms.BooleanField(label=gettext_lazy("I don’t know"), required=False)


class PartiesForm(Step):
    lender = Words(
        label=gettext_lazy("Who lent the money?"),
        help_text=gettext_lazy("The bank or company in your contract."),
        most=200,
    )
    lender_unknown = unknown()
    platform = Words(
        label=gettext_lazy("Which app or platform did you borrow through?"),
        help_text=gettext_lazy("Where you applied. It may have another name than the lender."),
        most=200,
    )
    platform_unknown = unknown()
    agency = Words(
        label=gettext_lazy("Who is collecting?"),
        help_text=gettext_lazy("The company or the name they gave, or the lender itself."),
        most=200,
    )
    agency_unknown = unknown()

    def clean(self) -> dict[str, Any]:
        """Each is named or not known. A name counts even when the box is ticked too."""
        for name in filing.ORGANISATIONS:
            if self.cleaned_data.get(name):
                self.cleaned_data[f"{name}_unknown"] = False
            elif name not in self.errors and not self.cleaned_data.get(f"{name}_unknown"):
                self.add_error(name, ValidationError(_("Write the name, or tick “I don’t know”."), code=MISSING))
                self.cleaned_data[name] = ""
        return self.cleaned_data


class StoryForm(Step):
    conduct = forms.MultipleChoiceField(
        label=gettext_lazy("What did they do?"),
        help_text=gettext_lazy("Tick everything that fits. The nearest is enough."),
        choices=[(kind.code, kind.label) for kind in conduct.KINDS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one. The nearest is enough.")},
    )
    story = Words(
        label=gettext_lazy("Tell it in your own words"),
        help_text=gettext_lazy("When, from which number, what was said. Short sentences are fine."),
        required=True,
        most=20_000,
        lines=8,
        error_messages={"required": gettext_lazy("Write at least one sentence.")},
    )


class WishesForm(Step):
    wishes = forms.MultipleChoiceField(
        label=gettext_lazy("What would put it right?"),
        help_text=gettext_lazy("Tick what you want. You may leave it open."),
        choices=list(WISHES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    other = Words(label=gettext_lazy("Something else (optional)"), most=2_000, lines=3)


class ContactForm(Step):
    name = Words(label=gettext_lazy("Your name (optional)"), most=200)
    phone = Words(label=gettext_lazy("Phone (optional)"), most=50)
    email = Words(label=gettext_lazy("E-mail (optional)"), most=254)
    contact_note = Words(
        label=gettext_lazy("When and how is it safe to reach you? (optional)"),
        help_text=gettext_lazy("For example: only messages, only in the morning, not at work."),
        most=500,
        lines=3,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, complete in (("name", "name"), ("phone", "tel"), ("email", "email")):
            self.fields[name].widget.attrs["autocomplete"] = complete
        self.fields["phone"].widget.attrs["inputmode"] = "tel"
        self.fields["email"].widget.attrs["inputmode"] = "email"

    def clean_email(self) -> str:
        given: str = self.cleaned_data["email"]
        if given:
            forms.EmailField(
                error_messages={
                    "invalid": _("This does not look like an e-mail address, such as name@example.com.")
                }
            ).clean(given)
        return given


FORMS: Mapping[str, type[Step]] = {
    "parties": PartiesForm,
    "story": StoryForm,
    "wishes": WishesForm,
    "contact": ContactForm,
}


class EvidenceForm(Step):
    """What each kept file shows."""

    def __init__(self, *args: Any, exhibits: Iterable[Exhibit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for exhibit in exhibits:
            self.fields[f"description_{exhibit.pk}"] = Words(
                label=_("What does it show? (optional)"), most=500, initial=exhibit.description
            )

    def descriptions(self) -> dict[int, str]:
        """Exhibit key -> description, of those that can be kept."""
        return {int(name.removeprefix("description_")): text for name, text in self.cleaned_data.items()}


class CodeForm(Step):
    """An access or draft code, however it was typed."""

    code = forms.CharField(
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code"}
        ),
    )

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = label
        self.fields["code"].help_text = _("20 letters and digits. Spaces and capitals do not matter.")

    def clean_code(self) -> str:
        try:
            return codes.normalise(self.cleaned_data["code"])
        except ValueError:
            raise ValidationError(
                _("A code has 20 letters and digits, like 7KQ4 M2XT 9RDV HC3W P8NA. Please look at it again.")
            ) from None


class TranscriptForm(Step):
    """What is said in a recording, a line a sentence, with its minute and second."""

    text = Words(
        most=200_000,
        lines=12,
        required=True,
        label=gettext_lazy("What is said, for example: 0:42 We will come to your parents."),
    )
