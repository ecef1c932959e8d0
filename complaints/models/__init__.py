"""Rows of the office, a module an idea: who works here, what is filed, what is decided and written on it."""

from .callbacks import CallBack
from .cases import Case, CaseQuerySet
from .contacts import Contact
from .decisions import Finding
from .drafts import Draft, DraftQuerySet
from .exhibits import Exhibit
from .handing import Export, Grant
from .papers import Committed, Complaint, Reporter
from .rights import (
    Channel,
    Consent,
    FormerReporter,
    Notice,
    Pressed,
    Recovery,
    Retaliation,
    Review,
    Withdrawal,
)
from .routing import Routing, RoutingRule
from .staff import Role, StaffMember, Team
from .talk import Message, MessageQuerySet

__all__ = [
    "CallBack",
    "Case",
    "CaseQuerySet",
    "Channel",
    "Committed",
    "Complaint",
    "Consent",
    "Contact",
    "Draft",
    "DraftQuerySet",
    "Exhibit",
    "Export",
    "Finding",
    "FormerReporter",
    "Grant",
    "Message",
    "MessageQuerySet",
    "Notice",
    "Pressed",
    "Recovery",
    "Reporter",
    "Retaliation",
    "Review",
    "Role",
    "Routing",
    "RoutingRule",
    "StaffMember",
    "Team",
    "Withdrawal",
]
