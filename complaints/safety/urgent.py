"""The two questions before everything, and what a yes brings: the numbers to call, a call-back, an urgent case.

Of a no nothing is kept. A yes is kept with the draft, so that the case is taken first.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.models import Draft
from complaints.reference.conduct import Severity

QUESTIONS: dict[str, Promise] = {
    "danger": _("Are you or your family in danger now?"),
    "self_harm": _("Are you thinking of hurting yourself?"),
}
IN_SHORT: dict[str, Promise] = {
    "danger": _("in danger now, or their family is"),
    "self_harm": _("thinking of hurting themselves"),
}


def yes(data: Mapping[str, Any]) -> dict[str, bool]:
    """What was answered with yes; nothing of a no."""
    return {name: True for name in QUESTIONS if data.get(name) == "yes"}


def answered_yes(draft: Draft) -> list[str]:
    """The questions that were answered with yes before this draft."""
    return sorted(name for name in draft.answers.get("safety", {}) if name in QUESTIONS)


def severity(draft: Draft) -> Severity | None:
    """Urgent after a yes; None leaves it to what they did."""
    return Severity.URGENT if answered_yes(draft) else None
