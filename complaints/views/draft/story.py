"""The step that asks what happened. The borrower writes it, or records it on the page or by phone."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from complaints import digits
from complaints.drafts import drafts, files
from complaints.drafts.files import Refusal, cut_off, receive
from complaints.drafts.questions import StoryForm
from complaints.models import Draft
from complaints.views import adding
from complaints.views.opened import with_open_draft
from evidence.receiving.multipart import takes_files

from .steps import answered, show

STEP = "story"


@takes_files(adding.to_draft)
@with_open_draft
def story(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    response = _kept(request, draft) if request.method == "POST" else _page(draft, request)
    response.plays_recordings = True  # type: ignore[attr-defined]  # for `portal.middleware`
    return response


def _kept(request: HttpRequest, draft: Draft) -> HttpResponse:
    if "begun" in request.POST and "whole" not in request.POST:  # the form was cut off before its last field
        return _page(draft, request, [cut_off()])
    removed = files.remove_exhibit(draft, digits.key(request.POST.get("remove", "")))
    named = _("What happened, in my own voice")
    refusals = receive(draft, request.FILES.getlist("files"), is_account=True, description=named)
    form = StoryForm(request.POST, spoken=drafts.is_spoken(draft))
    response = answered(request, draft, STEP, form, refusals=refusals, **_recorded(draft))
    return _page(draft, request, refusals) if response.status_code == 302 and (removed or refusals) else response


def _page(draft: Draft, request: HttpRequest, refusals: Sequence[Refusal] = ()) -> HttpResponse:
    form = StoryForm(initial=draft.answers.get(STEP))
    return show(request, draft, STEP, form, refusals=refusals, **_recorded(draft))


def _recorded(draft: Draft) -> dict[str, Any]:
    """The context with the recordings that say what happened."""
    return {"recordings": list(draft.exhibits.filter(is_account=True).select_related("item").order_by("pk"))}
