"""The office's rooms in admin. Drafts, evidence items and the ledger have none: nobody edits them."""

from . import callbacks, cases, rules, staff

__all__ = ["callbacks", "cases", "rules", "staff"]
