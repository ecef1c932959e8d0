"""The ledger's history of a case, told to staff."""

import pytest

from complaints.admin import timeline
from complaints.admin.timeline import TimelineRow
from complaints.cases import lifecycle
from complaints.conversation import messaging
from complaints.decisions import findings
from complaints.models import Case, Exhibit, StaffMember, Team
from complaints.staff import access
from evidence import ledger
from evidence.checking import sealing
from evidence.ledger import custody
from tests.support import cast, office


@pytest.fixture
def case(south: Team, investigator: StaffMember) -> Case:
    """Worked to its end by the investigator; the supervisor and the borrower looked in."""
    files = [(f"{number}.png", cast.a_screenshot(str(number))) for number in (1, 2)]
    case = cast.file_a_complaint(files=files).case
    by = access.actor(investigator)
    case = lifecycle.advance(case, "route", by=ledger.SYSTEM, changes={"team": south, "assignee": investigator})
    for exhibit in case.exhibits.all():
        sealing.seal(exhibit.item)
    case = lifecycle.advance(case, "begin", by=by, staff=investigator)
    findings.decide(case, by=investigator, written=office.on_all(case, outcome="partly"))
    case.refresh_from_db()
    messaging.reply(case, by=investigator, text="We found one call.")
    case.refresh_from_db()
    return lifecycle.advance(case, "close", by=by, staff=investigator)


def told(case: Case, reader: StaffMember) -> list[TimelineRow]:
    return timeline.of(case, Exhibit.objects.filter(case=case), reader, case.routings.last())


def test_the_whole_story_newest_first(case: Case, investigator: StaffMember) -> None:
    assert [row.text for row in told(case, investigator)] == [
        "You closed the case",
        "You replied to the borrower",
        "You decided",
        "Finding",
        "Finding",
        "You began the investigation",
        "E-1, E-2 sealed",
        "Routed to a team",
        "E-1, E-2 received",
        "Complaint filed, receipt given",
    ]


def test_each_moment_names_the_entries_that_say_so(case: Case, investigator: StaffMember) -> None:
    indexes = [index for row in told(case, investigator)[::-1] for index in row.indexes]
    assert indexes == [entry.index for entry in ledger.history(case.thread)]


def test_a_decision_says_what_was_decided(case: Case, investigator: StaffMember) -> None:
    notes = [row.note for row in told(case, investigator) if row.kind == "finding.made"]
    assert (
        notes[-1]
        == "Contacted family, friends, workmates or the employer of the person who owes: Partly substantiated"
    )


def test_the_timeline_names_staff_and_calls_the_borrower_the_borrower(case: Case, supervisor: StaffMember) -> None:
    supervisor.first_name = "Zhou"
    supervisor.save()
    item = case.exhibits.get(number=2).item
    custody.record(item, "evidence.downloaded", by=access.actor(supervisor), reason="disclosure")
    manifest = {"manifest": "0" * 64, "ledger_size": 1, "audience": "borrower"}
    custody.record(item, "bundle.exported", by=ledger.BORROWER, **manifest)
    rows = told(case, StaffMember.objects.get(username="investigator"))
    assert rows[0].text == "The borrower exported the case bundle"
    assert (rows[1].text, rows[1].note) == ("Zhou opened E-2", "To hand it to an authority")


def test_a_fault_is_red_and_says_what_is_wrong(case: Case, investigator: StaffMember) -> None:
    item = case.exhibits.get(number=1).item
    custody.record(item, "evidence.fault", by=ledger.SYSTEM, found="altered", sha256="0" * 64)
    fault = told(case, investigator)[0]
    assert (fault.text, fault.tone) == ("E-1: fault in storage", "red")
    assert fault.note == "The stored file is not what was received."


def test_a_kind_that_a_later_version_wrote_is_shown_as_it_is(case: Case, investigator: StaffMember) -> None:
    custody.record(case.exhibits.get(number=1).item, "evidence.blessed", by=ledger.SYSTEM)
    assert told(case, investigator)[0].text == "evidence.blessed"
