"""The models of the complaints app, a module for each subject."""

from .callbacks import CallBack
from .cases import Case, CaseQuerySet
from .clocks import Clock, ClockQuerySet, Extension
from .complaints import Committed, Complaint, Reporter
from .conflicts import Conflict, Declaration
from .contacts import Contact
from .decisions import Finding, Missing, Proposal, Referral, Undertaking
from .drafts import Draft, DraftQuerySet
from .enquiries import Asked, Enquiry, EnquiryAnswer
from .exhibits import Exhibit, RemovedFile
from .exports import Export, Grant
from .messages import Message, MessageQuerySet
from .notes import Note, Task
from .queues import BulkJob, BulkStep, Linked, SavedQueue, Searchable
from .rights import (
    Consent,
    FormerReporter,
    Notice,
    NoticeChannel,
    Pressed,
    Recovery,
    Retaliation,
    Review,
    Withdrawal,
)
from .routing import Reassignment, Routing, RoutingRule, SeverityChange
from .staff import OPENS_EVIDENCE, Absence, CodeTries, Role, StaffMember, Team
from .unsent import Unsent

__all__ = [
    "OPENS_EVIDENCE",
    "Absence",
    "Asked",
    "BulkJob",
    "BulkStep",
    "CallBack",
    "Case",
    "CaseQuerySet",
    "Clock",
    "ClockQuerySet",
    "CodeTries",
    "Committed",
    "Complaint",
    "Conflict",
    "Consent",
    "Contact",
    "Declaration",
    "Draft",
    "DraftQuerySet",
    "Enquiry",
    "EnquiryAnswer",
    "Exhibit",
    "Export",
    "Extension",
    "Finding",
    "FormerReporter",
    "Grant",
    "Linked",
    "Message",
    "MessageQuerySet",
    "Missing",
    "Note",
    "Notice",
    "NoticeChannel",
    "Pressed",
    "Proposal",
    "Reassignment",
    "Recovery",
    "Referral",
    "RemovedFile",
    "Reporter",
    "Retaliation",
    "Review",
    "Role",
    "Routing",
    "RoutingRule",
    "SavedQueue",
    "Searchable",
    "SeverityChange",
    "StaffMember",
    "Task",
    "Team",
    "Undertaking",
    "Unsent",
    "Withdrawal",
]
