"""Rows of the office, a module an idea: who works here, what is filed, what is decided and written on it."""

from .cases import Case, CaseQuerySet
from .decisions import Finding
from .drafts import Draft, DraftQuerySet
from .exhibits import Exhibit
from .papers import Committed, Complaint, Reporter
from .routing import Routing, RoutingRule
from .staff import Role, StaffMember, Team
from .talk import Message, MessageQuerySet

__all__ = [
    "Case",
    "CaseQuerySet",
    "Committed",
    "Complaint",
    "Draft",
    "DraftQuerySet",
    "Exhibit",
    "Finding",
    "Message",
    "MessageQuerySet",
    "Reporter",
    "Role",
    "Routing",
    "RoutingRule",
    "StaffMember",
    "Team",
]
