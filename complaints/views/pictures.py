"""A code as a picture to keep. The views that call this send it only to the browser that holds the code."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from complaints.typesetting import card


def of_code(request: HttpRequest, name: str, code: str, opens: str) -> HttpResponse:
    """The picture of a code. Its QR code has the address `opens`, a page that fills the code in.

    The code is behind the #, which browsers do not send, so that it is in no server's log.
    """
    address = f"{request.build_absolute_uri(reverse(opens))}#{code.replace(' ', '')}"
    return HttpResponse(card.png(request.get_host(), name, code, address), content_type="image/png")
