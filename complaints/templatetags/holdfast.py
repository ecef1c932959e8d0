"""How pages show digests, conduct kinds and clocks."""

from django import template
from django.conf import settings
from django.urls import reverse

from complaints.clocks import book
from complaints.exhibits import showing
from complaints.exhibits.transcripts import ROLES
from complaints.models import Exhibit
from complaints.reference import conduct as kinds
from complaints.reference.bilingual import in_chinese
from complaints.safety import helplines
from evidence.timestamps import authorities

register = template.Library()


@register.simple_tag
def clock_limit(name: str) -> str:
    """How long the clock of that name runs in a new case."""
    return str(book.in_force().first(name).limit())


@register.filter
def short(digest: str) -> str:
    """9f2c 41d7 … 0be3: enough to compare by eye; the whole is on demand."""
    return f"{digest[:4]} {digest[4:8]} … {digest[-4:]}"


@register.filter
def conduct(code: str) -> str:
    """What they did, in the borrower's words."""
    return kinds.named(code)


@register.filter
def is_local_clock(name: str) -> bool:
    """Whether this authority stamps by our own clock, which proves nothing against ourselves."""
    return any(
        entry["name"] == name and entry["url"] == authorities.BUILTIN for entry in settings.TIMESTAMP_AUTHORITIES
    )


@register.filter
def clock(seconds: int) -> str:
    """1:06"""
    return showing.clock(seconds * 1000)


@register.filter
def typed_by(by: dict[str, str]) -> str:
    """Who typed a transcript: the role, never a name."""
    return str(ROLES.get(by.get("role", ""), by.get("role", "")))


@register.simple_tag
def own_viewing(exhibit: Exhibit) -> showing.Viewing:
    """What the borrower is shown of their own exhibit."""
    return showing.viewing(exhibit, lambda made: reverse("follow_derivative", args=[exhibit.number, made.pk]))


@register.simple_tag
def gap() -> str:
    """The space between two sentences: none in Chinese, whose full stop brings its own."""
    return "" if in_chinese() else " "


@register.simple_tag
def helpline(need: str) -> helplines.Number | None:
    """The number to call for this need in the portal's country."""
    return helplines.here().number(need)
