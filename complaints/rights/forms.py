"""The forms for what a borrower can do after filing, and for a lost access code."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import codes
from complaints.drafts.questions.rest import ReachForm
from complaints.forms.base import CodeWords, Step, Words
from complaints.models import Case, Pressed, Reporter
from complaints.reference import references


class WithdrawForm(Step):
    pressed = forms.ChoiceField(
        label=gettext_lazy("Has anyone pressured you to withdraw?"),
        help_text=gettext_lazy(
            "Only a supervisor reads your answer. It is not shown here again, not put in any bundle, and not"
            " given to the lender."
        ),
        choices=Pressed.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one. You can also choose “I would rather not say”.")},
    )
    pressure_words = Words(
        label=gettext_lazy("What happened? (optional)"),
        help_text=gettext_lazy("Only the supervisor reads this."),
        most=5_000,
        lines=3,
    )


def story(label: Promise, help_text: Promise) -> Words:
    """A text field for what happened, in the borrower's own words. It must hold at least one sentence."""
    missing = {"required": gettext_lazy("Write at least one sentence.")}
    return Words(label=label, help_text=help_text, required=True, most=20_000, lines=6, error_messages=missing)


class ReviewForm(Step):
    reasons = story(
        gettext_lazy("What should be reviewed?"),
        gettext_lazy("What was missed, misread or wrong in the reply. One sentence is enough."),
    )


class PhraseForm(Step):
    phrase = CodeWords(
        label=gettext_lazy("The passphrase you were given"),
        most=100,
        required=True,
        error_messages={"required": gettext_lazy("Enter the passphrase.")},
    )


class RetaliationForm(Step):
    text = story(
        gettext_lazy("What have they done?"),
        gettext_lazy("When, who, what was said or done. Short sentences are fine."),
    )


def reach_form(reporter: Reporter, data: Any = None) -> ReachForm:
    """The form for contact details, filled with the present ones."""
    return ReachForm(data, initial={name: getattr(reporter, name) for name in ReachForm.base_fields})


class LostForm(Step):
    reference = Words(
        label=gettext_lazy("Your reference"),
        help_text=gettext_lazy("It is on your receipt, for example HF-2026-000042."),
        required=True,
        most=100,
        error_messages={"required": gettext_lazy("Write the reference. It is on your receipt.")},
    )
    address = Words(
        label=gettext_lazy("The e-mail or phone number that you gave us"),
        help_text=gettext_lazy("If it matches what we have, we send a verification code there."),
        required=True,
        most=254,
        error_messages={"required": gettext_lazy("Enter the e-mail or the phone number that you gave us.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reference"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "characters"}
        self.fields["address"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "none"}

    def clean_reference(self) -> str:
        given: str = self.cleaned_data["reference"]
        if Case.key_in(given) is None:
            raise ValidationError(_("A reference looks like HF-2026-000042. Please check it."))
        return given


class OneTimeForm(Step):
    code = forms.CharField(
        label=gettext_lazy("The verification code"),
        help_text=gettext_lazy("8 letters and digits. Spaces and capital letters do not matter."),
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "class": "code"}
        ),
    )

    def clean_code(self) -> str:
        try:
            return codes.normalise(self.cleaned_data["code"], codes.SHORT)
        except ValueError:
            if references.key_in(self.cleaned_data["code"]) is not None:
                raise ValidationError(
                    _("This is your reference. The verification code is in the message that we sent you.")
                ) from None
            raise ValidationError(_("It has 8 letters and digits, like 7KQ4 M2XT. Please check it.")) from None
