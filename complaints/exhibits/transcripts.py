"""Texts for people who type transcripts, at the desk and on the borrower's pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: dict[str, Promise] = {
    "empty": _("There is nothing to keep yet: type what you hear."),
    "too_long": _("This is too long to keep as one text."),
    "silent": _("There is nothing to hear in this file."),
}
ROLES: dict[str, Promise] = {
    "borrower": _("by the borrower"),
    "investigator": _("by an investigator"),
    "supervisor": _("by a supervisor"),
}
