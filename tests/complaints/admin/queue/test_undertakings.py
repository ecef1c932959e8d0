"""The list of measures and promises across cases, with its sums and as CSV."""

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from complaints.decisions import undertakings
from complaints.decisions.undertakings import PlannedUndertaking
from complaints.models import Case, StaffMember, Team, Undertaking
from tests.support import cast
from tests.support.office import routed, step

PAGE = "/admin/complaints/undertaking/"


@pytest.fixture
def promised(south: Team, investigator: StaffMember) -> list[Case]:
    """A refund promised in each of two cases, of one agency in two spellings; the first is overdue."""
    soon, cases = timezone.localdate() + timedelta(days=3), []
    for agency, owner in (("华信催收", "=lender"), ("華信催收", "lender")):
        filed = cast.file_a_complaint(files=[], parties={"lender": "", "agency": agency})
        case = step(routed(filed.case, south, investigator), "begin", investigator)
        wanted = PlannedUndertaking("redress", "refund", "The fee", owner, soon, Decimal("100.50"), "CNY")
        undertakings.order(case, by=investigator, wanted=wanted)
        cases.append(case)
    Undertaking.objects.filter(case=cases[0]).update(due_on=timezone.localdate() - timedelta(days=1))
    return cases


def rows(response: Any) -> list[str]:
    return re.findall(r">(HF-\d{4}-\d{6})</a>", response.content.decode())


def test_what_is_overdue_is_listed_with_its_owner_and_amount(
    promised: list[Case], supervisor: StaffMember
) -> None:
    client = cast.signed_in(supervisor)
    assert rows(client.get(PAGE)) == [case.reference for case in promised]
    page = client.get(f"{PAGE}?state=overdue")
    assert rows(page) == [promised[0].reference]
    assert "100.50 yuan" in page.content.decode()
    assert "华信催收" in page.content.decode()


def test_money_is_summed_by_month_and_by_agency_in_any_spelling(
    promised: list[Case], supervisor: StaffMember
) -> None:
    page = " ".join(re.sub(r"<[^>]+>", " ", cast.signed_in(supervisor).get(PAGE).content.decode()).split())
    assert f"{timezone.localdate():%Y-%m} 201.00 CNY 0.00 CNY" in page
    assert "华信催收 201.00 CNY 0.00 CNY" in page


def test_the_list_as_csv_has_no_formula(promised: list[Case], supervisor: StaffMember) -> None:
    response: Any = cast.signed_in(supervisor).get(f"{PAGE}?state=open&as=csv")
    lines = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert [line[0] for line in lines[1:]] == [case.reference for case in promised]
    assert lines[1][4] == "'=lender"


def test_nobody_reads_those_of_cases_that_they_may_not_see(
    promised: list[Case], investigator_north: StaffMember, administrator: StaffMember
) -> None:
    page = cast.signed_in(investigator_north).get(f"{PAGE}?state=")
    assert rows(page) == []
    assert "201.00" not in page.content.decode()
    assert cast.signed_in(administrator).get(PAGE).status_code == 403
