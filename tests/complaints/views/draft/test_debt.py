"""The optional questions about the debt, and where the answers are shown: in the draft, the case, at the desk."""

import pytest
from django.test import Client

from complaints.models import Draft, Team
from complaints.models.staff import Role
from tests.support import cast, office
from tests.support.pages import PARTIES, begun, follows, on_one_line, step, text

pytestmark = pytest.mark.django_db

OWED = {"product": "某某花", "account": "HT-2025-00123456", "claimed": "人民币 12，800元", "borrowed": "去年三月"}
KEPT = {**OWED, "claimed": "12800.00", "their_number": "TS-9"}


def open_tags(page: str) -> int:
    return page.count("<details open>")


def test_nothing_about_the_debt_has_to_be_answered() -> None:
    client = begun()
    assert "About the debt, if you have the details (optional)" in text(client.get(step("parties")))
    assert client.post(step("parties"), PARTIES).headers["Location"] == step("conduct")
    assert "Amount claimed" not in text(client.get(step("check")))


def test_a_sum_is_read_as_people_type_it_and_all_is_shown_before_filing() -> None:
    client = begun()
    client.post(step("parties"), {**PARTIES, **OWED})
    assert Draft.objects.get().answers["parties"]["claimed"] == "12800.00"
    page = on_one_line(text(client.get(step("check"))))
    for wanted in ("某某花", "HT-2025-00123456", "12,800 yuan", "去年三月"):
        assert wanted in page


def test_the_questions_are_folded_until_one_is_answered() -> None:
    client = begun()
    assert open_tags(text(client.get(step("parties")))) == 0
    client.post(step("parties"), {**PARTIES, "account": "7"})
    assert open_tags(text(client.get(step("parties")))) == 1
    wrong = text(client.post(step("parties"), {**PARTIES, "claimed": "a lot"}))
    assert open_tags(wrong) == 1
    assert "We cannot read this amount" in wrong


def test_the_borrower_and_the_desk_see_it_in_the_case(south: Team) -> None:
    filed = cast.file_a_complaint(files=[], parties=KEPT)
    investigator = cast.staff("one", Role.INVESTIGATOR, south)
    office.routed(filed.case, south, investigator)
    own = text(follows(filed.code).get("/follow/statement/"))
    desk: Client = cast.signed_in(investigator)
    at_the_desk = text(desk.get(f"/admin/complaints/case/{filed.case.pk}/"))
    for wanted in ("某某花", "HT-2025-00123456", "12,800 yuan", "去年三月", "TS-9"):
        assert wanted in own
        assert wanted in at_the_desk
