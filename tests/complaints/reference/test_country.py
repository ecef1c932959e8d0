"""An office outside China is offered its own money and regions, and no Chinese ones in their place."""

from typing import Any

import pytest
from django.urls import reverse

from complaints import checks
from complaints.admin.case.decision_forms import UndertakingForm
from complaints.drafts.questions.parties import WhoForm
from complaints.drafts.questions.rest import WishesForm
from complaints.models import RoutingRule, StaffMember, Team
from complaints.reference import regions, wishes
from complaints.reference.choices import Relation
from tests.support import cast

CURRENCIES = {"CN": "CNY", "US": "USD", "GB": "GBP", "IN": "INR", "DE": "EUR", "CH": "CNY"}


@pytest.mark.parametrize(("country", "currency"), CURRENCIES.items())
def test_the_countrys_own_money_is_the_first_and_the_default(
    db: None, settings: Any, country: str, currency: str
) -> None:
    settings.COUNTRY = country
    assert f'<option value="{currency}" selected>' in str(WishesForm()["currency"])
    assert [code for code, _label in UndertakingForm(sort="redress").fields["currency"].choices][:2] == [  # type: ignore[attr-defined]
        "",
        currency,
    ]
    form = WishesForm({"refund_amount": "20"})
    assert form.is_valid()
    assert form.cleaned_data["currency"] == currency
    assert {code for code, _label in wishes.currencies()} == set(wishes.CURRENCIES)


def test_the_empty_question_of_one_country_is_not_shown_in_another(settings: Any) -> None:
    settings.COUNTRY = "CN"
    assert "Anhui" in str(WhoForm())
    assert '<option value="CNY" selected' in str(WishesForm())
    settings.COUNTRY = "GB"
    assert "Anhui" not in str(WhoForm())
    assert '<option value="GBP" selected' in str(WishesForm())


def test_a_borrower_is_asked_for_a_region_only_where_regions_are_known(db: None, settings: Any) -> None:
    settings.COUNTRY = "GB"
    form = WhoForm({"relation": Relation.DEBTOR, "region": "CN-AH"})
    assert form.is_valid(), form.errors
    assert "region" not in form.cleaned_data
    settings.COUNTRY = "US"
    assert next(str(country) for country, _regions in regions.choices()) == "United States"


def test_a_rule_offers_no_region_of_china_to_an_office_elsewhere(
    settings: Any, supervisor: StaffMember, north: Team
) -> None:
    desk = cast.signed_in(supervisor)
    old = RoutingRule.objects.create(order=10, name="Old", team=north, region=["CN-AH"])
    settings.COUNTRY = "GB"
    page = desk.get(reverse("admin:complaints_routingrule_add")).content.decode()
    assert 'name="name"' in page
    assert "Anhui" not in page
    assert 'name="region"' not in page
    assert "Anhui" not in desk.get(reverse("admin:routing_try")).content.decode()
    page = desk.get(reverse("admin:complaints_routingrule_change", args=[old.pk])).content.decode()
    assert "Anhui" in page
    assert "Beijing" not in page


def test_the_check_names_what_the_portal_does_not_know_of_a_country(settings: Any) -> None:
    assert checks.the_country_is_whole() == []
    settings.COUNTRY = "GB"
    (found,) = checks.the_country_is_whole()
    assert "For COUNTRY GB the portal has no regions that rules and borrowers could name" in str(found.msg)
    assert "rules that a finding" not in str(found.msg)
    settings.COUNTRY = "IN"
    assert "no rules that a finding could name as broken" in str(checks.the_country_is_whole()[0].msg)
