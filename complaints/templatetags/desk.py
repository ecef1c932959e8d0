"""Template tags with words and labels for the desk.

They make no queries and check no permissions: views do that.
"""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from complaints.admin import words
from complaints.assignment import conditions, routing
from complaints.bundles.forms import Audience
from complaints.cases import queues
from complaints.models import CallBack, Case, Export, Finding, Missing
from complaints.reference import sources
from complaints.reference.bilingual import in_chinese
from complaints.safety import urgent
from evidence import names

from .holdfast import short

register = template.Library()
register.filter("due", words.due)
register.filter("ago", words.ago)
register.filter("due_tone", words.due_tone)
register.filter("capped", queues.capped)
register.filter("shown", names.displayable)
register.filter("explain_team", routing.explain_team)
register.filter("explain_investigator", routing.explain_investigator)
register.filter("name_of", words.name_of)
register.filter("since_filing", words.since_filing)
register.simple_tag(words.severity, name="severity")
register.simple_tag(words.item_state, name="item_state")

OUTCOME_TONES = {Finding.Outcome.SUBSTANTIATED: "green", Finding.Outcome.PARTLY: "amber"}


@register.filter
def why(code: str) -> str:
    """The sentence for a reason why routing chose or passed over somebody."""
    return str(routing.WHY.get(code, code))


@register.filter
def condition(code: str) -> str:
    """A condition of a routing rule in words."""
    return str(conditions.CONDITIONS.get(code, code))


@register.filter
def audience(export: Export) -> str:
    """The audience of a bundle in words."""
    return str(Audience(export.audience).label) if export.audience in Audience.values else _("for the borrower")


@register.filter
def day(moment: datetime) -> str:
    return date_format(localtime(moment), pgettext("date format", "j M"))


@register.filter
def minute(moment: datetime) -> str:
    return date_format(localtime(moment), pgettext("date format", "j M Y, H:i"))


@register.filter
def second(moment: datetime) -> str:
    return date_format(localtime(moment), pgettext("date format", "j M Y, H:i:s"))


@register.filter
def zone(moment: datetime) -> str:
    """The offset of local time from UTC, such as UTC+8."""
    hours = (localtime(moment).utcoffset() or timedelta()) / timedelta(hours=1)
    return f"UTC{hours:+g}"


@register.filter
def of(found: dict[Any, Any], key: Any) -> Any:
    """What a dictionary has for a key."""
    return found.get(key)


@register.filter
def state_tone(case: Case) -> str:
    return words.STATE_TONES.get(Case.State(case.state), "teal")


@register.filter
def said_yes(asked: CallBack) -> str:
    """Which of the two safety questions was answered with yes, in words."""
    return " · ".join(str(words) for name, words in urgent.IN_SHORT.items() if getattr(asked, name)) or "–"


@register.filter
def outcome_tone(outcome: str) -> str:
    return OUTCOME_TONES.get(Finding.Outcome(outcome), "quiet")


@register.filter
def outcome(code: str) -> str:
    return str(Finding.Outcome(code).label)


@register.filter
def missing_from(code: str) -> str:
    return str(Missing(code).label)


@register.filter
def frozen_norm(norm: dict[str, str]) -> str:
    """A rule as a finding's document keeps it, with its source and how binding that is."""
    language = "zh" if in_chinese() else "en"
    return f"{norm[language]} ({norm[f'cited_{language}']}; {sources.FORCES[norm['force']]})"


@register.simple_tag
def digest(sha256: str) -> SafeString:
    """A digest, shortened.

    On demand it shows in full, in groups of eight digits as `sha256sum` users compare it.
    """
    whole = " ".join(sha256[at : at + 8] for at in range(0, 64, 8))
    return format_html(
        '<details class="digest"><summary>{}</summary><code>{}</code></details>', short(sha256), whole
    )
