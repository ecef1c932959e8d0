"""A draft closes in a browser that sends no request for some time. It opens again with its code."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from complaints.drafts import drafts
from complaints.models import Draft
from complaints.views import held


class DraftsCloseWhenIdle:
    """Middleware inside that of the sessions, before anything asks which draft the browser holds.

    A filed draft stays: its page shows the access code, which cannot be shown again later.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        code = held.held_code(request)
        if not code:
            return self.get_response(request)
        if held.is_idle(request) and not is_filed(code):
            held.close_idle(request)
        response = self.get_response(request)
        held.note_request(request, response)
        return response


def is_filed(code: str) -> bool:
    try:
        return drafts.find(code).filed_at is not None
    except (Draft.DoesNotExist, drafts.Expired):
        return False
