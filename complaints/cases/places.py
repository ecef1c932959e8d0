"""Where the words of a search are in a case, for the list of what was found."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.models import Case, Contact, Message
from complaints.reference import folding

from . import search

AROUND = 24  # characters of the text before and after the word
LONG = 4000  # characters of a text in which the place is looked for; of a longer one only the beginning
LABELS = {
    "lender": _("Lender"),
    "platform": _("Platform"),
    "agency": _("Agency"),
    "numbers": _("Number"),
    "story": _("Statement"),
    "contact": _("Contact"),
    "message": _("Message"),
}


@dataclass(frozen=True)
class Place:
    """The text around a word that was found: what text it is, what is before the word, the word, what follows."""

    label: str | Promise
    before: str
    word: str
    after: str


def of(cases: Collection[Case], query: str) -> dict[int, list[Place]]:
    """The places by the cases' keys: of each word the first, the short texts before the long ones. Two queries."""
    words = search.words(query)
    contacts: dict[int, list[str]] = {}
    for case, *texts in Contact.objects.filter(case__in=cases).values_list("case", "number", "claimed", "said"):
        contacts.setdefault(case, []).extend(texts)
    messages: dict[int, list[str]] = {}
    theirs = Message.objects.filter(case__in=cases, written_by=None)
    for case, text in theirs.values_list("case", "text"):
        messages.setdefault(case, []).append(text)
    return {
        case.pk: list(_of_one(words, list(_texts(case, contacts.get(case.pk, []), messages.get(case.pk, [])))))
        for case in cases
    }


def _texts(case: Case, contacts: list[str], messages: list[str]) -> Iterator[tuple[str, str]]:
    complaint = case.complaint
    yield from ((name, getattr(complaint, name)) for name in ("lender", "platform", "agency"))
    yield from (("numbers", number) for number in complaint.numbers)
    yield "story", complaint.story
    yield from (("contact", text) for text in contacts)
    yield from (("message", text) for text in messages)


def _of_one(words: list[str], texts: list[tuple[str, str]]) -> Iterator[Place]:
    for word in words:
        found = (place for name, text in texts if (place := _place(LABELS[name], text, word)))
        if place := next(found, None):
            yield place


def _place(label: str | Promise, text: str, word: str) -> Place | None:
    """The word in the text as it is written there; None if the text has it only in another form, or not at all."""
    folded = folding.Folded(text[:LONG])
    letters = [at for at, one in enumerate(folded.view) if folding.is_letter(one)]
    at = "".join(folded.view[place] for place in letters).find(word)
    if at < 0:
        return None
    start, end = folded.within((letters[at], letters[at + len(word) - 1] + 1))
    return Place(label, text[max(0, start - AROUND) : start], text[start:end], text[end : end + AROUND])
