"""Choices for borrowers: who they are, how they were contacted, and where their evidence comes from."""

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ORGANISATIONS = ("lender", "platform", "agency")  # involved in a debt; the borrower may not know all of them


class Relation(TextChoices):
    """How the person who files is related to the debt."""

    DEBTOR = "debtor", _("They say I owe the money")
    CONTACTED = "contacted", _("They contacted me about somebody else’s debt")
    ACTING = "acting", _("I act for somebody else")


class Court(TextChoices):
    NONE = "none", _("No, nothing from a court")
    PAPER = "paper", _("Yes, a paper, a message or a date")
    UNSURE = "unsure", _("I am not sure that it is real")


class Precision(TextChoices):
    """How exactly a contact's time is known; an empty string if it is not known."""

    EXACT = "exact", _("exact time")
    ABOUT = "about", _("about that time")
    DAY = "day", _("only the day is known")


class Channel(TextChoices):
    CALL = "call", _("Phone call")
    SMS = "sms", _("Text message (SMS)")
    CHAT = "chat", _("Messaging app, such as WeChat")
    EMAIL = "email", _("E-mail")
    LETTER = "letter", _("Letter or paper")
    VISIT = "visit", _("Visit")
    POST = "post", _("Post on the internet")
    OTHER = "other", _("Something else")


class Direction(TextChoices):
    FROM_THEM = "in", _("They contacted us")
    TO_THEM = "out", _("I contacted them")


class Speaker(TextChoices):
    HUMAN = "human", _("A person")
    ROBOT = "robot", _("A machine or a recording")


class Reached(TextChoices):
    """Who was reached, seen from the person who owes. OWES only where somebody else files."""

    SELF = "self", _("Me")
    OWES = "owes", _("The person who owes")
    SPOUSE = "spouse", _("Husband, wife or partner")
    RELATIVE = "relative", _("Another relative")
    FRIEND = "friend", _("A friend or neighbour")
    COLLEAGUE = "colleague", _("A workmate")
    EMPLOYER = "employer", _("The employer")
    GUARANTOR = "guarantor", _("A guarantor")
    OTHER = "other", _("Somebody else")


class Answer(TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")


class Recorder(TextChoices):
    SELF = "self", _("I did")
    OTHER = "other", _("Somebody else did")
    UNKNOWN = "unknown", _("I don’t know")


class Condition(TextChoices):
    """What happened to a recording before it was uploaded."""

    ORIGINAL = "original", _("The original file")
    FORWARDED = "forwarded", _("It was forwarded to me")
    CUT = "cut", _("It was cut or changed")
    UNKNOWN = "unknown", _("I don’t know")


# What a borrower can declare about a file: name -> question. The last three are asked about recordings only.
FACTS: dict[str, Promise] = {
    "captured": _("When was it recorded, taken or received?"),
    "present": _("Were you in the conversation?"),
    "recorded_by": _("Who recorded it?"),
    "condition": _("Is it the original?"),
}
OF_RECORDINGS = ("present", "recorded_by", "condition")
FACT_CHOICES: dict[str, type[TextChoices]] = {
    "present": Answer,
    "recorded_by": Recorder,
    "condition": Condition,
}

# Physical originals of the files: kind -> question.
ORIGINALS: dict[str, Promise] = {
    "letter": _("A letter or paper: who keeps it, and where?"),
    "envelope": _("An envelope or courier slip: who keeps it, and where?"),
    "phone": _("A phone or another device: who keeps it, and where?"),
}

WAYS: dict[str, Promise] = {
    "phone": _("Phone call"),
    "sms": _("Text message (SMS)"),
    "email": _("E-mail"),
}
SAFE_WORDS: dict[str, Promise] = {
    "neutral": _("Only “You have a new message”"),
    "reference": _("The reference number as well"),
}
