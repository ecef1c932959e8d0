"""The list of a case's enquiries, on the case page."""

from dataclasses import dataclass

from complaints.enquiries import asking
from complaints.models import Enquiry, event_kinds

from .section import Opened, Section


@dataclass(frozen=True)
class Enquiries(Section):
    sent: list[Enquiry]
    may_ask: bool


def of(opened: Opened) -> Enquiries:
    sent = asking.of(opened.case) if event_kinds.ENQUIRY_SENT in opened.kinds else []
    return Enquiries(opened, sent=sent, may_ask="enquire" in opened.offered)
