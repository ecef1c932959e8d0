"""The forms for asking the other side and for what came of it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.admin.forms import DAY, KeyField, Text, WrittenForm
from complaints.enquiries import answers, asking, demands, mail
from complaints.models import Asked, Case, Enquiry, EnquiryAnswer


class AskForm(WrittenForm):
    """An enquiry before it is sent. `once` lets a page that is sent twice ask once."""

    recipient = forms.ChoiceField(label=gettext_lazy("Who do you want to ask?"), choices=Enquiry.Recipient.choices)
    organisation = Text(
        label=gettext_lazy("Its name"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Empty: the name that the borrower gave."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the letter"), choices=settings.LANGUAGES)
    way = forms.ChoiceField(label=gettext_lazy("How is it sent?"), choices=Enquiry.Way.choices)
    email = forms.EmailField(
        label=gettext_lazy("Their e-mail address"),
        required=False,
        help_text=gettext_lazy("Of their complaints or compliance department, never of a collector."),
    )
    kept = forms.ChoiceField(label=gettext_lazy("What they must keep"), required=False)
    text = Text(
        label=gettext_lazy("What else you ask or tell them"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("In their language. Do not write anything that shows who complained."),
    )
    contacts = forms.BooleanField(
        label=gettext_lazy("Tell the time and number of each contact"),
        required=False,
        help_text=gettext_lazy("A rare number or an exact minute can tell them whose account it is."),
    )
    due_on = forms.DateField(label=gettext_lazy("Answer due on"), widget=DAY)
    all_the_same = forms.BooleanField(
        label=gettext_lazy("It is not about the borrower: send it anyway. The ledger records this."),
        required=False,
    )
    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        due = timezone.localdate() + timedelta(days=asking.USUAL_DAYS)
        initial = {"language": case.language, "due_on": due, "way": Enquiry.Way.POST, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.case = case
        known = [(code, str(kept.who)) for code, kept in demands.kept().items()]
        self.fields["kept"].choices = [("", _("Not known")), *known]  # type: ignore[attr-defined]
        if not mail.is_set_up():
            ways = [choice for choice in Enquiry.Way.choices if choice[0] != Enquiry.Way.EMAIL]
            self.fields["way"].choices = ways  # type: ignore[attr-defined]
        for code in demands.kinds():
            self.fields[f"ask_{code}"] = forms.BooleanField(label=demands.named(code), required=False)
            self.fields[f"note_{code}"] = Text(
                label=_("More exactly: %(what)s") % {"what": demands.named(code)},
                required=False,
                max_length=500,
                widget=forms.TextInput(attrs={"placeholder": _("More exactly (optional)")}),
            )

    def rows(self) -> list[tuple[BoundField, BoundField]]:
        """The checkbox of each kind of thing to ask for, with its note."""
        return [(self[f"ask_{code}"], self[f"note_{code}"]) for code in demands.kinds()]

    def others(self) -> list[BoundField]:
        return [self[name] for name in ("text", "contacts", "kept", "due_on")]

    def to_whom(self) -> list[BoundField]:
        return [self[name] for name in ("recipient", "organisation", "language", "way", "email")]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("recipient") and not given.get("organisation"):
            given["organisation"] = getattr(self.case.complaint, given["recipient"])
            if not given["organisation"]:
                self.add_error("organisation", _("The borrower did not name it: write its name."))
        if given.get("way") == Enquiry.Way.EMAIL and not given.get("email") and "email" not in self.errors:
            self.add_error("email", _("An e-mail needs an address."))
        if not any(given.get(f"ask_{code}") for code in demands.kinds()):
            self.add_error(None, _("Choose what you ask for."))
        if given.get("ask_other") and not given.get("note_other", "").strip():
            self.add_error("note_other", _("Write what it is."))
        today = timezone.localdate()
        due = given.get("due_on")
        if due and not today < due <= today + timedelta(days=asking.MOST_DAYS):
            within = _("The day must lie ahead, within %(days)d days.") % {"days": asking.MOST_DAYS}
            self.add_error("due_on", within)
        return given

    def wanted(self) -> asking.PlannedEnquiry:
        given = self.cleaned_data
        chosen = [code for code in demands.kinds() if given[f"ask_{code}"]]
        return asking.PlannedEnquiry(
            asked=[(code, given[f"note_{code}"].strip()) for code in chosen],
            text=given["text"].strip(),
            **{name: given[name] for name in ("recipient", "organisation", "language", "way", "kept", "contacts")},
            email=given["email"],
            due_on=given["due_on"],
        )


class AssessForm(forms.Form):
    number = KeyField()
    state = forms.ChoiceField(choices=[choice for choice in Asked.State.choices if choice[0]])


class ReceiveForm(WrittenForm):
    """An answer that came by post or e-mail and is entered at the desk."""

    way = forms.ChoiceField(
        label=gettext_lazy("How did it come?"),
        choices=[choice for choice in EnquiryAnswer.Way.choices if choice[0] != EnquiryAnswer.Way.PORTAL],
    )
    on = forms.DateField(label=gettext_lazy("When did it come?"), widget=DAY)
    text = Text(
        label=gettext_lazy("What they write"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(self, *args: Any, asked: list[Asked], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "receive_%s", **kwargs})
        self.asked = asked
        for one in asked:
            self.fields[f"state_{one.number}"] = forms.ChoiceField(
                label=demands.named(one.kind),
                required=False,
                choices=[("", _("They do not say")), *((state.value, state.label) for state in answers.STATABLE)],
            )
            self.fields[f"reason_{one.number}"] = Text(
                label=_("Their reason: %(what)s") % {"what": demands.named(one.kind)},
                required=False,
                max_length=2000,
            )

    def says(self) -> answers.Says:
        given = self.cleaned_data
        return {
            str(one.number): {"state": given[f"state_{one.number}"], "reason": given[f"reason_{one.number}"]}
            for one in self.asked
        }
