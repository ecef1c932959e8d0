"""The two safety questions before a draft begins. A yes leads to helplines and a call-back, and makes the case
urgent.

A yes is stored with the draft. A no is not stored.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.models import Draft
from complaints.reference.conduct import Severity

QUESTIONS: dict[str, Promise] = {
    "danger": _("Are you or your family in danger now?"),
    "self_harm": _("Are you thinking about hurting yourself?"),
}
IN_SHORT: dict[str, Promise] = {
    "danger": _("in danger now, or their family is"),
    "self_harm": _("thinking of hurting themselves"),
}


def yes(data: Mapping[str, Any]) -> dict[str, bool]:
    """The questions that were answered with yes, each as True."""
    return {name: True for name in QUESTIONS if data.get(name) == "yes"}


def answered_yes(draft: Draft) -> list[str]:
    """The names of the safety questions that were answered with yes before this draft, sorted."""
    return sorted(name for name in draft.answers.get("safety", {}) if name in QUESTIONS)


def severity(draft: Draft) -> Severity | None:
    """Urgent after a yes, else None: then the conduct decides."""
    return Severity.URGENT if answered_yes(draft) else None
