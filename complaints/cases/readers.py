"""Which documents of a case a reader may see. Pages, bundles, reports and previews all ask here.

The answer follows from the case's ledger entries alone, so that a bundle made again at the same size of the ledger
has the same documents.
"""

from evidence import holdfast_verify as verifier
from evidence.models import LedgerEntry

# Reader -> documents left out. Measures may name staff, a proposal is not yet a finding, and reasons for more time
# are written for the office. The borrower and their lawyer get the findings, promises and referrals.
OFFICE_ALONE = ("proposal", "measure", "extension", "decision")
WITHHELD: dict[str, tuple[str, ...]] = {
    "borrower": OFFICE_ALONE,
    "office": (),
    "legal_aid": OFFICE_ALONE,
    "court": OFFICE_ALONE,
    "complaint": OFFICE_ALONE,  # 投诉: the borrower asks the regulator for redress, and so must be named
    "police": OFFICE_ALONE,  # 报案: the police hear a person, and so must be able to call them
    "regulator": ("reporter", "proposal", "extension", "decision"),  # 举报: a report that rules were broken
}
# Reader -> the recipient to whom the borrower must have consented; else the borrower's identity is left out.
BY_CONSENT = {"legal_aid": "legal_aid", "court": "court", "complaint": "regulator", "police": "police"}


def entries_of(thread: str) -> list[verifier.Entry]:
    """The ledger entries of a case, oldest first."""
    return [row.opened() for row in LedgerEntry.objects.filter(thread=thread).order_by("seq")]


def hidden(entries: list[verifier.Entry], *readers: str, notes: bool = False) -> list[str]:
    """Names ("measure-1") of the documents that one of the readers may not see.

    A bundle that somebody asks for on behalf of another has two readers. `notes`: the office's notes are included.
    """
    kinds = {kind for reader in readers for kind in WITHHELD[reader]} | (set() if notes else {"note"})
    if not all(_may_know_the_borrower(entries, reader) for reader in readers):
        kinds.add("reporter")
    undecided = verifier.undecided_redress(entries) if {*readers} != {"office"} else ()
    return [name for name in verifier.documents_of(entries) if kind_of(name) in kinds or name in undecided]


def visible(entries: list[verifier.Entry], kind: str, reader: str) -> list[str]:
    """SHA-256 (hex) of the documents of one kind that the reader may see."""
    unseen = hidden(entries, reader)
    return [
        digest
        for name, digest in verifier.documents_of(entries).items()
        if kind_of(name) == kind and name not in unseen
    ]


def entries_for(entries: list[verifier.Entry], reader: str) -> list[verifier.Entry]:
    """The entries without those that are about nothing but documents that the reader may not see."""
    frozen, unseen = verifier.frozen_documents(entries), {*hidden(entries, reader)}
    named = {entry.place for _digest, entry in frozen.values()}
    seen = {entry.place for name, (_digest, entry) in frozen.items() if name not in unseen}
    return [entry for entry in entries if entry.place not in named - seen]


def kind_of(name: str) -> str:
    """The kind of the document of this name: "measure" of "measure-1"."""
    return name.partition("-")[0]


def _may_know_the_borrower(entries: list[verifier.Entry], reader: str) -> bool:
    """Whether the borrower's consent to this reader, where one is needed, is in force."""
    return reader not in BY_CONSENT or is_agreed_for(entries, BY_CONSENT[reader])


def is_agreed_for(entries: list[verifier.Entry], recipient: str) -> bool:
    """Whether the borrower's consent to this recipient is in force in these entries."""
    consents = verifier.consents_of(entries)
    return any(one["recipient"] == recipient and not one["withdrawn_at"] for one in consents)
