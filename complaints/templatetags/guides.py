"""Template tags for the sources of guides: `{% claim "key" "source" … %}text{% endclaim %}`, `{% sources %}`."""

from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.template.loader import render_to_string

from complaints.reference.sources import Source, all_by_id

from .tappable import tappable

register = template.Library()
USED = "used"  # the name in a page's context of the list of its sources, in the order of their numbers


class Claim(template.Node):
    """One statement as a list item, with the numbers of its sources. It is marked if a source is not confirmed."""

    child_nodelists = ("text",)

    def __init__(self, key: str, sources: list[Source], text: NodeList) -> None:
        self.key, self.sources, self.text = key, sources, text

    def render(self, context: template.Context) -> str:
        used: list[Source] = context[USED]
        used.extend(source for source in self.sources if source not in used)
        shown = {
            "text": tappable(self.text.render(context)),
            "notes": [(used.index(source) + 1, source) for source in self.sources],
            "confirmed": all(source.is_confirmed for source in self.sources),
        }
        return render_to_string("guide/_claim.html", shown)


@register.tag
def claim(parser: Parser, token: Token) -> Claim:
    """Parse a claim. Raises TemplateSyntaxError when it has no source or an unknown one."""
    _name, key, *names = (part.strip('"') for part in token.split_contents())
    known = all_by_id()
    if not names or not set(names) <= known.keys():
        raise template.TemplateSyntaxError(f"claim {key!r} needs sources of sources.toml, and has {names}")
    text = parser.parse(("endclaim",))
    parser.delete_first_token()
    return Claim(key, [known[name] for name in names], text)


@register.inclusion_tag("guide/_sources.html", takes_context=True)
def sources(context: Any) -> dict[str, Any]:
    """The context for the list of the page's numbered sources."""
    return {"used": context[USED]}
