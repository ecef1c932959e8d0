"""Template tags for what an enquiry asks for, in the reader's language."""

from django import template

from complaints.enquiries import demands, letter
from complaints.models import Asked

register = template.Library()
register.filter("demand", demands.named)

TONES = {Asked.State.SUPPLIED: "green", Asked.State.WAITING: "quiet"}


@register.filter
def kept_rule(code: str) -> demands.Kept | None:
    """The law or rule with this code, or None."""
    return demands.kept().get(code)


@register.filter
def asked_tone(one: Asked) -> str:
    return TONES.get(Asked.State(one.state), "amber" if one.state == Asked.State.PARTLY else "red")


register.filter("contact_line", letter.contact)
