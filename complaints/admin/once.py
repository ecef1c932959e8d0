"""A page of the desk that is sent twice, as by a doubled click, is answered the second time as the first time.

Each page has a form token of its own. What a page did is kept in the session, in the transaction that did it.
"""

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.http import HttpRequest

from complaints.web import page_token

TAKEN = "taken"  # session key: pairs of a page as it was sent, and the sentence that answered it
KEPT = 20
Result = TypeVar("Result")


def kept(request: HttpRequest, do: Callable[[], Result]) -> Result:
    """The result of `do`. A sentence is kept in the same transaction, unless the form has no token."""
    with transaction.atomic():
        result = do()
        if isinstance(said := result, str) and page_token(request):
            request.session[TAKEN] = [*request.session.get(TAKEN, [])[-KEPT:], [_sent(request), said]]
            request.session.save()
        return result


def before(request: HttpRequest) -> str:
    """The sentence that answered this very page before; "" if it was not sent before, or was refused."""
    if not page_token(request):
        return ""
    now = type(request.session)(request.session.session_key)  # another request may have changed it meanwhile
    said: dict[str, str] = dict(now.get(TAKEN, []))
    return said.get(_sent(request), "")


def _sent(request: HttpRequest) -> str:
    fields = sorted((name, values) for name, values in request.POST.lists())
    return hashlib.sha256(repr((request.path, fields)).encode()).hexdigest()
