"""The evidence step: one form with several files. A refused file never affects the others."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from complaints import digits
from complaints.drafts import drafts, order, removing, saving
from complaints.drafts import files as draft_files
from complaints.drafts.files import Refusal, cut_off, drop, receive
from complaints.drafts.questions.evidence import EvidenceForm, FilesForm
from complaints.drafts.unwelcome import Unwelcome
from complaints.models import Draft, Exhibit
from complaints.reference import choices
from complaints.views import adding, autosaved
from complaints.views.opened import with_open_draft
from evidence import names
from evidence.receiving import room
from evidence.receiving.multipart import takes_files

from .answers import AnswerRows
from .cards import cards
from .steps import onward, show
from .tus import address, metadata
from .understood import say_back

STEP = "evidence"
Coming = dict[str, Any]  # an upload that has not arrived completely


@takes_files(adding.to_draft)
@with_open_draft
def evidence(request: HttpRequest, draft: Draft, code: str) -> HttpResponse:
    if request.method != "POST":
        return _show(request, draft)
    if autosaved.is_typing(request):
        return _while_typing(request, draft)
    if "whole" not in request.POST:  # the form's last field is missing, so the form was cut off
        return _show(request, draft, [cut_off()])
    return _keep(request, draft)


def _while_typing(request: HttpRequest, draft: Draft) -> HttpResponse:
    form = _form(draft, request.POST)
    if changed_elsewhere(request, draft, form):
        return autosaved.changed_elsewhere()
    wrong = autosaved.wrong(form)
    _save(draft, form, typing=True)
    return autosaved.saved(saving.mark(said_of_files(draft, form.exhibits)), wrong=wrong)


def _keep(request: HttpRequest, draft: Draft) -> HttpResponse:
    drop(draft, request.POST.get("drop", ""))
    order.move(draft, request.POST.get("move", ""))
    refusals = [*put_away(request, draft), *receive(draft, request.FILES.getlist("files"))]
    form = _form(draft, request.POST)
    if changed := changed_elsewhere(request, draft, form):
        return _show(request, draft, refusals, request.POST, elsewhere=changed)
    savable = form.is_valid()
    _save(draft, form)
    if refusals or not savable:
        return _show(request, draft, refusals, typed=None if savable else request.POST)
    say_back(request, form)
    if request.POST.keys() & {"remove", "restore", "move", "drop", "discard"}:
        return redirect(f"{request.get_full_path()}{place_of(request)}")
    return onward(request, STEP)


def _save(draft: Draft, form: EvidenceForm, *, typing: bool = False) -> None:
    describe(draft, form)
    originals = {**originals_of(draft), **form.originals()}
    drafts.save(
        draft, STEP, {"originals": {kind: kept for kind, kept in originals.items() if kept}}, typing=typing
    )


def put_away(request: HttpRequest, draft: Draft) -> list[Refusal]:
    """Remove a file, put it back or delete it for good, by the buttons of its card."""
    removing.remove(draft, digits.key(request.POST.get("remove", "")))
    removing.discard(draft, digits.key(request.POST.get("discard", "")))
    return removing.restored(draft, digits.key(request.POST.get("restore", "")))


def place_of(request: HttpRequest) -> str:
    """The fragment of the card whose button was pressed, so that the page does not jump; or ""."""
    pressed = next((request.POST[name] for name in ("move", "remove", "restore") if request.POST.get(name)), "")
    key = digits.key(pressed.partition(":")[0])
    return f"#file-{key}" if key else ""


def kept(draft: Draft) -> list[Exhibit]:
    """The files of the draft in their order."""
    return list(order.in_order(draft).select_related("item__inspection").prefetch_related("item__derivatives"))


def originals_of(draft: Draft) -> dict[str, str]:
    """Kind of original -> who keeps it, from the draft's answers."""
    originals: dict[str, str] = draft.answers.get(STEP, {}).get("originals", {})
    return originals


def _form(draft: Draft, typed: QueryDict | None) -> EvidenceForm:
    return EvidenceForm(typed, exhibits=kept(draft), originals=originals_of(draft))


def said_of_files(draft: Draft, exhibits: Iterable[Exhibit]) -> dict[str, str]:
    """Field name -> answer about a file, for the fields that have one."""
    saved = {f"original_{kind}": text for kind, text in originals_of(draft).items()}
    for exhibit in exhibits:
        facts = {"description": exhibit.description, **exhibit.declared}
        saved |= {f"{name}_{exhibit.pk}": text for name, text in facts.items()}
    return {name: text for name, text in saved.items() if text}


def changed_elsewhere(request: HttpRequest, draft: Draft, form: FilesForm) -> AnswerRows:
    """Answers that another tab or phone changed since this page was shown, and that this page would overwrite."""
    now = said_of_files(draft, form.exhibits)
    seen = request.POST.get("seen", "")
    if not seen or saving.mark(now) in seen.split("."):
        return []
    own = QueryDict(request.POST.get("unanswered", ""))  # what the page's last save sent, when it got no answer
    other = {name: text for name, text in now.items() if text not in (request.POST.get(name, text), own.get(name))}
    return [(str(form.fields[name].label), [text]) for name, text in other.items() if name in form.fields]


def describe(draft: Draft, form: FilesForm) -> None:
    """Save the form's answers about each file."""
    for exhibit in form.exhibits:
        facts = form.of(exhibit, *choices.FACTS)
        draft_files.describe(draft, exhibit, form.of(exhibit, "description").get("description"), facts)


def coming(draft: Draft) -> list[Coming]:
    """The unfinished uploads, with the data by which the page's script recognises its files."""
    return [
        {
            "pk": upload.pk,
            "url": address(draft, upload.pk),
            "name": names.displayable(upload.name),
            "size": upload.size,
            "offset": upload.offset,
            "fingerprint": metadata(upload.metadata).get("fingerprint", ""),
        }
        for upload in draft_files.coming_to(draft).order_by("expires_at")
    ]


def _show(
    request: HttpRequest,
    draft: Draft,
    refusals: Sequence[Refusal] = (),
    typed: QueryDict | None = None,
    **more: Any,
) -> HttpResponse:
    form, on_their_way = _form(draft, typed), coming(draft)
    return show(
        request,
        draft,
        STEP,
        form,
        cards=cards(draft, form),
        originals=[form[f"original_{kind}"] for kind in choices.ORIGINALS],
        refusals=refusals,
        coming=on_their_way,
        seen=saving.mark(said_of_files(draft, form.exhibits)),
        send_to=address(draft),
        **limits(form.exhibits, on_their_way),
        **more,
    )


def limits(exhibits: Sequence[Exhibit], on_their_way: Sequence[Coming]) -> dict[str, Any]:
    """The limits that the page of a draft or an addition states before anything is sent."""
    sizes = [*(exhibit.item.size for exhibit in exhibits), *(upload["size"] for upload in on_their_way)]
    return {
        "most": settings.MAX_FILE_BYTES,
        "most_files": settings.MAX_DRAFT_FILES,
        "most_together": settings.MAX_DRAFT_BYTES,
        "unwelcome": _unwelcome(sizes),
    }


def _unwelcome(sizes: Sequence[int]) -> str:
    """Why no file can be added at all, or ""."""
    if not room.has_room():
        return _("We have no room for files at the moment. Continue with your answers and add files later.")
    try:
        draft_files.check_totals(len(sizes), sum(sizes) + 1)
    except Unwelcome as unwelcome:
        return str(unwelcome)
    return ""
