"""The reply to the borrower."""

import hashlib
import json

import pytest

from complaints import access, findings, lifecycle, messaging
from complaints.lifecycle import Refused
from complaints.models import Case, Message, StaffMember, Team
from evidence import ledger
from tests import cast


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    """Decided, waiting for the reply."""
    lifecycle.advance(borrower.case, "route", by=ledger.SYSTEM, changes={"team": south, "assignee": investigator})
    borrower.case.refresh_from_db()
    case = lifecycle.advance(borrower.case, "begin", by=access.actor(investigator), staff=investigator)
    findings.decide(case, by=investigator, allegation="C05", outcome="partly", reasons="Two calls after ten.")
    case.refresh_from_db()
    return case


def test_a_reply_is_kept_and_the_case_is_answered(case: Case, investigator: StaffMember) -> None:
    message = messaging.reply(case, by=investigator, text=" 我们已经核实。\n")
    case.refresh_from_db()
    assert case.state == Case.State.REPLIED
    assert (message.text, message.written_by) == ("我们已经核实。", investigator)


def test_the_ledger_has_the_digest_and_never_the_text(case: Case, investigator: StaffMember) -> None:
    message = messaging.reply(case, by=investigator, text="我们已经核实。")
    entry = ledger.history(case.thread)[-1]
    document = bytes(Message.objects.get().document)
    assert ledger.opened(entry)["data"] == {"message": message.sha256}
    assert hashlib.sha256(document).hexdigest() == message.sha256
    assert json.loads(document)["text"] == "我们已经核实。"
    assert "核实".encode() not in bytes(entry.body)


def test_an_empty_reply_is_refused(case: Case, investigator: StaffMember) -> None:
    with pytest.raises(Refused, match="it is empty"):
        messaging.reply(case, by=investigator, text=" \n ")
    assert not Message.objects.exists()


def test_a_second_reply_at_once_is_refused_and_not_kept(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    seen_by_second = Case.objects.get(pk=case.pk)
    messaging.reply(case, by=investigator, text="First.")
    with pytest.raises(Refused, match="acted before you"):
        messaging.reply(seen_by_second, by=supervisor, text="Second.")
    assert Message.objects.get().text == "First."


def test_nobody_outside_the_team_writes_to_the_borrower(
    case: Case, investigator_north: StaffMember, auditor: StaffMember
) -> None:
    for outsider in (investigator_north, auditor):
        with pytest.raises(Refused, match="Only investigators"):
            messaging.reply(case, by=outsider, text="Hello.")
