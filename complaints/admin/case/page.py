"""The case page: everything about a case that its reader may see, in sections."""

from dataclasses import replace

from django import forms
from django.contrib import admin, messages
from django.contrib.messages.storage.base import Message
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from complaints.admin import timeline
from complaints.admin.reading import came_from, reader
from complaints.cases import lifecycle, todo
from complaints.filing import account
from complaints.models import Case, Routing, StaffMember
from complaints.staff import access

from . import (
    clocks,
    conversation,
    enquiry_list,
    exhibits,
    head,
    next_step,
    notes,
    outcome,
    place,
    since_filing,
    statement,
)
from .section import Opened, Section


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    case = access.case_or_404(request.user, pk)
    if case.handed_at and case.assignee_id == reader(request).pk:
        Case.objects.filter(pk=pk, handed_at=case.handed_at).update(handed_at=None)
    return page(request, case)


def page(request: HttpRequest, case: Case, *, form: forms.Form | None = None, status: int = 200) -> HttpResponse:
    """The case page. `form` is a refused form, which is shown with its errors."""
    user = reader(request)
    done = list(messages.get_messages(request))
    sections = _sections(request, case, user, form, done)
    placed = {name for section in sections.values() for name in section.ids}
    context = {
        **admin.site.each_context(request),
        "title": case.reference,
        "case": case,
        "way": place.of(request, case, user),
        "came_from": came_from(request),
        "page": sections,
        "said": [one for one in done if one.extra_tags not in placed],
    }
    return render(request, "admin/complaints/case/case.html", context, status=status)


def _sections(
    request: HttpRequest, case: Case, user: StaffMember, form: forms.Form | None, done: list[Message]
) -> dict[str, Section]:
    """The sections of the page by the names of their templates. `done` are sentences that say what a step did."""
    routed = case.routings.select_related("rule", "team", "investigator").order_by("pk").last()
    opened = replace(_opened(request, case, user, routed, form), done=done)
    outcome.look_up(case, opened.kinds)
    filed, sent, decision = account.of(case), enquiry_list.of(opened), outcome.of(opened)
    talk = conversation.of(opened, filed.language)
    return {
        "head": head.of(opened, filed, talk, sent, routed),
        "next_step": next_step.of(opened, decision.proposal),
        "since": since_filing.of(opened),
        "statement": statement.of(opened, filed),
        "exhibits": exhibits.of(opened, request),
        "enquiries": sent,
        "decision": decision,
        "conversation": talk,
        "clocks": clocks.of(opened),
        "notes": notes.of(opened),
        "timeline": Section(opened),
    }


def _opened(
    request: HttpRequest, case: Case, user: StaffMember, routed: Routing | None, form: forms.Form | None
) -> Opened:
    if case.round > 1:
        prefetch_related_objects([case], "reviews__barred")
    people = list(todo.owners(case)) if access.may_act(user, case) else []
    on_page = list(exhibits.of_case(case))
    return Opened(
        case=case,
        user=user,
        came_from=came_from(request),
        offered=lifecycle.offered(case, user),
        people=people,
        exhibits=on_page,
        timeline_rows=timeline.of(case, on_page, user, routed, people),
        form=form,
    )
