"""What a borrower can ask for."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WISHES: dict[str, Promise] = {
    "stop": _("That it stops"),
    "apology": _("An apology"),
    "correction": _("A correction of what is recorded about me"),
    "refund": _("Money back"),
    "compensation": _("Compensation"),
    "plan": _("A repayment plan I can keep"),
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
