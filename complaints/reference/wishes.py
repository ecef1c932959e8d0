"""What a borrower can ask for."""

from babel.numbers import get_territory_currencies
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WISHES: dict[str, Promise] = {
    "stop": _("That it stops"),
    "apology": _("An apology"),
    "correction": _("A correction of records that are wrong"),
    "refund": _("Money back"),
    "compensation": _("Compensation"),
    "plan": _("A repayment plan that can be kept"),
}
PAID = ("refund", "compensation")  # wishes that may name an amount
CURRENCIES: dict[str, Promise] = {
    "CNY": _("yuan (CNY)"),
    "USD": _("US dollars (USD)"),
    "EUR": _("euros (EUR)"),
    "GBP": _("pounds (GBP)"),
    "HKD": _("Hong Kong dollars (HKD)"),
    "INR": _("rupees (INR)"),
}


def own_currency() -> str:
    """The currency of this portal's country; the first of CURRENCIES if it is none of them."""
    theirs = get_territory_currencies(settings.COUNTRY)
    return next((code for code in theirs if code in CURRENCIES), next(iter(CURRENCIES)))


def currencies() -> list[tuple[str, Promise]]:
    """What a sum can be in, this country's own first."""
    return sorted(CURRENCIES.items(), key=lambda choice: choice[0] != own_currency())
