"""The steps of a draft, one page each. Every POST saves the valid answers, with any button."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from complaints.drafts import drafts, saving
from complaints.drafts.questions import FORMS, form_for
from complaints.forms.base import Step
from complaints.models import Draft
from complaints.views import autosaved
from complaints.views.draft.drafts import TITLES
from complaints.views.language import speak
from complaints.views.opened import with_open_draft

from .answers import answer_rows
from .understood import say_back

RENAMED = {"contact": "reach"}  # old names, for pages that were open when the portal was updated


@with_open_draft
def step(request: HttpRequest, draft: Draft, code: str, step: str) -> HttpResponse:
    """One page of questions."""
    step = RENAMED.get(step, step)
    if step not in FORMS:
        raise Http404
    asked = form_for(step, draft.answers)
    if request.method != "POST":
        return show(request, draft, step, asked(initial=draft.answers.get(step)))
    return answered(request, draft, step, asked(request.POST))


def answered(request: HttpRequest, draft: Draft, step: str, form: Step, **more: Any) -> HttpResponse:
    """Save what can be saved and redirect, or show the page again if something must be corrected or compared."""
    try:
        if form.keepable():
            drafts.save(draft, step, form.answers(), seen=seen_in(request, type(form)))
            if form.is_valid() or not goes_on(request):
                say_back(request, form)
                return onward(request, step)
    except saving.ChangedMeanwhile as other:
        more |= elsewhere(draft, step, other.kept)
    return show(request, draft, step, form, **more)


def elsewhere(draft: Draft, step: str, kept: dict[str, Any]) -> dict[str, Any]:
    """The context with what another tab or phone saved in this step."""
    draft.answers = {**draft.answers, step: kept}
    lines = [(question, [line for line in lines or () if line]) for question, lines in answer_rows(draft, step)]
    return {"elsewhere": [(question, lines) for question, lines in lines if lines], "seen": saving.mark(kept)}


def show(
    request: HttpRequest, draft: Draft, step: str, form: Step, template: str = "", **more: Any
) -> HttpResponse:
    place = drafts.STEPS.index(step) + 1
    where = {"draft": draft, "step": step, "title": TITLES[step], "place": place, "places": len(drafts.STEPS)}
    seen = saving.mark(draft.answers.get(step, {}))
    lacking = [(name, TITLES[name]) for name in drafts.missing(draft) if name != step]
    may_file = place > drafts.STEPS.index(drafts.REQUIRED[-1])
    context = {**where, "form": form, "back": before(step), "seen": seen, "lacking": lacking, "may_file": may_file}
    return render(request, template or f"draft/{step}.html", {**context, **more})


@require_POST
@with_open_draft
def autosave(request: HttpRequest, draft: Draft, code: str, step: str) -> HttpResponse:
    """Save what the page's script sends during typing. The answer is a sentence."""
    if step not in FORMS:
        raise Http404
    form = FORMS[step](request.POST)
    if not form.keepable():
        return autosaved.refused(form)
    try:
        drafts.save(draft, step, form.answers(), seen=seen_in(request, type(form)), typing=True)
    except saving.ChangedMeanwhile:
        return autosaved.changed_elsewhere()
    return autosaved.saved(saving.mark(draft.answers[step]))


def seen_in(request: HttpRequest, asked: type[Step]) -> str | None:
    """What `drafts.save` takes as `seen`."""

    def answers(sent: QueryDict) -> dict[str, Any]:
        form = asked(sent)
        return form.answers() if form.keepable() else {}

    return autosaved.seen(request, answers)


def goes_on(request: HttpRequest) -> bool:
    """Whether the page is left forwards. Only then are answers required."""
    forwards = request.POST.get("go", "on") in ("on", "check", "another")
    return forwards and not request.POST.keys() & {"language", "remove"}


def before(step: str) -> str:
    """The address of the previous page."""
    place = drafts.STEPS.index(step)
    return reverse("step", args=[drafts.STEPS[place - 1]]) if place else reverse("new")


def onward(request: HttpRequest, step: str) -> HttpResponse:
    """Redirect to where the pressed button leads, after everything is saved."""
    if language := request.POST.get("language"):
        return speak(redirect(request.get_full_path()), language)
    go = request.POST.get("go", "on")
    if go in ("back", "stop"):
        return redirect(before(step) if go == "back" else "new")
    if go == "stay":
        return redirect(request.get_full_path())
    to_check = go == "check" or request.GET.get("then") == "check"
    return redirect("step", "check" if to_check else drafts.STEPS[drafts.STEPS.index(step) + 1])
