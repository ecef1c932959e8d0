"""Rows of the office, a module an idea: who works here, what is filed, what is decided and written on it."""

from .cases import Case, CaseQuerySet
from .contacts import Contact
from .decisions import Finding
from .drafts import Draft, DraftQuerySet
from .exhibits import Exhibit
from .papers import Committed, Complaint, Reporter
from .routing import Routing, RoutingRule
from .staff import Role, StaffMember, Team
from .talk import Message

__all__ = [
    "Case",
    "CaseQuerySet",
    "Committed",
    "Complaint",
    "Contact",
    "Draft",
    "DraftQuerySet",
    "Exhibit",
    "Finding",
    "Message",
    "Reporter",
    "Role",
    "Routing",
    "RoutingRule",
    "StaffMember",
    "Team",
]
