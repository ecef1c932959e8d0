"""Somebody who is called about another person's debt, or acts for another person, is asked in fitting words."""

import pytest
from django.test import Client

from complaints.drafts import contacts
from complaints.models import Draft
from complaints.reference import conduct
from tests.support.pages import begun, step, text

pytestmark = pytest.mark.django_db

ACT = "/complaints/new/contacts/a1/"
OTHERS = ["contacted", "acting"]


def somebody(relation: str, language: str = "en") -> Client:
    client = begun(language)
    client.post(step("who"), {"relation": relation, "whole": "1"})
    return client


@pytest.mark.parametrize(
    ("relation", "label"),
    [
        ("debtor", "Contacted my family, friends, workmates or employer</label>"),
        ("", "or me about somebody else’s debt</label>"),
        ("contacted", "Contacted me or other people about somebody else’s debt"),
        ("acting", "Contacted family, friends, workmates or the employer of the person who owes"),
    ],
)
def test_who_was_contacted_has_a_box_for_everybody(relation: str, label: str) -> None:
    client = somebody(relation)
    assert label in text(client.get(step("conduct")))
    client.post(step("conduct"), {"conduct": ["C04"]})
    assert Draft.objects.get().answers["conduct"] == {"conduct": ["C04"]}
    assert label.removesuffix("</label>") in text(client.get(step("check")))


@pytest.mark.parametrize(
    ("relation", "words"),
    [
        ("debtor", "Contacted my family"),
        ("acting", "employer of the person who owes"),
        (None, "employer of the person who owes"),
    ],
)
def test_the_office_and_its_letters_name_the_conduct_in_the_third_person(relation: str | None, words: str) -> None:
    assert words in conduct.named("C04", relation)


def test_no_conduct_is_the_office_s_own() -> None:
    in_third_person = [conduct.named(kind.code) for kind in conduct.KINDS]
    assert [one for one in in_third_person if {"I", "me", "my"} & set(one.replace(",", "").split())] == []


@pytest.mark.parametrize("relation", OTHERS)
@pytest.mark.parametrize("page", ["parties", "conduct"])
def test_nothing_says_that_the_debt_is_theirs(relation: str, page: str) -> None:
    asked = text(somebody(relation).get(step(page))).split("<main")[1].split("</main")[0]
    assert [word for word in ("you owe", "my debt", "my family", "My debt") if word in asked] == []
    chinese = text(somebody(relation, "zh-hans").get(step(page))).split("<main")[1].split("</main")[0]
    assert [word for word in ("您欠", "我的欠款", "我的债", "我的家人") if word in chinese] == []


@pytest.mark.parametrize("relation", OTHERS)
def test_a_contact_may_have_reached_the_person_who_owes_or_told_the_borrower_of_the_debt(relation: str) -> None:
    client = somebody(relation)
    assert "The person who owes" in text(client.get(ACT))
    client.post(ACT, {"reached": "self", "disclosed": "yes"})
    client.post(ACT.replace("a1", "b2"), {"reached": "owes"})
    kept = {one["key"]: (one["reached"], one.get("disclosed")) for one in contacts.listed(Draft.objects.get())}
    assert kept == {"a1": ("self", "yes"), "b2": ("owes", None)}
    assert "The person who owes" in text(client.get(step("contacts")))


def test_the_person_who_owes_is_not_somebody_else_to_themselves() -> None:
    client = somebody("debtor")
    assert "The person who owes" not in text(client.get(ACT))
    assert "Select a valid choice" in text(client.post(ACT, {"reached": "owes"}))
