"""The fifteen kinds of conduct that a borrower can report, each with the severity that its case starts with."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import IntegerChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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
BY_CODE = {kind.code: kind for kind in KINDS}


def named(code: str) -> str:
    """The kind's label in the active language; the code itself if there is no such kind any more."""
    return str(BY_CODE[code].label) if code in BY_CODE else code


def severity_of(codes: Iterable[str]) -> Severity:
    """The highest severity among these kinds; normal if there are none."""
    return max((BY_CODE[code].severity for code in codes), default=Severity.NORMAL)
