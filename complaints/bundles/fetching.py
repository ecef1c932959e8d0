"""Records a download by the borrower or the office once, even if its form is sent twice."""

from django.db import transaction
from django.http import HttpRequest

from complaints.models import Case, Export
from complaints.web import note_sent, remember, was_sent
from evidence.ledger import Actor

from . import exports


@transaction.atomic
def once(request: HttpRequest, export: Export, *, by: Actor) -> None:
    """Record a download, unless this page has recorded one. Raises Refused."""
    Case.objects.locked(export.case)
    if not was_sent(request):
        exports.fetch(export, by=by)
        remember(request, export.pk)
        note_sent(request)
