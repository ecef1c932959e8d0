"""The fifteen kinds of conduct that a borrower can report, each with the severity that its case starts with."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import IntegerChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .choices import Relation


class Severity(IntegerChoices):
    NORMAL = 1, _("Normal")
    HIGH = 2, _("High")
    URGENT = 3, _("Urgent")


@dataclass(frozen=True)
class ConductKind:
    code: str
    severity: Severity
    label: Promise


KINDS: tuple[ConductKind, ...] = (
    ConductKind("C01", Severity.URGENT, _("Hit me, threatened to hurt me or my family, or damaged things")),
    ConductKind("C02", Severity.URGENT, _("Blocked my door, forced their way in, kept me or followed me")),
    ConductKind("C03", Severity.URGENT, _("Made my debt or private data public: mass messages, posts, posters")),
    ConductKind("C04", Severity.HIGH, _("Contacted my family, friends, workmates or employer")),
    ConductKind("C05", Severity.NORMAL, _("Contacted me between 10 at night and 8 in the morning")),
    ConductKind("C06", Severity.NORMAL, _("Called or messaged far too often in a day")),
    ConductKind("C07", Severity.HIGH, _("Insulted, swore at or humiliated me")),
    ConductKind("C08", Severity.HIGH, _("Pretended to be police, a court or a lawyer; fake summons or letter")),
    ConductKind(
        "C09", Severity.HIGH, _("Said I would be arrested, or my child or job would suffer, if I did not pay")
    ),
    ConductKind("C10", Severity.NORMAL, _("Would not say who they are, or hid their number")),
    ConductKind("C11", Severity.NORMAL, _("Wrong amount, interest too high, already paid, or not my debt")),
    ConductKind("C12", Severity.URGENT, _("Told me to pay a personal account or a fee first")),
    ConductKind("C13", Severity.HIGH, _("Pressed me to borrow elsewhere or make my family pay")),
    ConductKind("C14", Severity.NORMAL, _("Visited improperly: alone, without showing ID, bothering neighbours")),
    ConductKind("C15", Severity.NORMAL, _("Kept on after I asked them to stop, had a lawyer or was negotiating")),
)
# How they read where somebody else than the person who owes files.
OF_OTHERS: dict[str, Promise] = {
    "C01": _("Hit somebody, threatened to hurt them or their family, or damaged things"),
    "C02": _("Blocked a door, forced their way in, kept somebody or followed them"),
    "C03": _("Made somebody’s debt or private data public: mass messages, posts, posters"),
    "C04": _("Contacted family, friends, workmates or the employer of the person who owes"),
    "C05": _("Called or wrote between 10 at night and 8 in the morning"),
    "C07": _("Insulted, swore at or humiliated somebody"),
    "C09": _("Said somebody would be arrested, or a child or job would suffer, without payment"),
    "C11": _("Wrong amount, interest too high, already paid, or not their debt"),
    "C12": _("Told somebody to pay a personal account or a fee first"),
    "C13": _("Pressed somebody to borrow elsewhere or the family to pay"),
    "C15": _("Kept on after a request to stop, with a lawyer, or during talks"),
}
FITTING: dict[str, dict[str, Promise]] = {  # relation of the person who files -> code -> label
    "": {"C04": _("Contacted my family, friends, workmates or employer, or me about somebody else’s debt")},
    Relation.CONTACTED: {**OF_OTHERS, "C04": _("Contacted me or other people about somebody else’s debt")},
    Relation.ACTING: OF_OTHERS,
}
BY_CODE = {kind.code: kind for kind in KINDS}


def labels(relation: str) -> dict[str, Promise]:
    """The kinds as they read for somebody with this relation to the debt."""
    return {kind.code: kind.label for kind in KINDS} | FITTING.get(relation, {})


def named(code: str, relation: str | None = None) -> str:
    """The kind in the active language, as somebody with this relation to the debt says it; without one in the
    third person, for the office and its letters. The code itself if there is no such kind any more."""
    known = {**labels(""), **OF_OTHERS} if relation is None else labels(relation)
    return str(known.get(code, code))


def severity_of(codes: Iterable[str]) -> Severity:
    """The highest severity among these kinds; normal if there are none."""
    return max((BY_CODE[code].severity for code in codes), default=Severity.NORMAL)
