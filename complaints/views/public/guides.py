"""The guides. Each is written in both languages: `templates/guide/<language>/<topic>.html`."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from complaints.safety import helplines

TITLES: dict[str, Promise] = {
    "conduct": gettext_lazy("What is usual"),
    "rights": gettext_lazy("What you may insist on"),
    "evidence": gettext_lazy("Keeping things"),
    "help": gettext_lazy("Where else to turn"),
}
FOLDERS = {"en": "en", "zh-hans": "zh_hans"}


def guide(request: HttpRequest, topic: str) -> HttpResponse:
    if topic not in TITLES:
        raise Http404
    folder = FOLDERS.get(get_language() or "", "en")
    context = {"title": TITLES[topic], "used": [], "country": helplines.here()}
    return render(request, f"guide/{folder}/{topic}.html", context)


def numbers(request: HttpRequest) -> HttpResponse:
    """The numbers to call in all countries, the portal's own first."""
    context = {"title": _("Numbers to call"), "country": helplines.here(), "elsewhere": helplines.elsewhere()}
    return render(request, "guide/numbers.html", context)
