"""The office's rooms in admin. Drafts, evidence items and the ledger have none: nobody edits them."""

from . import absences, callbacks, cases, clocks, declarations, rules, staff

__all__ = ["absences", "callbacks", "cases", "clocks", "declarations", "rules", "staff"]
