"""Lists what a bundle would contain before it is made."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.models import Case
from evidence import names
from evidence.ledger import checkpoints

from . import attached, masking, papers
from .options import Options, labelled

DOCUMENTS: dict[str, Promise] = {
    "statement": _("the statement as filed"),
    "reporter": _("who filed, and how to reach them"),
    "finding": _("findings"),
    "message": _("what was written after filing"),
    "review": _("requests for a review"),
    "retaliation": _("reports of retaliation"),
    "withdrawal": _("withdrawals"),
    "enquiry": _("enquiries to the other side"),
    "response": _("answers of the other side"),
    "proposal": _("decisions as proposed"),
    "measure": _("accountability measures"),
    "redress": _("redress"),
    "referral": _("referrals to an authority"),
    "extension": _("requests for more time, with reasons"),
    "decision": _("decisions about more time, with reasons"),
    "note": _("internal notes of the office"),
}


@dataclass(frozen=True)
class Leaving:
    """One exhibit and its copies, or the reason why it is left out."""

    label: str
    name: str
    size: int
    copies: int
    why_not: str
    quarantined: bool  # in quarantine, so that no bundle can contain it


@dataclass(frozen=True)
class Preview:
    documents: list[tuple[str | Promise, int, int]]  # kind, number, number of masked ones
    names_the_borrower: bool
    naming: list[str]  # labels of exhibits left out because their words show who filed
    exhibits: list[Leaving]
    numbers: int  # masked numbers
    addresses: int
    names: int
    size: int  # bytes of all originals
    lost: list[str]  # documents that are not those on the ledger: the bundle cannot be made


def of(case: Case, options: Options) -> Preview:
    wanted = papers.read(case, options=options, checkpoint=checkpoints.current())
    exhibits = [
        Leaving(
            label=one.exhibit.label,
            name=names.displayable(one.name),
            size=one.exhibit.size,
            copies=len(one.made(attached.COPIES)),
            why_not=one.left_out,
            quarantined=one.item.is_quarantined,
        )
        for one in wanted.attached
    ]
    kinds: dict[str, list[str]] = {}
    for name in wanted.documents:
        kinds.setdefault(name.partition("-")[0], []).append(name)
    documents = [
        (DOCUMENTS.get(kind, kind), len(found), len([name for name in found if name in wanted.masked]))
        for kind, found in kinds.items()
    ]
    texts = {name: str(wanted.document(name)) for name in wanted.documents}
    text = "".join(texts[name] for name in wanted.masked)
    return Preview(
        documents=documents,
        names_the_borrower=wanted.knows_the_borrower,
        naming=[label for label in wanted.left_out if label not in labelled(options.left_out)],
        exhibits=exhibits,
        numbers=text.count(masking.NUMBER),
        addresses=text.count(masking.ADDRESS),
        names=text.count(masking.NAME),
        size=sum(one.size for one in exhibits if not one.why_not),
        lost=wanted.lost_documents,
    )
