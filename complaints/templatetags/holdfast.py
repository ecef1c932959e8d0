"""Template tags for digests, kinds of conduct, clocks and exhibits."""

from django import template
from django.conf import settings
from django.template import Context
from django.urls import reverse
from django.utils.functional import Promise

from complaints import web
from complaints.cases import wording
from complaints.clocks import book
from complaints.exhibits import showing
from complaints.exhibits.transcripts import ROLES
from complaints.models import Exhibit
from complaints.reference import conduct as kinds
from complaints.reference import local_time
from complaints.reference.bilingual import in_chinese
from complaints.safety import helplines
from complaints.views.held import IDLE_MINUTES
from evidence import sizes
from evidence.timestamps import authorities

register = template.Library()


@register.simple_tag
def clock_limit(name: str) -> str:
    """How long the clock of that name runs in a new case, in words."""
    return str(book.in_force().first(name).limit())


@register.filter
def short(digest: str) -> str:
    """A digest shortened to its beginning and end, such as 9f2c 41d7 … 0be3."""
    return f"{digest[:4]} {digest[4:8]} … {digest[-4:]}"


@register.filter
def conduct(code: str, relation: str | None = None) -> str:
    """A kind of conduct (a code of `conduct.KINDS`): in the words of somebody with this relation to the debt,
    or in the third person."""
    return kinds.named(code, relation)


@register.filter
def zone_in_words(name: str) -> str:
    """A time zone in words; the office's if no name is given."""
    return local_time.zone_in_words(name)


@register.filter
def is_local_clock(name: str) -> bool:
    """Whether this timestamp authority uses the portal's own clock. Its stamps then prove nothing to outsiders."""
    return any(
        entry["name"] == name and entry["url"] == authorities.BUILTIN for entry in settings.TIMESTAMP_AUTHORITIES
    )


@register.filter
def clock(seconds: int) -> str:
    """Seconds as minutes and seconds, such as 1:06."""
    return showing.clock(seconds * 1000)


@register.filter
def typed_by(by: dict[str, str]) -> str:
    """The role of the person who typed a transcript; never a name."""
    return str(ROLES.get(by.get("role", ""), by.get("role", "")))


@register.simple_tag
def own_viewing(exhibit: Exhibit) -> showing.Viewing:
    """The copies for viewing that the borrower may see of their own exhibit."""
    return showing.viewing(exhibit, lambda made: reverse("follow_derivative", args=[exhibit.number, made.pk]))


@register.simple_tag(takes_context=True)
def app_around(context: Context) -> Promise | str:
    """The name of the app in whose own browser the page is read; "" in a browser of its own."""
    return web.app_around(context["request"])


@register.filter
def declared(exhibit: Exhibit) -> list[tuple[str, str]]:
    """What the borrower declared about a file: pairs of question and answer."""
    return wording.declared(exhibit.declared)


@register.simple_tag
def own_brief(exhibit: Exhibit) -> showing.Brief:
    """What the borrower's list of exhibits shows of one."""
    return showing.brief(exhibit, lambda made: reverse("follow_derivative", args=[exhibit.number, made.pk]))


@register.simple_tag
def idle_minutes() -> int:
    """After how long without a request a draft or a case closes in a browser."""
    return IDLE_MINUTES


@register.simple_tag
def draft_viewing(exhibit: Exhibit) -> showing.Viewing:
    """The copies for viewing of a file that is not filed or sent yet."""
    query = f"?to={exhibit.draft_id}"
    return showing.viewing(exhibit, lambda made: reverse("draft_copy", args=[made.pk]) + query)


@register.filter
def thumbnail(shown: showing.Viewing) -> str:
    """The address of the small picture of a file, or "" without one."""
    return shown.small or shown.urls.get("poster", "") or large(shown)


@register.filter
def large(shown: showing.Viewing) -> str:
    """The address of the first picture of a file as it is looked at, or of its film; "" without one."""
    return shown.pages[0] if shown.pages else shown.urls.get("picture", "") or shown.urls.get("video", "")


@register.filter(name="bytes")
def in_bytes(count: int) -> str:
    return sizes.in_words(count)


@register.simple_tag
def gap() -> str:
    """The space between two sentences: none in Chinese, where the full stop includes it."""
    return "" if in_chinese() else " "


@register.simple_tag
def helpline(need: str) -> helplines.Number | None:
    """The number to call for this need in the portal's country."""
    return helplines.here().number(need)
