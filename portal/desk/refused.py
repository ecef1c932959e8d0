"""After a refused step of the desk, the reader is at the sentence: in the form, with what they typed."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from complaints import refill

STATUSES = (409, 410, 422)
TOP = b'<main id="content-start" class="content" tabindex="-1">'


def at_the_form(request: HttpRequest, response: HttpResponseBase) -> None:
    """Put the sentence at the beginning of the form that was sent, fill it, and open what is folded around it.

    The forms of the desk are sent to `…#refused`, the id of the sentence, so that browsers go there by themselves.
    If the page no longer has the form, the sentence is at its top, with the words to copy.
    """
    if request.method != "POST" or response.status_code not in STATUSES or not isinstance(response, HttpResponse):
        return
    here, typed = {"action": request.path, "page": request.path}, request.POST
    context = {
        "sentence": getattr(request, "refusal", "") or _("Nothing was done yet. Please look at this once more."),
        "wrong": refill.wrong_fields(response),
    }
    notice = render_to_string("admin/refused.html", context, request)
    if not refill.into(response, typed, notice=notice, marks=False, **here) and TOP in response.content:
        context["texts"] = refill.texts(typed)
        notice = render_to_string("admin/refused.html", context, request)
        response.content = response.content.replace(TOP, TOP + notice.encode(), 1)
