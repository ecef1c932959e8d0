"""The guides. Each is written in both languages: `templates/guide/<language>/<topic>.html`."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from complaints.reference import addresses
from complaints.safety import helplines
from complaints.views.held import IDLE_MINUTES
from evidence.ledger import signing

TITLES: dict[str, Promise] = {
    "conduct": gettext_lazy("What is normal"),
    "rights": gettext_lazy("Your rights"),
    "evidence": gettext_lazy("Keeping evidence"),
    "help": gettext_lazy("Other places to get help"),
    "myths": gettext_lazy("What is true"),
}
OFFICE = ("name", "address", "code", "phone", "email")  # settings, in lower case
FOLDERS = {"en": "en", "zh-hans": "zh_hans"}


def guide(request: HttpRequest, topic: str) -> HttpResponse:
    if topic not in TITLES:
        raise Http404
    folder = FOLDERS.get(get_language() or "", "en")
    context = {"title": TITLES[topic], "used": [], "country": helplines.here()}
    return render(request, f"guide/{folder}/{topic}.html", context)


def numbers(request: HttpRequest) -> HttpResponse:
    """The numbers to call in all countries, the portal's own first."""
    context = {"title": _("Helplines"), "country": helplines.here(), "elsewhere": helplines.elsewhere()}
    return render(request, "guide/numbers.html", context)


def office() -> dict[str, str]:
    """Who runs this portal and how to reach them. Empty texts in a demonstration."""
    known = {name: getattr(settings, f"OFFICE_{name.upper()}") for name in OFFICE}
    return {**known, "tel": addresses.dialled(known["phone"])}


def about(request: HttpRequest) -> HttpResponse:
    """Who runs this portal, how to tell it from a fake one, what happens to personal data, who can use it."""
    context = {
        "title": _("Who runs this site"),
        "office": office(),
        "host": request.get_host(),
        "key": signing.vkey(),
        "valid_from": settings.PRIVACY_FROM,
        "kept_in": settings.PRIVACY_PLACE,
        "draft_days": settings.DRAFT_DAYS,
        "bundle_days": settings.BUNDLE_DAYS,
        "idle_minutes": IDLE_MINUTES,
    }
    return render(request, f"about/{FOLDERS.get(get_language() or '', 'en')}.html", context)
