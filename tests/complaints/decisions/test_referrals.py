"""A referral: to whom, when, why and under which number; and who the borrower is only as they agreed."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from complaints.cases import consents
from complaints.decisions import referrals
from complaints.models import Case, Referral, StaffMember, Team
from complaints.refusal import Refused
from tests.support import cast, office
from tests.support.midnight import from_today
from tests.support.pages import follows, text


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.routed(borrower.case, south, investigator)


def refer(case: Case, by: StaffMember, **fields: Any) -> Referral:
    words = {
        **{"to": "police", "authority": "West Lake station", "referred_on": timezone.localdate()},
        **{"reasons": "A threat to come to the house.", "number": "A-77"},
    }
    return referrals.refer(case, by=by, handed=referrals.Handed(**{**words, **fields}))


def test_it_is_frozen_and_only_its_digest_is_on_the_ledger(case: Case, investigator: StaffMember) -> None:
    made = refer(case, investigator)
    assert office.in_short(office.last_of(case, "case.referred")["data"]) == {"referral": made.sha256}
    told = json.loads(bytes(made.document))
    assert (told["authority"], told["number"], told["with_identity"]) == ("West Lake station", "A-77", False)


def test_what_is_sent_twice_is_recorded_once(case: Case, investigator: StaffMember) -> None:
    made = refer(case, investigator)
    assert refer(case, investigator) == made
    assert refer(case, investigator, number="A-78") != made
    assert office.told(case).count("case.referred") == 2


@pytest.mark.parametrize("to", ["police", "regulator"])
def test_who_the_borrower_is_goes_along_only_while_they_agree(
    to: str, case: Case, investigator: StaffMember
) -> None:
    other = "regulator" if to == "police" else "police"
    consents.give(case, other)
    with pytest.raises(Refused, match="has not agreed"):
        refer(case, investigator, to=to, with_identity=True)
    consents.give(case, to)
    assert refer(case, investigator, to=to, with_identity=True).with_identity
    consents.withdraw(case, to)
    with pytest.raises(Refused, match="has not agreed"):
        refer(case, investigator, to=to, with_identity=True)
    assert not refer(case, investigator, to=to).with_identity


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"authority": " "}, "which authority"),
        ({"reasons": ""}, "why it is handed over"),
        ({"referred_on": timedelta(days=1)}, "in the future"),
    ],
)
def test_an_incomplete_referral_is_refused(
    fields: dict[str, Any], said: str, case: Case, investigator: StaffMember
) -> None:
    with pytest.raises(Refused, match=said):
        refer(case, investigator, **from_today(fields))
    assert not Referral.objects.exists()


def test_nobody_outside_the_team_refers(
    case: Case, investigator_north: StaffMember, auditor: StaffMember, administrator: StaffMember
) -> None:
    for outsider in (investigator_north, auditor, administrator):
        with pytest.raises(Refused, match="Only investigators"):
            refer(case, outsider)


def test_the_borrower_sees_where_it_went_and_whether_their_name_did(
    borrower: cast.Filed, case: Case, investigator: StaffMember
) -> None:
    refer(case, investigator)
    page = text(follows(borrower.code).get(reverse("follow_case")))
    assert "West Lake station" in page
    assert "their number: A-77" in page
    assert "We have not told them who you are." in page
    assert "An investigator passed the matter to an authority" in page
