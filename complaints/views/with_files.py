"""Pages with a text and files that are kept until they are sent: a borrower's additions, and answers of the other
side.

Each button keeps what was typed and chosen.
"""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from complaints.drafts import additions, files, order, saving
from complaints.drafts.files import Refusal
from complaints.drafts.forms import AdditionForm
from complaints.models import Draft

from . import autosaved
from .draft import evidence
from .draft.cards import cards
from .draft.tus import address


def text_of(draft: Draft) -> str:
    """The text of an addition or answer that is not sent yet."""
    text: str = draft.answers.get("text", "")
    return text


def keep(
    request: HttpRequest, draft: Draft, form: AdditionForm, **more: Any
) -> tuple[list[Refusal], dict[str, Any]]:
    """Keep what was sent with the page as far as possible. `more` are further answers of the draft.

    Returns the refused files and, if another tab has kept another text or other answers about files since, the
    context in which `page` shows them. What differs is not kept.
    """
    files.drop(draft, request.POST.get("drop", ""))
    order.move(draft, request.POST.get("move", ""))
    refusals = [*evidence.put_away(request, draft), *files.receive(draft, request.FILES.getlist("files"))]
    there = evidence.changed_elsewhere(request, draft, form)
    try:
        additions.keep(draft, form.text_kept(text_of(draft)), seen=_seen(request, more), **more)
    except saving.ChangedMeanwhile as other:
        there = [(str(form["text"].label), [other.kept.get("text", "")]), *there]
        draft.answers = other.kept
    if there:
        return refusals, {"elsewhere": there}
    evidence.describe(draft, form)
    return refusals, {}


def _seen(request: HttpRequest, more: dict[str, Any]) -> str | None:
    seen = autosaved.seen(
        request, lambda sent: {"text": sent.get("text", "").replace("\r\n", "\n").strip(), **more}
    )
    return seen and seen.replace(".", " ")


def _mark(draft: Draft, form: AdditionForm) -> str:
    """The marks of the saved text and of the answers about files, with a dot between them."""
    return f"{saving.mark(draft.answers)}.{saving.mark(evidence.said_of_files(draft, form.exhibits))}"


def while_typing(request: HttpRequest, draft: Draft, form: AdditionForm, **more: Any) -> HttpResponse:
    """Save what the page's script sends. `more` as in `keep`."""
    wrong = autosaved.wrong(form)
    if evidence.changed_elsewhere(request, draft, form):
        return autosaved.changed_elsewhere_unsent()
    try:
        additions.keep(draft, form.text_kept(text_of(draft)), seen=_seen(request, more), **more)
    except saving.ChangedMeanwhile:
        return autosaved.changed_elsewhere_unsent()
    evidence.describe(draft, form)
    return autosaved.saved(_mark(draft, form), wrong=wrong)


def page(
    request: HttpRequest,
    template: str,
    draft: Draft,
    form: AdditionForm,
    context: dict[str, Any],
    *,
    refusals: Sequence[Refusal] = (),
    problem: str = "",
    **more: Any,
) -> HttpResponse:
    """The page with its files. The status is 422 if something was refused or must be corrected."""
    on_their_way = evidence.coming(draft)
    given = {
        **context,
        "addition": draft,
        "form": form,
        "cards": cards(draft, form),
        "refusals": refusals,
        "problem": problem,
        "coming": on_their_way,
        "seen": _mark(draft, form),
        "send_to": address(draft),
        **evidence.limits(form.exhibits, on_their_way),
        **more,
    }
    status = 422 if refusals or problem or more or (form.is_bound and form.errors) else 200
    return render(request, template, given, status=status)
