"""The case page: everything about a case that its reader may see, on one page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from complaints.admin import timeline
from complaints.admin.filters import SieveForm
from complaints.admin.forms import OriginalForm, ReleaseForm, ReplyForm
from complaints.admin.reading import came_from, reader
from complaints.assignment import routing
from complaints.cases import lifecycle, queues, todo
from complaints.decisions import replies
from complaints.enquiries import asking
from complaints.exhibits import showing
from complaints.filing import account
from complaints.models import Case, Exhibit
from complaints.staff import access

from . import clocks, conversation, notes, outcome, since_filing, visits

WRITTEN = ("reasons", "text", "what", "owner", "proof", "authority", "number")  # fields that hold somebody's words


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return page(request, access.case_or_404(request.user, pk))


def exhibits_of(case: Case) -> Any:
    found = case.exhibits.select_related("item__seal", "item__inspection", "item__scan", "came_with")
    return found.prefetch_related("item__tokens", "item__derivatives").order_by("number")


def place_in_queue(request: HttpRequest, case: Case) -> dict[str, Any]:
    """The way through the list somebody came from: its filters and order are those of the address."""
    query = request.GET.get("_changelist_filters", "")
    if not query:
        return {"place": None}
    user = reader(request)
    asked = SieveForm(QueryDict(query), user=user).asked
    label = queues.QUEUES[asked.queue].label if asked.queue else _("All cases")
    return {"place": queues.place(user, asked, case), "place_query": query, "place_label": label}


def page(request: HttpRequest, case: Case, *, form: forms.Form | None = None, status: int = 200) -> HttpResponse:
    """The whole case on one page. `form` is one that needs mending."""
    user, exhibits = reader(request), list(exhibits_of(case))
    if case.round > 1:
        prefetch_related_objects([case], "reviews__barred")
    people = list(todo.owners(case)) if access.may_act(user, case) else []
    routed = case.routings.select_related("rule", "team", "investigator").order_by("pk").last()
    moments = timeline.of(case, exhibits, user, routed, people)
    kinds = {moment.kind for moment in moments}  # what the ledger knows of the case: nothing else is looked for
    outcome.look_up(case, kinds)
    written, offered = conversation.written(case, exhibits), lifecycle.offered(case, user)
    context = {
        **admin.site.each_context(request),
        "title": case.reference,
        "case": case,
        **place_in_queue(request, case),
        "came_from": came_from(request),
        "steps": lifecycle.leading_on(offered),
        "may_act": bool(offered),  # in every state there is some step for those who may act
        "may_ask": "enquire" in offered,
        "may_release": access.may_release(user, case),
        "may_edit_rules": access.may_edit_rules(user),
        "exhibits": exhibits,
        "to_open": [one for one in exhibits if _can_be_opened(request, one)],
        "sealed": sum(hasattr(exhibit.item, "seal") for exhibit in exhibits),
        "faulty": [exhibit for exhibit in exhibits if exhibit.item.fault],
        "unsaved": unsaved(request, form),
        **forms_for(case, form),
        **conversation.forms_for(written, form),
        **account.told(case),
        "written": written,
        "questions": [message for message in written if message.is_open_question],
        **since_filing.told(case, user, kinds, form),
        **notes.told(case, user, form, kinds, people),
        **outcome.told(case, form, offered, kinds, moments, exhibits),
        **clocks.told(case, user, may_act=bool(offered), form=form),
        "enquiries": asking.of(case) if "enquiry.sent" in kinds else [],
        "moments": moments,
        "rule": routing.first_rule(case) if case.state == Case.State.FILED else None,
        "routing": routed,
    }
    return render(request, "admin/complaints/case/case.html", context, status=status)


def _can_be_opened(request: HttpRequest, exhibit: Exhibit) -> bool:
    """Whether there is something to see of it that is not open yet."""
    return showing.shown(exhibit, None).can_be_shown and not visits.is_open(request, exhibit.item)


def forms_for(case: Case, form: forms.Form | None) -> dict[str, forms.Form]:
    """The forms of the page; the one that needs mending as it was sent."""
    return {
        "reply_form": form if isinstance(form, ReplyForm) else ReplyForm(initial={"text": replies.drafted(case)}),
        "original_form": OriginalForm(auto_id=False),
        "release_form": ReleaseForm(auto_id=False),
    }


def unsaved(request: HttpRequest, form: forms.Form | None) -> str:
    """What somebody wrote when the step was refused: it is given back, never lost."""
    if form is not None:
        return ""
    written = [str(value) for name, value in request.POST.items() if name.rpartition("-")[2] in WRITTEN and value]
    return "\n\n".join(written)
