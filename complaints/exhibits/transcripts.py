"""Texts for people who type transcripts, at the desk and on the borrower's pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REFUSALS: dict[str, Promise] = {
    "empty": _("There is nothing to save yet. Write what you hear."),
    "too_long": _("This is too long for one transcript."),
    "silent": _("This file has no sound."),
}
ROLES: dict[str, Promise] = {
    "borrower": _("by the borrower"),
    "investigator": _("by an investigator"),
    "supervisor": _("by a supervisor"),
}
