"""Kinds of ledger entries about evidence and about the ledger. A kind is never renamed.

Other rooms have kinds of their own, such as `complaints.models.event_kinds`.
"""

EVIDENCE_RECEIVED = "evidence.received"
EVIDENCE_SEALED = "evidence.sealed"  # read again, found the same, timestamped
EVIDENCE_DERIVED = "evidence.derived"  # a copy for viewing, or a typed transcript
EVIDENCE_FAULT = "evidence.fault"
EVIDENCE_RESTORED = "evidence.restored"
EVIDENCE_COPY_FAULT = "evidence.copy_fault"
EVIDENCE_COPY_RESTORED = "evidence.copy_restored"
EVIDENCE_QUARANTINED = "evidence.quarantined"
EVIDENCE_RELEASED = "evidence.released"
OF_AN_ITEM = frozenset(value for name, value in vars().items() if name.isupper())

LEDGER_RESTORED = "ledger.restored"  # somebody accepted a ledger that does not extend what was remembered of it
LEDGER_KEY_CHANGED = "ledger.key_changed"  # from here on, another key signs
PROOF_SETTINGS = "proof.settings"  # the ledger's key and the timestamp authorities
OF_THE_LEDGER = frozenset(value for name, value in vars().items() if name.isupper() and isinstance(value, str))
OF_THE_LEDGER -= OF_AN_ITEM
