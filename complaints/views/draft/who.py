"""The step that asks who files. Somebody who acts for another person uploads the paper for that here."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from complaints import digits
from complaints.drafts import files
from complaints.drafts.files import Refusal, receive
from complaints.drafts.questions import FORMS
from complaints.models import Draft
from complaints.reference.choices import Relation
from complaints.views import adding
from complaints.views.opened import with_open_draft
from evidence.receiving.multipart import takes_files

from .steps import answered, show

STEP = "who"


@takes_files(adding.to_draft)
@with_open_draft
def who(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    if request.method != "POST":
        return _page(request, draft, code=code)
    if "whole" not in request.POST:  # the form's last field is missing, so the form was cut off
        return _page(
            request, draft, [(_("The connection broke before everything was received."), _("Please try again."))]
        )
    removed = files.remove_exhibit(draft, digits.key(request.POST.get("remove", "")))
    refusals = receive(draft, request.FILES.getlist("files"), is_authority=True)
    form = FORMS[STEP](request.POST)
    response = answered(request, draft, STEP, form, authorities=_kept(draft), refusals=refusals)
    if response.status_code == 302 and (removed or refusals):
        return _page(request, draft, refusals)
    return response


def _page(request: HttpRequest, draft: Draft, refusals: Sequence[Refusal] = (), code: str = "") -> HttpResponse:
    answers = draft.answers.get(STEP, {})
    form = FORMS[STEP](initial=answers)
    authorities = _kept(draft) if answers.get("relation") not in (None, Relation.DEBTOR) else []
    return show(request, draft, STEP, form, authorities=authorities, refusals=refusals, code=code)


def _kept(draft: Draft) -> list[tuple[int, str]]:
    kept = draft.exhibits.filter(is_authority=True).select_related("item").order_by("pk")
    return [(exhibit.pk, exhibit.item.display_name) for exhibit in kept]
