"""Makes the frozen documents of a complaint from a draft's answers: the statement, and the reporter."""

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from complaints.documents import document
from complaints.exhibits.numbering import described
from complaints.models import Case, Complaint, Draft, Exhibit, Reporter
from complaints.reference import conduct
from complaints.reference.choices import ORGANISATIONS, Court
from complaints.reference.conduct import Severity
from complaints.reference.wishes import PAID, own_currency
from complaints.safety import urgent
from evidence import ledger

COURT = {"court": "court", "on": "court_on", "note": "court_note"}  # name in the statement -> name in the answers
DEBT = ("product", "account", "claimed", "borrowed", "their_number")
REACHED_BY = ("name", "phone", "email", "contact_note", "safe_times")


def severity(draft: Draft) -> Severity:
    """The severity of the case: the highest of its conduct; at least high with a paper or date of a court; urgent
    after a yes to a safety question."""
    court = _answers(draft, "court")
    least = Severity.HIGH if court.get("court") == Court.PAPER or court.get("court_on") else Severity.NORMAL
    return urgent.severity(draft) or max(conduct.severity_of(draft.answers["conduct"]["conduct"]), least)


def complaint(draft: Draft, case: Case, exhibits: list[Exhibit], contacts: list[dict[str, Any]]) -> Complaint:
    """Freeze the statement: everything except who files. `contacts` are the acts of collection."""
    columns = {**_columns(draft), "story": _story(draft, exhibits)}
    body, sha256 = document(
        "statement",
        reference=case.reference,
        filed_at=ledger.rfc3339(case.filed_at),
        language=case.language,
        zone=settings.TIME_ZONE,
        **columns,
        contacts=contacts,
        exhibits=[described(exhibit) for exhibit in exhibits],
        **_more(draft),
    )
    court_on = _answers(draft, "court").get("court_on")
    day = date.fromisoformat(court_on) if court_on else None
    return Complaint.objects.create(case=case, document=body, sha256=sha256, court_on=day, **columns)


def _columns(draft: Draft) -> dict[str, Any]:
    """The part of the statement that the complaint's columns repeat."""
    parties = _answers(draft, "parties")
    return {
        "relation": _answers(draft, "who").get("relation", ""),
        "region": _answers(draft, "who").get("region", ""),
        **{organisation: parties.get(organisation, "") for organisation in ORGANISATIONS},
        "numbers": parties.get("numbers", []),
        "conduct": draft.answers["conduct"]["conduct"],
        "wishes": _answers(draft, "wishes").get("wishes", []),
    }


def _story(draft: Draft, exhibits: list[Exhibit]) -> str:
    """The borrower's words. If they only spoke them, a sentence that names the recordings."""
    if written := _answers(draft, "story").get("story", ""):
        return str(written)
    spoken = ", ".join(exhibit.label for exhibit in exhibits if exhibit.is_account)
    with translation.override(draft.language):
        return _("See the recording: %(exhibits)s.") % {"exhibits": spoken}


def _more(draft: Draft) -> dict[str, Any]:
    """The rest of the statement, without columns."""
    court, wishes, owed = _answers(draft, "court"), _answers(draft, "wishes"), debt(_answers(draft, "parties"))
    originals = _answers(draft, "evidence").get("originals", {})
    return {
        "court": {name: court.get(key, "") for name, key in COURT.items()},
        "other_wish": wishes.get("other", ""),
        "amounts": amounts(wishes),
        "originals": [{"kind": kind, "kept": kept} for kind, kept in originals.items()],
        **({"debt": owed} if owed else {}),
    }


def debt(parties: dict[str, Any]) -> dict[str, str]:
    """What the borrower says of the debt, by the names of DEBT; empty if nothing. A sum is in our own currency."""
    said = {name: parties.get(name, "") for name in DEBT}
    return {**said, "currency": own_currency() if said["claimed"] else ""} if any(said.values()) else {}


def amounts(wishes: dict[str, Any]) -> list[dict[str, str]]:
    """The sums that the borrower asks for: wish, amount (`3200.00`) and currency of each."""
    asked = [(wish, wishes.get(f"{wish}_amount", "")) for wish in PAID]
    return [{"wish": wish, "amount": amount, "currency": wishes["currency"]} for wish, amount in asked if amount]


def reporter(draft: Draft, case: Case) -> Reporter:
    """Freeze the reporter: who filed, how to reach them, and what they agreed to."""
    reach = _answers(draft, "reach")
    known = {name: reach.get(name, "") for name in REACHED_BY}
    addressed = {"email": known["email"], "sms": known["phone"]}
    agreed = {
        "acting_for": _answers(draft, "who").get("acting_for", ""),
        "channels": reach.get("channels", []),
        "notify": [way for way in reach.get("notify", []) if addressed.get(way)],
        "safe_words": reach.get("safe_words", "neutral"),
        "may_see_name": ["lender"] if _answers(draft, "names").get("lender") == "yes" else [],
    }
    body, sha256 = document(
        "reporter", reference=case.reference, **known, **agreed, safety=urgent.answered_yes(draft)
    )
    return Reporter.objects.create(case=case, document=body, sha256=sha256, **known, **agreed)


def _answers(draft: Draft, step: str) -> dict[str, Any]:
    found: dict[str, Any] = draft.answers.get(step, {})
    return found
