"""The office's pages in Django's admin. Drafts, files and the ledger have no pages, since nobody edits them."""

from .case import clocks
from .office import absences, callbacks, declarations, rules, staff
from .queue import queue

__all__ = ["absences", "callbacks", "clocks", "declarations", "queue", "rules", "staff"]
