"""The office's pages in Django's admin. Drafts, files and the ledger have no pages, since nobody edits them."""

from .office import absences, callbacks, declarations, rules, staff
from .queue import deadlines, queue, undertakings

__all__ = ["absences", "callbacks", "deadlines", "declarations", "queue", "rules", "staff", "undertakings"]
