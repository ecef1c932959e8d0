"""How a decision names the person who made it: by name, or by staff number, as the office permits."""

import json
from typing import Any

import pytest

from complaints.cases import consents
from complaints.decisions import findings
from complaints.models import Case, StaffMember, Team
from complaints.staff import signature
from tests.complaints.bundles.report.test_report import printed
from tests.support import cast, office


def somebody(**fields: str) -> StaffMember:
    return StaffMember(username="wei.chen", **fields)


@pytest.mark.parametrize(
    ("fields", "by_name", "by_number"),
    [
        ({"first_name": "伟", "last_name": "陈", "number": "1023"}, "陈伟", "1023"),
        ({"first_name": "Wei", "last_name": "Chen", "number": ""}, "Wei Chen", ""),
        ({"number": "1023"}, "1023", "1023"),
        ({}, "", ""),
    ],
)
def test_a_person_is_named_as_the_office_permits_and_never_by_the_sign_in_name(
    settings: Any, fields: dict[str, str], by_name: str, by_number: str
) -> None:
    assert signature.of(somebody(**fields)) == by_name
    settings.OFFICE_SIGNS = "number"
    assert signature.of(somebody(**fields)) == by_number
    assert signature.of(None) == ""


@pytest.mark.parametrize(("signs", "first", "second"), [("name", "陈伟", "王芳"), ("number", "1023", "2001")])
def test_the_decision_and_its_report_say_who_decided_and_who_confirmed(
    borrower: cast.Filed,
    south: Team,
    investigator: StaffMember,
    supervisor: StaffMember,
    settings: Any,
    signs: str,
    first: str,
    second: str,
) -> None:
    settings.OFFICE_SIGNS = signs
    StaffMember.objects.filter(pk=investigator.pk).update(last_name="陈", first_name="伟", number="1023")
    StaffMember.objects.filter(pk=supervisor.pk).update(last_name="王", first_name="芳", number="2001")
    Case.objects.update(severity=3)  # so that the decision takes two people
    by, confirming = StaffMember.objects.get(pk=investigator.pk), StaffMember.objects.get(pk=supervisor.pk)
    case = office.step(office.routed(borrower.case, south, by), "begin", by)
    case = findings.decide(case, by=by, written=office.on_all(case))
    office.confirmed(office.now(case), by=confirming)
    consents.give(case, "court")
    frozen = json.loads(bytes(case.findings.order_by("pk")[0].document))
    assert (frozen["found_by_name"], frozen["confirmed_by_name"]) == (first, second)
    StaffMember.objects.update(last_name="别人")  # a report made again says what it said
    text = printed(office.now(case), "court")
    assert f"认定人Madeby办案人investigator{first}·{str(by.uid)[:8]}" in text
    assert f"确认人Confirmedby主管supervisor{second}·{str(confirming.uid)[:8]}" in text
