"""The office's rooms in admin. Drafts, evidence items and the ledger have none: nobody edits them."""

from .case import clocks
from .office import absences, callbacks, declarations, rules, staff
from .queue import queue

__all__ = ["absences", "callbacks", "clocks", "declarations", "queue", "rules", "staff"]
