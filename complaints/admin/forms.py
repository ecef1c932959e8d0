"""Forms and fields of the case page."""

from typing import Any, TypeVar
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, TextChoices
from django.utils.translation import gettext_lazy as _

from complaints import digits
from complaints.conversation import phrases
from complaints.forms import secret_codes
from complaints.models import Exhibit

Row = TypeVar("Row", bound=Model)
StepResult = str | forms.Form  # what a step returns: a sentence if it succeeded, else the form to correct

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Reason(TextChoices):
    """Why somebody opens an original. The code goes on the ledger."""

    REVIEW = "review", _("To examine it")
    DECISION = "decision", _("To write the decision")
    INTEGRITY = "integrity", _("To check that it is unchanged")
    DISCLOSURE = "disclosure", _("To hand it to an authority")


class Text(forms.CharField):
    """Words without codes. A line end counts as one character, as browsers count it, though they send two."""

    is_message = False  # whether codes of banks and authenticators are taken out too

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        secret_codes.check(text, is_message=self.is_message)
        return text

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was typed, without codes, so that it can be sent again."""
        return secret_codes.taken_out(data, is_message=self.is_message) if isinstance(data, str) else data


class MessageText(Text):
    """A message or a note."""

    is_message = True


class OriginalForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why do you open it?"), choices=Reason.choices)


class ReleaseReason(TextChoices):
    """Why a file is released from quarantine. The code goes on the ledger."""

    FALSE_ALARM = "false_alarm", _("The scanner is wrong")
    NEEDED = "needed", _("It is needed, and will be opened with care")


class ReleaseForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why is it released?"), choices=ReleaseReason.choices)


class TranscriptForm(forms.Form):
    text = Text(label=_("What is said"), widget=forms.Textarea(attrs={"rows": 14}), strip=False)


class KeyField(forms.IntegerField):
    """The key of a row in a hidden field."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        found = digits.number(str(value))
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found


class RowsField(forms.ModelMultipleChoiceField[Row]):
    """Several rows of a table. A key too large for its column is refused like an unknown one."""

    def clean(self, value: Any) -> Any:
        for key in value or ():
            if digits.number(str(key)) is None:
                raise ValidationError(self.error_messages["invalid_pk_value"], params={"pk": str(key)[:40]})
        return super().clean(value)


class ExhibitsField(RowsField[Exhibit]):
    def label_from_instance(self, exhibit: Any) -> str:
        return f"{exhibit.label} {exhibit.item.display_name}"


class WrittenForm(forms.Form):
    """A form whose labels have no colon, which Chinese and English would set differently."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class WithdrawalForm(WrittenForm):
    """A supervisor's decision on a withdrawal."""

    decision = forms.ChoiceField(
        label=_("What happens with the case?"),
        choices=[("keep", _("It stays open")), ("end", _("It ends, as the borrower asked"))],
        widget=forms.RadioSelect,
    )
    reasons = Text(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Only supervisors read this. Its digest goes into the ledger, its words into no bundle."),
    )


class ReplyForm(WrittenForm):
    text = MessageText(
        label=_("Reply to the borrower"),
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_(
            "In plain words and in their language: what you found, what happens now, "
            "and what they can do if they disagree."
        ),
    )


class WriteForm(WrittenForm):
    """A message or a question to the borrower.

    `once` lets a page that is sent twice write once; `seen` is the borrower's last message that the page showed.
    """

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
    text = MessageText(
        label=_("Write to the borrower"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Short, in plain words, in their language. They read it with the access code."),
        required=False,
        max_length=20_000,
    )
    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    seen = KeyField(initial=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "write_%s", **kwargs})  # ids other than those of the reply's form


class ReadForm(forms.Form):
    seen = KeyField()
