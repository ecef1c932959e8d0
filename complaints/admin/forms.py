"""What an investigator fills in on the case page."""

from typing import Any, TypeVar
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, TextChoices
from django.utils.translation import gettext_lazy as _

from complaints import digits
from complaints.conversation import phrases
from complaints.models import Exhibit

Row = TypeVar("Row", bound=Model)
StepResult = str | forms.Form  # of a step: the sentence to show, or the form to correct

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Reason(TextChoices):
    """Why somebody opens an original. The code goes into the ledger."""

    REVIEW = "review", _("To examine it")
    DECISION = "decision", _("To write the decision")
    INTEGRITY = "integrity", _("To check that it is unchanged")
    DISCLOSURE = "disclosure", _("To hand it to an authority")


class OriginalForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why do you open it?"), choices=Reason.choices)


class ReleaseReason(TextChoices):
    """Why a quarantined file is released. The code goes into the ledger."""

    FALSE_ALARM = "false_alarm", _("The scanner is wrong")
    NEEDED = "needed", _("It is needed, and will be opened with care")


class ReleaseForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why is it released?"), choices=ReleaseReason.choices)


class TranscriptForm(forms.Form):
    text = forms.CharField(label=_("What is said"), widget=forms.Textarea(attrs={"rows": 14}), strip=False)


class KeyField(forms.IntegerField):
    """The key of a row, which the page carries along unseen."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        found = digits.number(str(value))
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class RowsField(forms.ModelMultipleChoiceField[Row]):
    """Several rows of a table. A key that no column can hold is refused as one that is not on offer."""

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if digits.number(str(key)) is None:
                raise ValidationError(self.error_messages["invalid_pk_value"], params={"pk": str(key)[:40]})
        return super().clean(value)


class ExhibitsField(RowsField[Exhibit]):
    def label_from_instance(self, exhibit: Any) -> str:
        return f"{exhibit.label} {exhibit.item.display_name}"


class WrittenForm(forms.Form):
    """Labels without a colon, which each language would set differently."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class WithdrawalForm(WrittenForm):
    """A supervisor's answer to a withdrawal that does not end by itself."""

    decision = forms.ChoiceField(
        label=_("What happens with the case?"),
        choices=[("keep", _("It stays open")), ("end", _("It ends, as the borrower asked"))],
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only supervisors read this. Its digest goes into the ledger, its words into no bundle."),
    )


class ReplyForm(WrittenForm):
    text = forms.CharField(
        label=_("Reply to the borrower"),
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_(
            "In plain words and in their language: what you found, what happens now, "
            "and what they can do if they disagree."
        ),
    )


class WriteForm(WrittenForm):
    """A message or a question, besides the reply. `once` makes a page that is sent twice count once; `seen` is the
    last message of the borrower that the page showed."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[("message", _("A message")), ("question", _("A question, open until it is answered"))],
        widget=forms.RadioSelect,
        initial="message",
    )
    phrase = forms.ChoiceField(
        label=_("Begin from a phrase"),
        choices=lambda: [("", "–"), *((one.code, one.label) for one in phrases.all_of_them().values())],
        required=False,
    )
    text = forms.CharField(
        label=_("Write to the borrower"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Short, in plain words, in their language. They read it with the access code."),
        required=False,
        max_length=20_000,
    )
    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    seen = KeyField(initial=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "write_%s", **kwargs})  # the reply's form is on the same page


class ReadForm(forms.Form):
    seen = KeyField()
