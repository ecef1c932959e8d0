"""A template filter that makes telephone numbers and web addresses of authorities into links."""

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from complaints.reference.sources import all_by_id
from complaints.safety import helplines

register = template.Library()
LINKS_AND_TAGS = re.compile(r"(<a\b.*?</a>|<[^>]*>)", re.DOTALL)
COUNTED = "[元块次个天人名条分万%]|小时|yuan|times?|calls?|days?|people|messages|CNY|USD"
# No part of a longer number or word, no sum, and no count.
WHOLE = rf"(?<![A-Za-z0-9@./&#¥$€£₹,-])(?:{{}})(?![A-Za-z0-9@-]|[.,]\d|\s?(?:{COUNTED}))"


@register.filter
def tappable(text: str) -> SafeString:
    """HTML in which each known telephone number and each site of an authority is a link. Links stay unchanged."""
    parts = LINKS_AND_TAGS.split(conditional_escape(text))
    known = {**_numbers(), **_sites()}
    pattern = WHOLE.format("|".join(re.escape(one) for one in sorted(known, key=len, reverse=True)))
    parts[::2] = (re.sub(pattern, lambda found: known[found[0]], part) for part in parts[::2])
    return SafeString("".join(parts))


def _numbers() -> dict[str, SafeString]:
    """The numbers of the helplines and of the sources, as people read them, with their links."""
    of_sources = {one: one for source in all_by_id().values() for one in source.numbers.split()}
    helpful = {one.number: one.tel for country in helplines.countries().values() for one in country.numbers}
    dialled = {**of_sources, **helpful}
    return {one: format_html('<a href="tel:{}">{}</a>', tel, one) for one, tel in dialled.items()}


def _sites() -> dict[str, SafeString]:
    link = '<a href="https://{}/" rel="noreferrer noopener">{}</a>'
    return {one.host: format_html(link, one.host, one.host) for one in all_by_id().values() if one.host}
