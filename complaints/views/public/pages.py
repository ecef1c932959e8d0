"""Pages without personal data: the home page, the public side of the ledger, and error pages."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.clocks import book
from complaints.views.typed import Typed, typed_words
from complaints.web import ANY_SITE
from evidence.ledger import checkpoints, keys
from evidence.timestamps import authorities
from evidence.witnesses import configured as witnesses

from .guides import office
from .verify import digests

ErrorView = Callable[..., HttpResponse]

# What opens it again when the browser lost its cookies: by the first part of the page's address.
_LOST_COOKIES = {
    "complaints": gettext_lazy(
        "If this happens again, allow cookies for this site. Your draft code opens your draft again."
    ),
    "follow": gettext_lazy(
        "If this happens again, allow cookies for this site. Your access code opens the case again."
    ),
    "answer": gettext_lazy(
        "If this happens again, allow cookies for this site. The code of the enquiry opens it again."
    ),
}


def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    days = (book.due("decide", now) - now).days
    return render(request, "home.html", {"title": _("Home"), "days": days, "office": office()})


def ledger(request: HttpRequest) -> HttpResponse:
    """What the ledger is, in plain words, with its latest checkpoint."""
    context = {
        "title": _("The ledger"),
        "checkpoint": checkpoints.latest(),
        "stopped": checkpoints.trouble() != "",
        "key": keys.present(),
        "has_old_key": not keys.is_present(),
        "former_keys": keys.former(),
        "lost_keys": keys.lost(),
        "authorities": authorities.configured(),
        "witnesses": witnesses.listed(),
        **digests(),
    }
    return render(request, "ledger.html", context)


def checkpoint(request: HttpRequest) -> HttpResponse:
    """The latest signed note (C2SP tlog-checkpoint), byte for byte."""
    note = checkpoints.published()
    if not note:
        raise Http404
    return plain(note)


def key(request: HttpRequest) -> HttpResponse:
    """The ledger's verifier key (C2SP signed-note vkey), one line."""
    return plain(f"{keys.present()}\n")


def all_keys(request: HttpRequest) -> HttpResponse:
    """The present key and the earlier ones, each with the ledger's size up to which it signed."""
    return plain(keys.as_text())


def roots(request: HttpRequest) -> HttpResponse:
    """The root certificates of all timestamp authorities, present and earlier. A comment names each authority."""
    pems = (f"# {root.authority}\n{root.pem.strip()}\n" for root in authorities.roots())
    return plain("\n".join(pems), "application/x-pem-file")


def plain(text: str, content_type: str = "text/plain") -> HttpResponse:
    """A text that pages of any site may read, and that caches must revalidate."""
    headers = {"Cache-Control": "no-cache"} | ANY_SITE
    return HttpResponse(text, content_type=f"{content_type}; charset=utf-8", headers=headers)


def failed(
    request: HttpRequest, status: int, heading: str, *sentences: str, typed: Typed = (), kind: str = ""
) -> HttpResponse:
    """An error page with a heading, sentences and text that was typed. `kind` chooses its buttons: "follow" those
    of a case, "answer" that of an enquiry."""
    context = {"title": heading, "heading": heading, "sentences": sentences, "typed": typed, "kind": kind}
    return render(request, "error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024
        return failed(
            request,
            400,
            _("That was too much text"),
            _("A page takes up to %(most)s MB of text. This page was not saved; earlier pages were.")
            % {"most": most},
            _(
                "Press your browser’s back button, shorten the text and try again. You can upload a long text as"
                " a file."
            ),
        )
    if isinstance(exception, TooManyFieldsSent):
        return failed(
            request,
            400,
            _("That was too much"),
            _("A page takes up to %(most)d answers. This page was not saved; earlier pages were.")
            % {"most": settings.DATA_UPLOAD_MAX_NUMBER_FIELDS},
            _("Press your browser’s back button and send it in parts."),
        )
    return failed(
        request,
        400,
        _("We could not read that"),
        _("What you saved before is safe. Press your browser’s back button and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return failed(
        request,
        403,
        _("You cannot open this page"),
        _("To check your complaint, enter its access code again."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return failed(
        request,
        404,
        _("Page not found"),
        _("The address may be wrong or old. Nothing you saved is lost."),
    )


def broken(request: HttpRequest) -> HttpResponse:
    return failed(
        request,
        500,
        _("Sorry, something went wrong"),
        _("It is not your fault. What you saved before is safe."),
        _("Please wait a minute, press your browser’s back button and try again."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a failed CSRF check. Usually the browser refuses cookies or the page was open very long."""
    kind = request.path.split("/")[1]
    return failed(
        request,
        403,
        _("Please try again"),
        _("This page was open too long, or your browser cleared its cookies. Nothing was saved or sent."),
        _(
            "Press your browser’s back button, reload the page and send it again. What you typed is usually "
            "still there; copy it first to be sure."
        ),
        str(_LOST_COOKIES.get(kind, _LOST_COOKIES["complaints"])),
        typed=typed_words(request),
        kind=kind,
    )
