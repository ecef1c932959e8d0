"""The office's rooms in admin. Drafts, evidence items and the ledger have none: nobody edits them."""

from . import callbacks, cases, clocks, rules, staff

__all__ = ["callbacks", "cases", "clocks", "rules", "staff"]
