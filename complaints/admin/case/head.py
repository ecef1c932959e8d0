"""The head of the case page: who complains of whom, and how things are at a glance."""

from dataclasses import dataclass
from datetime import datetime

from complaints.assignment import routing
from complaints.filing.account import Account
from complaints.models import Routing

from .conversation import Conversation
from .enquiry_list import Enquiries
from .section import Opened, Section


@dataclass(frozen=True)
class Head(Section):
    account: Account
    sealed: int  # exhibits
    tone: str  # of their number: red where one is faulty, green where all are sealed
    news: list[datetime]  # from the other side, an enquiry each
    waits_for_an_answer: bool  # of the borrower
    routed: str  # to which team, and by which rule


def of(
    opened: Opened, account: Account, conversation: Conversation, enquiries: Enquiries, routed: Routing | None
) -> Head:
    sealed = sum(hasattr(exhibit.item, "seal") for exhibit in opened.exhibits)
    whole = "green" if sealed == len(opened.exhibits) else "amber"
    return Head(
        opened,
        account=account,
        sealed=sealed,
        tone="red" if any(exhibit.item.fault for exhibit in opened.exhibits) else whole,
        news=[enquiry.news_at for enquiry in enquiries.sent if enquiry.news_at],
        waits_for_an_answer=any(message.is_open_question for message in conversation.written),
        routed=routing.explain_team(routed) if routed else "",
    )
