"""The head of the case page: the parties and an overview."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from complaints.assignment import routing
from complaints.cases import links
from complaints.filing.account import Account
from complaints.models import Case, Routing

from .conversation import Conversation
from .enquiry_list import Enquiries
from .section import Opened, Section


@dataclass(frozen=True)
class Head(Section):
    account: Account
    sealed: int  # number of sealed exhibits
    tone: str  # colour of that number: red if an exhibit is damaged, green if all are sealed
    news: list[datetime]  # for each enquiry with news from the other side, when they came
    waits_for_an_answer: bool  # from the borrower
    links: list[links.Found]  # to other cases that the reader may see
    routed: str  # the team, and the rule that chose it

    @property
    def is_new_in_hands(self) -> bool:
        """Whether the reader has the case and opens it for the first time since it was given or sent back."""
        return bool(self.case.handed_at) and self.case.assignee_id == self.opened.user.pk


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
        links=links.of(opened.case, opened.user),
        routed=_routed(opened.case, routed),
    )


def _routed(case: Case, routed: Routing | None) -> str:
    if routed is None and case.team:
        return _("Routed to %(team)s.") % {"team": case.team}
    return routing.explain_team(routed) if routed else ""
