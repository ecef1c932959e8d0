"""The enquiry as a printed letter in the recipient's language, with the link as a QR code."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from complaints.cases import wording
from complaints.enquiries import links
from complaints.models import Enquiry
from complaints.reference import conduct
from complaints.typesetting import pdf, qr

from . import demands, disclosure

TEMPLATE = Path(__file__).with_name("enquiry.typ")


def printed(enquiry: Enquiry) -> bytes:
    """The PDF. The same enquiry and link give the same bytes."""
    with translation.override(enquiry.language):
        return pdf.pdf(TEMPLATE, _facts(enquiry), enquiry.sent_at, columns={})


def _facts(enquiry: Enquiry) -> dict[str, Any]:
    content, sent = enquiry.content, timezone.localtime(enquiry.sent_at)
    due = date_format(timezone.localdate(enquiry.due_at), "DATE_FORMAT")
    return {
        "title": f"{_('Enquiry')} {enquiry.reference}",
        "site": settings.SITE_NAME,
        "lang": enquiry.language.partition("-")[0],
        "date": {"year": sent.year, "month": sent.month, "day": sent.day},
        "reference": enquiry.reference,
        "heading": _("Enquiry"),
        "facts": [
            [_("To"), enquiry.organisation],
            [_("For"), _("Complaints and compliance department")],
            [_("Date"), date_format(sent.date(), "DATE_FORMAT")],
            [_("Answer due"), due],
        ],
        "opening": _(
            "We are investigating a complaint about debt collection. Please provide the following by %(day)s."
        )
        % {"day": due},
        "asked_heading": _("What we ask for"),
        "asked": [[demands.named(one["kind"]), one["note"]] for one in content["asked"]],
        "text": content["text"],
        "about_heading": _("What it is about"),
        "about": _about(enquiry, content),
        "keep_heading": _("Keep everything and delete nothing"),
        "keep": [*_keep(content["kept"])],
        "who_heading": _("Who may see this"),
        "who": _(
            "This is for the people responsible for complaints and compliance. Do not pass it to anyone who "
            "collects debts or decides on credit. It must not be used to collect, to set a credit score, or "
            "against anyone who complained."
        ),
        "answer_heading": _("How to answer"),
        "answer": _how_to_answer(),
        "link": enquiry.portal,
        "code_label": _("Code"),
        "code": links.code(enquiry),
        "qr": qr.for_print(links.link(enquiry)),
        "qr_says": _("The address with the code"),
    }


def _how_to_answer() -> list[str]:
    return [
        _(
            "Open this address or scan the QR code, and enter the code. You can write an answer and upload "
            "files there."
        ),
        _("What you send becomes part of the case. The person who complained and authorities may receive it."),
    ]


def _about(enquiry: Enquiry, content: dict[str, Any]) -> list[list[str]]:
    rows = [
        [_("Borrower"), borrower(disclosure.named(enquiry))],
        [_("Lender"), content["lender"]],
        [_("Platform"), content["platform"]],
        [_("Collection agency"), content["agency"]],
        [_("Numbers the collectors used"), " · ".join(content["numbers"])],
        [_("What is complained of"), "\n".join(map(conduct.named, content["conduct"]))],
        [_("Contacts"), "\n".join(contact(one) for one in content["contacts"])],
    ]
    return [row for row in rows if row[1]]


def borrower(named: dict[str, str]) -> str:
    """Who the borrower is, from `disclosure.named`; a sentence if they may not be named."""
    if not named.get("name"):
        return _("The person who complained is not named. Do not try to find out who it is.")
    parts = [named["name"]]
    if named["acting_for"]:
        parts.append(_("for %(name)s") % {"name": named["acting_for"]})
    if named["phone"]:
        parts.append(_("phone number ending in %(digits)s") % {"digits": named["phone"]})
    return " · ".join(parts)


def contact(act: dict[str, str]) -> str:
    """A contact in one line: C-1 · 20 November 2026 23:41 · Phone call · made by the collector · 0571 8888 0001"""
    directions = {"in": _("made by the collector"), "out": _("made to the collector")}
    direction = directions.get(act["direction"], "")
    parts = (f"C-{act['contact']}", wording.headline(act), direction, act["number"])
    return " · ".join(part for part in parts if part)


def _keep(code: str) -> list[str]:
    asked = _(
        "From now on, please keep all recordings, logs, notes and messages that may relate to this, "
        "including copies held by agencies that work for you, and stop any automatic deletion. The "
        "finding will say what is missing later."
    )
    rule = demands.kept().get(code)
    return [asked, f"{rule.rule} ({rule.source})"] if rule else [asked]
