"""What an outsider needs to watch the ledger: a page in plain words, and the program for it."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from evidence import holdfast_verify, holdfast_witness
from evidence.ledger import signing

from .verify import kept

PROGRAM = Path(holdfast_witness.__file__)


def witnesses(request: HttpRequest) -> HttpResponse:
    """What to do each day, and why."""
    context = {
        "title": _("Watch the ledger"),
        "key": signing.vkey(),
        "address": request.build_absolute_uri(reverse("ledger")).rstrip("/"),
        "program_sha256": holdfast_verify.sha256(PROGRAM.read_bytes()).hex(),
    }
    return render(request, "witnesses.html", context)


def program(request: HttpRequest) -> HttpResponse:
    """holdfast_witness.py, with which anybody can be a witness."""
    return kept("holdfast_witness.py", PROGRAM.read_bytes(), "text/x-python; charset=utf-8")
