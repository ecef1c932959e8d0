"""The kinds of ledger entries about cases and the office. Entries hold these strings, so none ever changes.

The kinds of entries about a file are in `evidence.ledger.kinds`.
"""

COMPLAINT_FILED = "complaint.filed"
EVIDENCE_ADDED = "evidence.added"  # after filing
EVIDENCE_VIEWED = "evidence.viewed"  # its copies, in the browser
EVIDENCE_DOWNLOADED = "evidence.downloaded"  # the original

CASE_ROUTED = "case.routed"
CASE_ASSIGNED = "case.assigned"
CASE_BEGUN = "case.begun"
CASE_PROPOSED = "case.proposed"
CASE_SENT_BACK = "case.sent_back"
CASE_DECIDED = "case.decided"
CASE_REPLIED = "case.replied"
CASE_CLOSED = "case.closed"
CASE_WITHDRAWN = "case.withdrawn"
CASE_REOPENED = "case.reopened"
CASE_REFERRED = "case.referred"
SEVERITY_CHANGED = "severity.changed"  # by the office; that of a retaliation is part of its own entry

FINDING_MADE = "finding.made"
MEASURE_ORDERED = "measure.ordered"
MEASURE_ENDED = "measure.ended"
REDRESS_PROMISED = "redress.promised"
REDRESS_ENDED = "redress.ended"

MESSAGE_WRITTEN = "message.written"
MESSAGE_READ = "message.read"
QUESTION_ASKED = "question.asked"
QUESTION_ANSWERED = "question.answered"
ADDENDUM_ADDED = "addendum.added"

WITHDRAWAL_ASKED = "withdrawal.asked"
WITHDRAWAL_TAKEN_BACK = "withdrawal.taken_back"
WITHDRAWAL_DECLINED = "withdrawal.declined"
REVIEW_ASKED = "review.asked"
RETALIATION_REPORTED = "retaliation.reported"
REPORTER_CHANGED = "reporter.changed"
CONSENT_GIVEN = "consent.given"
CONSENT_WITHDRAWN = "consent.withdrawn"
CODE_RENEWED = "code.renewed"

CLOCK_OVERDUE = "clock.overdue"
CLOCK_EXTENSION_ASKED = "clock.extension_asked"
CLOCK_EXTENDED = "clock.extended"
CLOCK_EXTENSION_DECLINED = "clock.extension_declined"

ENQUIRY_SENT = "enquiry.sent"
ENQUIRY_PRINTED = "enquiry.printed"
ENQUIRY_OPENED = "enquiry.opened"
ENQUIRY_REMINDED = "enquiry.reminded"
ENQUIRY_ANSWERED = "enquiry.answered"
ENQUIRY_OVERDUE = "enquiry.overdue"
ENQUIRY_ASSESSED = "enquiry.assessed"
ENQUIRY_REVOKED = "enquiry.revoked"
ENQUIRY_RENEWED = "enquiry.renewed"

BUNDLE_EXPORTED = "bundle.exported"
BUNDLE_APPROVED = "bundle.approved"
BUNDLE_DOWNLOADED = "bundle.downloaded"
GRANT_GIVEN = "grant.given"
GRANT_OPENED = "grant.opened"
GRANT_REVOKED = "grant.revoked"

NOTE_WRITTEN = "note.written"
TASK_SET = "task.set"
TASK_DONE = "task.done"

DOCUMENT_FAULT = "document.fault"  # the database lacks a frozen document, or has other bytes
DOCUMENT_RESTORED = "document.restored"

# The kinds above are in the history of a case, those below in histories of their own. A new name is in one of the
# two sets, and tests/complaints/models/test_event_kinds.py fails until everything that reads entries handles it.
OF_A_CASE = frozenset(value for name, value in vars().items() if name.isupper())

CALLBACK_ASKED = "callback.asked"
CALLBACK_DONE = "callback.done"
STAFF_CHANGED = "staff.changed"
STAFF_PASSWORD_SET = "staff.password_set"  # noqa: S105 (no password)
STAFF_SECOND_FACTOR_SET = "staff.second_factor_set"
STAFF_SECOND_FACTOR_TAKEN_AWAY = "staff.second_factor_taken_away"
CONFLICT_DECLARED = "conflict.declared"
CONFLICT_ENDED = "conflict.ended"
RULE_CHANGED = "rule.changed"
CLOCKS_CHANGED = "clocks.changed"
OF_THE_OFFICE = frozenset(value for name, value in vars().items() if name.isupper() and isinstance(value, str))
OF_THE_OFFICE -= OF_A_CASE
