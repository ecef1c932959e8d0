"""The order of a draft's files: that in which they were chosen, until somebody moves one."""

from django.db import transaction
from django.db.models import QuerySet

from complaints import digits
from complaints.models import Draft, Exhibit


def in_order(draft: Draft) -> QuerySet[Exhibit]:
    """The draft's files in the order in which they were chosen or put since. Filing numbers them so."""
    return draft.exhibits.select_related("item").order_by("place", "pk")


@transaction.atomic
def move(draft: Draft, where: str) -> None:
    """Put a file elsewhere among those of the draft: "17:0" makes the file with key 17 the first. Does nothing
    without such a file. The files exchange the places they have, so that files on their way keep theirs."""
    key, _colon, to = where.partition(":")
    list(Draft.objects.select_for_update().filter(pk=draft.pk))
    exhibits = list(in_order(draft))
    moved = next((exhibit for exhibit in exhibits if str(exhibit.pk) == key), None)
    at = digits.number(to)
    if moved is None or at is None:
        return
    places = [exhibit.place for exhibit in exhibits]
    exhibits.remove(moved)
    exhibits.insert(min(at, len(exhibits)), moved)
    for place, exhibit in enumerate(exhibits):
        exhibit.place = places[place] if not place else max(places[place], exhibits[place - 1].place + 1)
    Exhibit.objects.bulk_update(exhibits, ["place"])
