"""The receipt as a PDF: the content of receipt.json in the borrower's language.

Its QR code contains the signed checkpoint, so that a photograph of the paper is enough to check a ledger against
it.
"""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import Message, event_kinds, messages
from complaints.typesetting import pdf, qr
from evidence import names, sizes
from evidence.holdfast_verify import parse_note

PAPERS = {
    **dict.fromkeys((event_kinds.CASE_DECIDED, event_kinds.FINDING_MADE), gettext_lazy("Finding")),
    **dict.fromkeys(
        (event_kinds.CASE_PROPOSED, event_kinds.CASE_SENT_BACK),
        gettext_lazy("Proposed decision (kept by the office)"),
    ),
    **dict.fromkeys(
        (event_kinds.MEASURE_ORDERED, event_kinds.MEASURE_ENDED), gettext_lazy("Measure (kept by the office)")
    ),
    **dict.fromkeys((event_kinds.REDRESS_PROMISED, event_kinds.REDRESS_ENDED), gettext_lazy("Redress")),
    event_kinds.CASE_REFERRED: gettext_lazy("Referral to an authority"),
    event_kinds.CASE_REPLIED: Message.Kind.REPLY.label,
    **{entry: kind.label for kind, entry in messages.ENTRIES.items()},
    event_kinds.REVIEW_ASKED: gettext_lazy("Review asked for"),
    event_kinds.RETALIATION_REPORTED: gettext_lazy("Retaliation"),
    event_kinds.WITHDRAWAL_ASKED: gettext_lazy("Withdrawal asked for"),
    event_kinds.REPORTER_CHANGED: gettext_lazy("How to be reached, changed"),
    event_kinds.ENQUIRY_SENT: gettext_lazy("Enquiry to the other side"),
    event_kinds.ENQUIRY_ANSWERED: gettext_lazy("Answer of the other side"),
    event_kinds.NOTE_WRITTEN: gettext_lazy("Note (kept by the office)"),
    event_kinds.CLOCK_EXTENSION_ASKED: gettext_lazy("More time asked for (reasons kept by the office)"),
    **dict.fromkeys(
        (event_kinds.CLOCK_EXTENDED, event_kinds.CLOCK_EXTENSION_DECLINED),
        gettext_lazy("Decision on more time (reasons kept by the office)"),
    ),
}
TEMPLATE = Path(__file__).with_name("receipt.typ")
SIGNED_LINES = 5  # of a note: three, an empty one, and the ledger's signature
MOST_SCANNED = 800  # bytes
COLUMNS = {"files": 18, "sha256": pdf.WHOLE, "proof": 50}  # em of text, as the template has them


def printed(receipt: bytes) -> bytes:
    """The PDF of a receipt.json. The same receipt gives the same bytes."""
    content = json.loads(receipt)
    with translation.override(content["language"]):
        return pdf.pdf(TEMPLATE, _facts(content), _time(content["issued_at"]), columns=COLUMNS)


def pictured(receipt: bytes) -> bytes:
    """The same as one PNG, as narrow as a phone can show it and as tall as it has to be."""
    content = json.loads(receipt)
    with translation.override(content["language"]):
        return pdf.png(TEMPLATE, _facts(content), columns=COLUMNS, tall="yes")


def _facts(receipt: dict[str, Any]) -> dict[str, Any]:
    issued = timezone.localtime(_time(receipt["issued_at"]))
    note = receipt["ledger"]["checkpoint"]
    return {
        "title": f"{_('Receipt')} {receipt['reference']}",
        "site": settings.SITE_NAME,
        "lang": receipt["language"].partition("-")[0],
        "date": {"year": issued.year, "month": issued.month, "day": issued.day},
        "reference": receipt["reference"],
        "heading": _("Receipt"),
        "facts": [
            [_("Reference"), receipt["reference"]],
            [_("Filed"), _when(receipt["filed_at"])],
            [_("This receipt was made"), _when(receipt["issued_at"])],
        ],
        "promise": _(
            "This shows what was filed and when. The portal signed it and cannot deny it later. It does not "
            "contain the access code, so you can show it to a lawyer."
        ),
        "cautions": _cautions(receipt),
        "files_heading": _("Evidence received"),
        "no_files": _("No files were filed."),
        "columns": [_("No."), _("File"), _("Times")],
        "received": _("received"),
        "stamped": _("timestamp"),
        "files": [_file(file) for file in receipt["files"]],
        "papers_heading": _("Written after filing"),
        "papers": [_paper(paper) for paper in receipt.get("papers", [])],
        "proof_heading": _("The proof"),
        "proof": _proof(receipt, note),
        "how": [
            _(
                "The file receipt.json has the same information with its proofs. Keep it: anyone can use it to "
                "check all this."
            ),
            _(
                "Check it on the page “Check a receipt” of this site, or without this site with the program"
                " holdfast_verify.py: python holdfast_verify.py receipt.json --roots FOLDER"
            ),
        ],
        "qr": qr.for_print(_scannable(note)),
        "qr_says": _("For checking programs: the signed checkpoint of the ledger. A camera shows it as signs."),
    }


def _scannable(note: str) -> str:
    """The note with so many of its witnesses' lines as a camera can read from paper."""
    lines = note.splitlines(keepends=True)
    while len("".join(lines).encode()) > MOST_SCANNED and len(lines) > SIGNED_LINES:
        lines.pop()
    return "".join(lines)


def _proof(receipt: dict[str, Any], note: str) -> list[list[str]]:
    checkpoint = parse_note(note)
    indexes = ", ".join(f"#{entry['index']}" for entry in receipt["ledger"]["entries"])
    return [
        [_("Statement, SHA-256"), receipt["statement"]],
        [_("Ledger entries"), indexes],
        [_("Checkpoint"), f"{checkpoint.origin} · {checkpoint.size} · {checkpoint.root.hex()}"],
        [_("Ledger key"), receipt["ledger"]["key"]],
        *(_anchor(anchor) for anchor in receipt.get("anchors", [])),
    ]


def _anchor(anchor: dict[str, str]) -> list[str]:
    size = parse_note(anchor["note"]).size
    label = _("The first %(size)s entries of the ledger existed at") % {"size": size}
    return [label, f"{_when(anchor['gen_time'])} · {anchor['authority']}"]


def _cautions(receipt: dict[str, Any]) -> list[str]:
    if any(authority["local_clock"] for authority in receipt["authorities"]):
        return [_("The timestamps come from this portal’s own clock and are not proof against the operator.")]
    return []


def _file(file: dict[str, Any]) -> dict[str, str]:
    stamps = [f"{stamp['authority']}, {_when(stamp['gen_time'])}" for stamp in file["timestamps"]]
    return {
        "exhibit": file["exhibit"],
        "name": names.displayable(file["name"]),
        "size": sizes.in_words(file["size"]),
        "sha256": file["sha256"],
        "received": _when(file["received_at"]),
        "stamped": "\n".join(stamps) or _("waiting for the timestamp"),
    }


def _paper(paper: dict[str, str]) -> dict[str, str]:
    kind = PAPERS.get(paper["kind"], paper["kind"])
    return {"kind": str(kind), "at": _when(paper["at"]), "sha256": paper["sha256"]}


def _time(text: str) -> datetime:
    time = parse_datetime(text)
    if time is None:
        raise ValueError(f"{text!r} is no time")
    return time


def _when(text: str) -> str:
    """The time in the office's zone, to the second, with its UTC offset."""
    local = timezone.localtime(_time(text))
    return f"{local:%Y-%m-%d %H:%M:%S} UTC{local.isoformat()[-6:]}"
