"""The forms about wishes, how to reach the borrower, and who may see their name."""

from collections.abc import Collection, Hashable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.forms.base import MISSING, Step, Words
from complaints.notices import notify
from complaints.reference import addresses, choices, numbers
from complaints.reference.wishes import PAID, WISHES, currencies, own_currency

from .fields import Amount, radios, ticks


class WishesForm(Step):
    wishes = ticks(
        gettext_lazy("What would help? (optional)"),
        WISHES.items(),
        help_text=gettext_lazy("Tick what you want."),
        required=False,
    )
    refund_amount = Amount(label=gettext_lazy("Refund: how much? (optional)"))
    compensation_amount = Amount(label=gettext_lazy("Compensation: how much? (optional)"))
    currency = forms.ChoiceField(
        label=gettext_lazy("Currency"),
        choices=currencies,
        initial=own_currency,
        required=False,
    )
    other = Words(label=gettext_lazy("Something else (optional)"), most=2_000, lines=3)

    def clean(self) -> dict[str, Any]:
        """An amount selects its wish."""
        wanted = self.cleaned_data.get("wishes", [])
        meant = [wish for wish in PAID if self.cleaned_data.get(f"{wish}_amount") and wish not in wanted]
        self.cleaned_data["wishes"] = [wish for wish in WISHES if wish in (*wanted, *meant)]
        self.cleaned_data["currency"] = self.cleaned_data.get("currency") or own_currency()
        return self.cleaned_data


WAYS_OF_NEWS = [("email", gettext_lazy("Yes, by e-mail")), ("sms", gettext_lazy("Yes, by text message"))]
NEWS = {  # way -> the field it needs, and the error if that is empty
    "email": (
        "email",
        gettext_lazy("You asked for e-mail notices: enter an address, or untick the box below."),
    ),
    "sms": (
        "phone",
        gettext_lazy("You asked for text messages: enter a number, or untick the box below."),
    ),
}


class ReachForm(Step):
    name = Words(label=gettext_lazy("Your name (optional)"), most=200, attrs={"autocomplete": "name"})
    phone = Words(
        label=gettext_lazy("Phone (optional)"), most=50, attrs={"autocomplete": "tel", "inputmode": "tel"}
    )
    email = Words(
        label=gettext_lazy("E-mail (optional)"), most=254, attrs={"autocomplete": "email", "inputmode": "email"}
    )
    channels = ticks(
        gettext_lazy("How can we contact you? (optional)"),
        choices.WAYS.items(),
        help_text=gettext_lazy(
            "If you tick nothing, we reply on this site only. You read it with your access code."
        ),
        required=False,
    )
    safe_times = Words(
        label=gettext_lazy("When is it safe? (optional)"),
        help_text=gettext_lazy("For example: weekdays, 12 to 1 pm."),
        most=200,
    )
    contact_note = Words(
        label=gettext_lazy("Anything we should be careful about? (optional)"),
        help_text=gettext_lazy("For example: someone else may answer this phone; not at work."),
        most=500,
        lines=3,
    )
    notify = ticks(
        gettext_lazy("Should we tell you when there is news? (optional)"),
        WAYS_OF_NEWS,
        help_text=gettext_lazy("You can cancel this at any time. Nothing is sent to anyone else."),
        required=False,
    )
    safe_words = radios(
        gettext_lazy("What can the message say?"),
        choices.SAFE_WORDS.items(),
        help_text=gettext_lazy("It never mentions a debt, a complaint or a company."),
        required=False,
        initial="neutral",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer(notify.set_up())

    def kind(self) -> Hashable:
        return frozenset(notify.set_up())

    def _offer(self, ways: Collection[str]) -> None:
        """Offer only the ways by which this portal can send news."""
        news = cast("forms.MultipleChoiceField", self.fields["notify"])
        news.choices = [(way, label) for way, label in WAYS_OF_NEWS if way in ways]
        if not ways:
            del self.fields["notify"], self.fields["safe_words"]

    def clean_phone(self) -> str:
        return addresses.phone(self.cleaned_data["phone"])

    def clean_email(self) -> str:
        given = addresses.email(self.cleaned_data["email"])
        if given:
            forms.EmailField(
                error_messages={
                    "invalid": _("This does not look like an e-mail address, such as name@example.com.")
                }
            ).clean(given)
        return given

    def clean(self) -> dict[str, Any]:
        """Each chosen way of news needs its address."""
        self.cleaned_data["safe_words"] = self.cleaned_data.get("safe_words") or "neutral"
        for way, (address, sentence) in NEWS.items():
            wanted = way in self.cleaned_data.get("notify", []) and address not in self.errors
            if wanted and not self.cleaned_data.get(address):
                self.add_error(address, ValidationError(str(sentence), code=MISSING))
                self.cleaned_data[address] = ""
        if "sms" in self.cleaned_data.get("notify", []) and not self.errors:
            self._check_texts_arrive()
        return self.cleaned_data

    def _check_texts_arrive(self) -> None:
        if not numbers.takes_texts(self.cleaned_data["phone"]):
            sentence = _(
                "No text message arrives at this number: it is not one of a mobile phone. Check it and write "
                "nothing else here, or untick the box below."
            )
            self.add_error("phone", ValidationError(sentence, code="number"))


class NamesForm(Step):
    lender = radios(
        gettext_lazy("May the lender see your name?"),
        [
            ("no", gettext_lazy("No, do not tell them who I am")),
            ("yes", gettext_lazy("Yes, the lender may see my name")),
        ],
        required=False,
        initial="no",
    )

    def clean_lender(self) -> str:
        """No answer means no."""
        return self.cleaned_data["lender"] or "no"
