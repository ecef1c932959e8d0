"""The sentence that says what a step did, in the section of the case page that the step changed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from complaints.admin.reading import came_from

# The id of the section by the name of the step. Others change the next step, so they say it at the top.
SECTIONS = {
    **dict.fromkeys(("write", "read", "reply"), "messages"),
    **dict.fromkeys(("note", "task", "task_done"), "inside"),
    **dict.fromkeys(("more-time", "extension"), "clocks"),
    "second": "decision",
    "refer": "referrals",
    "withdrawal": "since",
}


def at(request: HttpRequest, section: str) -> None:
    """Say what this step does in this section, where the name of the step leaves that open."""
    request.said_at = section  # type: ignore[attr-defined]


def redirect(request: HttpRequest, pk: int, sentence: str) -> HttpResponseRedirect:
    """Show the sentence on the page of the case, and go there. Browsers put the focus on it."""
    name = str(request.resolver_match and request.resolver_match.url_name).removeprefix("case_")
    section = getattr(request, "said_at", SECTIONS.get(name, ""))
    messages.success(request, sentence, extra_tags=section)
    page = reverse("admin:complaints_case_change", args=[pk])
    return HttpResponseRedirect(f"{page}{came_from(request)}#said")
