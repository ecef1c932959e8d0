"""The borrower's answers in words, the same on the check page and at the desk."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format, time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import Contact
from complaints.reference import amounts, local_time
from complaints.reference import choices as reference_choices


def day_and_time(text: str) -> str:
    """A day or time of an answer, in the active language; an empty string for none."""
    if not text:
        return ""
    at = local_time.moment(text)
    day = date_format(at.date(), "DATE_FORMAT")
    return day if " " not in text else f"{day} {time_format(at, 'H:i:s' if at.second else 'H:i')}"


def headline(act: dict[str, Any]) -> str:
    """Time and channel of an act: 20 November 2026 23:41 · Phone call"""
    about = _("about %(time)s") % {"time": day_and_time(act["when"])} if act.get("precision") == "about" else ""
    return titled(about or day_and_time(act.get("when", "")), act)


def titled(when: str, act: dict[str, Any]) -> str:
    """The given time and the act's channel, of several in a row also until when and how many, as far as known."""
    channel = str(reference_choices.Channel(act["channel"]).label) if act.get("channel") else ""
    spanned = span(when, act["when"], act["until"]) if act.get("until") else when
    return " · ".join(filter(None, [spanned, channel, times_of(act)])) or _("Day not known")


def span(begun: str, when: str, until: str) -> str:
    """The first time in words and the last one; of the same day only its time."""
    same_day = " " in until and when[:10] == until[:10]
    last = until[11:] if same_day else day_and_time(until)
    return _("%(begun)s to %(last)s") % {"begun": begun, "last": last}


def times_of(act: dict[str, Any]) -> str:
    """How many there were in a row, of an act; an empty string for one."""
    return times(int(act.get("times") or 1), about=act.get("times_about") == "yes")


def times(count: int, *, about: bool = False) -> str:
    """How many there were in a row, exactly or roughly; an empty string for one."""
    words = _("about %(count)s times") if about else _("%(count)s times")
    return words % {"count": number_format(count, force_grouping=True)} if count > 1 else ""


# What a contact was asked besides its time and channel: name of the field -> question.
ASKED: dict[str, Promise] = {
    "direction": gettext_lazy("Who got in touch?"),
    "reached": gettext_lazy("Who did they contact?"),
    "disclosed": gettext_lazy("Did they mention the debt to that person?"),
    "number": gettext_lazy("From which number or account?"),
    "claimed": gettext_lazy("Who did they say they were?"),
    "answered": gettext_lazy("If it was a call, was it answered?"),
    "speaker": gettext_lazy("A person or a recording?"),
    "said": gettext_lazy("What did they say or do?"),
}


def answers(contact: Contact) -> tuple[str, list[tuple[str, str]]]:
    """A contact for the person who filed: its time and channel, then each question with its answer."""
    shown = row(contact)
    heading = " · ".join(filter(None, [shown["when"], shown["channel"]])) or _("Day not known")
    return heading, [(str(label), shown[name]) for name, label in ASKED.items() if shown[name]]


def row(contact: Contact) -> dict[str, str]:
    """A contact as a row of the desk's table; unknown fields are empty."""
    answer = {True: _("yes"), False: _("no"), None: ""}
    return {
        "label": f"C-{contact.order}",
        "when": when(contact),
        "channel": " · ".join(
            filter(None, [contact.get_channel_display(), times(contact.times, about=contact.times_about)])
        ),
        "direction": contact.get_direction_display(),
        "number": contact.number,
        "claimed": contact.claimed,
        "answered": answer[contact.answered],
        "speaker": contact.get_speaker_display(),
        "reached": contact.get_reached_display(),
        "disclosed": answer[contact.disclosed],
        "said": contact.said,
    }


def when(contact: Contact) -> str:
    """The contact's time, or that of the first and the last one, as exactly as it is known; an empty string if it
    is unknown."""
    if contact.at is None:
        return ""
    spelling = "%Y-%m-%d" if contact.precision == reference_choices.Precision.DAY else "%Y-%m-%d %H:%M:%S"
    begun = f"{timezone.localtime(contact.at):{spelling}}"
    shown = day_and_time(begun)
    if contact.precision == reference_choices.Precision.ABOUT:
        shown = _("about %(time)s") % {"time": shown}
    if contact.until is None:
        return shown
    return span(shown, begun, f"{timezone.localtime(contact.until):{spelling}}".removesuffix(":00"))


def declared(facts: dict[str, str]) -> list[tuple[str, str]]:
    """The declared facts of a file: pairs of question and answer."""
    return [
        (str(label), fact_in_words(fact, facts[fact]))
        for fact, label in reference_choices.FACTS.items()
        if facts.get(fact)
    ]


def fact_in_words(fact: str, answer: str) -> str:
    choices = reference_choices.FACT_CHOICES.get(fact)
    return str(choices(answer).label) if choices else day_and_time(answer)


DEBT: dict[str, Promise] = {
    "product": gettext_lazy("Kind of debt"),
    "account": gettext_lazy("Account or contract number"),
    "claimed": gettext_lazy("Amount claimed"),
    "borrowed": gettext_lazy("Borrowed"),
    "their_number": gettext_lazy("Their number of the complaint"),
}


def debt(said: dict[str, str]) -> list[tuple[str, str]]:
    """What the borrower said of the debt, as label and answer."""
    shown = dict(said)
    if said.get("claimed"):
        shown["claimed"] = money({"amount": said["claimed"], "currency": said["currency"]})
    return [(str(label), shown[name]) for name, label in DEBT.items() if shown.get(name)]


def money(asked: dict[str, str]) -> str:
    """A sum that the borrower named, with its currency."""
    return amounts.in_words(asked["amount"], asked["currency"])
