"""Rows of the office, a module an idea: who works here, what is filed, what is decided and written on it."""

from .callbacks import CallBack
from .cases import Case, CaseQuerySet
from .conflicts import Conflict, Declaration
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
from .routing import Reassignment, Routing, RoutingRule
from .staff import Absence, Role, StaffMember, Team
from .talk import Message, MessageQuerySet

__all__ = [
    "Absence",
    "CallBack",
    "Case",
    "CaseQuerySet",
    "Channel",
    "Committed",
    "Complaint",
    "Conflict",
    "Consent",
    "Contact",
    "Declaration",
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
    "Reassignment",
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
