"""What somebody wrote at the desk is not lost when their sign-in has ended, or when the form's token is old.

The form token of a page of the desk says, by a keyed mark, for whom the page was made. A form that arrives without
a valid sign-in is kept for that member alone. After both factors they find it in its form again; nothing is sent
by itself. What is typed is kept too, as a draft.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import admin
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints import refill
from complaints.models import StaffMember, Unsent
from complaints.staff import access, unsent
from complaints.views import whose
from complaints.views.public import pages
from complaints.web import page_token

from . import refused

DESK, MEMBER = "desk", "member"  # kinds of marks
LETTERS = CSRF_SECRET_LENGTH - whose.RANDOM - whose.PART  # of the mark that says for whom a page was made
WAITS = "unsent"  # session key: something waits for the member who has signed in
View = Callable[..., HttpResponseBase]


def form_token(request: HttpRequest) -> dict[str, object]:
    """Context processor: the form token, which says at the desk for whom the page is made."""
    if not (whose.at_the_desk(request) and access.has_role(request.user)):
        return whose.form_token(request)
    return {"csrf_token": SimpleLazyObject(lambda: _marked(request))}


def _marked(request: HttpRequest) -> str:
    start = whose.fresh_start()
    marks = whose.mark(start, DESK, "") + whose.mark(start, MEMBER, str(request.user.pk), LETTERS)
    return whose.token_with(request, start + marks)


def writer(request: HttpRequest) -> StaffMember | None:
    """The member for whom the page was made that this form comes from. None if no page of the desk was."""
    mask = page_token(request)[:CSRF_SECRET_LENGTH]
    start, marks = mask[: whose.RANDOM], mask[whose.RANDOM :]
    if not constant_time_compare(marks[: whose.PART], whose.mark(start, DESK, "")):
        return None
    sent = marks[whose.PART :]
    last = request.session.get(SESSION_KEY, "")  # almost always the one
    known = StaffMember.objects.filter(is_active=True)
    for key in (last, *known.values_list("pk", flat=True)):
        if constant_time_compare(sent, whose.mark(start, MEMBER, str(key), LETTERS)):
            return known.filter(pk=key).first()
    return None


def kept_over_sign_in(site: Any, view: View) -> View:
    """Wrap a page of the desk: keep what is sent to it by somebody who is not signed in; give it back to them."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not site.has_permission(request):
            return keep(request)
        try:
            response = view(request, *args, **kwargs)
        except (Http404, PermissionDenied) as left:
            if request.method != "POST" or not (texts := _texts_of(request)):
                raise
            return _no_longer_open(request, texts, 404 if isinstance(left, Http404) else 403)
        refused.at_the_form(request, response)
        if request.session.get(WAITS) and site.has_permission(request):
            _attend(request, response)
        return response

    return wrapped


def _texts_of(request: HttpRequest) -> list[str]:
    """What somebody wrote in whole words, without choices of a list."""
    return [text for text in refill.texts(unsent.worth_keeping(request.POST)) if " " in text or not text.isascii()]


def _no_longer_open(request: HttpRequest, texts: list[str], status: int) -> HttpResponse:
    """The page for somebody who may no longer do what they sent: nothing was done, and they get their words."""
    context = {**admin.site.each_context(request), "texts": texts}
    return render(request, "admin/no_longer_open.html", context, status=status)


def keep(request: HttpRequest) -> HttpResponse:
    """Keep the form for its writer, and ask for the sign-in. Afterwards the page of the form follows."""
    member, page = writer(request), _page_of_the_form(request)
    if member and request.path != reverse("admin:as_typed") and refill.texts(unsent.worth_keeping(request.POST)):
        _keep(member, request)
    return redirect_to_login(page, reverse("admin:login"))


def _page_of_the_form(request: HttpRequest) -> str:
    """The address of the page that the form was on, with its query string; that of the form if it is unknown."""
    came = request.headers.get("Referer", "")
    parts = urlsplit(came)
    ours = url_has_allowed_host_and_scheme(came, {request.get_host()}, require_https=request.is_secure())
    if ours and parts.path.startswith(reverse("admin:index")):
        return f"{parts.path}?{parts.query}" if parts.query else parts.path
    return request.get_full_path()


def after_sign_in(request: HttpRequest, member: StaffMember) -> None:
    """Record in the session whether something waits for this member."""
    if unsent.waiting(member):
        request.session[WAITS] = True


def _attend(request: HttpRequest, response: HttpResponseBase) -> None:
    """Show what waits in its form, or forget it once the member has sent that form."""
    assert isinstance(request.user, StaffMember)  # noqa: S101 (the desk lets nobody else in)
    if request.method == "POST" and response.status_code in (302, 303):
        unsent.sent(request.user, request.path, _draft_in(request))
    if request.method == "GET" and response.status_code == 200:
        rows = unsent.waiting(request.user)
        for row in rows:
            _give_back(request, response, row)
        if not rows:
            del request.session[WAITS]


def _give_back(request: HttpRequest, response: HttpResponseBase, row: Unsent) -> None:
    """Put the words into their form if the page has it. Else they are shown to be copied: a draft on the page that
    had its form, other words once, on the first page."""
    here = urlsplit(row.page).path == request.path
    if not isinstance(response, HttpResponse) or (row.is_draft and not here):
        return
    if (typed := unsent.opened(row)) is None:
        return
    notice = render_to_string("admin/unsent.html", {"row": row}, request)
    if refill.into(response, typed, action=row.action, page=request.path, notice=notice):
        unsent.shown(row)
    elif (row.is_draft or not row.shown_at) and refused.TOP in response.content:
        context = {"row": row, "texts": refill.texts(typed)}
        notice = render_to_string("admin/unsent.html", context, request)
        response.content = response.content.replace(refused.TOP, refused.TOP + notice.encode(), 1)
        unsent.shown(row)


@require_POST
def as_typed(request: HttpRequest) -> HttpResponse:
    """Keep a form while somebody types into it. The answer is the sentence that the page shows."""
    key, action = _draft_in(request), request.POST.get("draft_action", "")
    if key is None or not action.startswith(reverse("admin:index")):
        return HttpResponse(status=400)
    assert isinstance(request.user, StaffMember)  # noqa: S101 (the desk lets nobody else in)
    if not refill.texts(unsent.worth_keeping(request.POST)):
        unsent.sent(request.user, "", key)
        return HttpResponse(content_type="text/plain; charset=utf-8")
    page = request.POST.get("draft_page", "")
    if unsent.keep_draft(request.user, key, request.POST, action=action, page=page) is None:
        return HttpResponse(_("This is too long to be kept before it is sent."), "text/plain; charset=utf-8", 413)
    request.session[WAITS] = True
    said = _("Kept as a draft at %(time)s.") % {"time": timezone.localtime().strftime("%H:%M:%S")}
    return HttpResponse(said, content_type="text/plain; charset=utf-8")


def _draft_in(request: HttpRequest) -> UUID | None:
    """The key of the draft that the form names."""
    try:
        return UUID(request.POST.get("draft", ""))
    except ValueError:
        return None


def _keep(member: StaffMember, request: HttpRequest) -> None:
    """Keep a form that was not done, in place of its draft."""
    unsent.sent(member, "", _draft_in(request))
    unsent.keep(member, request.POST, action=request.path, page=_page_of_the_form(request))


@require_POST
def forget(request: HttpRequest, key: Any) -> HttpResponse:
    """Throw away what waits, and return to its page."""
    row = Unsent.objects.filter(pk=key, member_id=request.user.pk).first()
    where = row.page if row else reverse("admin:index")
    if row:
        row.delete()
    return HttpResponseRedirect(where)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is old, for instance because its browser signed in anew in another tab. Its writer gets
    back what they wrote; somebody else at the same browser does not."""
    if not whose.at_the_desk(request):
        return pages.csrf_failure(request, reason)
    member = writer(request)
    if member is None:
        return pages.csrf_failure(request, reason)
    if not admin.site.has_permission(request):
        return keep(request)
    if request.user != member:
        _keep(member, request)
        return pages.csrf_failure(request, reason)
    _keep(member, request)
    request.session[WAITS] = True
    context = {
        **admin.site.each_context(request),
        "page": _page_of_the_form(request),
        "texts": refill.texts(unsent.worth_keeping(request.POST)),
    }
    return render(request, "admin/old_page.html", context, status=403)
