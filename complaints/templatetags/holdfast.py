"""How pages show digests, conduct kinds and clocks."""

from django import template
from django.conf import settings

from evidence import authorities

from .. import conduct as kinds

register = template.Library()


@register.filter
def short(digest: str) -> str:
    """9f2c 41d7 … 0be3: enough to compare by eye; the whole is on demand."""
    return f"{digest[:4]} {digest[4:8]} … {digest[-4:]}"


@register.filter
def conduct(code: str) -> str:
    """What they did, in the borrower's words."""
    kind = kinds.BY_CODE.get(code)
    return str(kind.label) if kind else code


@register.filter
def is_local_clock(name: str) -> bool:
    """Whether this authority stamps by our own clock, which proves nothing against ourselves."""
    return any(
        entry["name"] == name and entry["url"] == authorities.BUILTIN for entry in settings.TIMESTAMP_AUTHORITIES
    )
