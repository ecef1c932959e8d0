"""Who may learn who the borrower is: dated, on the ledger, and withdrawn at any time."""

import pytest

from complaints.cases import consents
from complaints.models import Case, Consent
from evidence import ledger
from tests.support import cast, office
from tests.support.at_once import fails


@pytest.fixture
def case(borrower: cast.Filed) -> Case:
    return borrower.case


def test_without_a_consent_nobody_may_know_the_name(case: Case) -> None:
    assert consents.in_force(case) == {}


def test_what_is_agreed_to_while_filing_stands(case: Case) -> None:
    consents.begin(case, ["lender"])
    assert set(consents.in_force(case)) == {"lender"}
    assert office.last_of(case, "consent.given")["data"] == {"recipient": "lender"}
    assert office.last_of(case, "consent.given")["by"] == ledger.BORROWER


def test_a_consent_is_given_and_withdrawn_and_both_are_dated(case: Case) -> None:
    consents.give(case, "legal_aid")
    consents.withdraw(case, "legal_aid")
    kept = Consent.objects.get()
    assert kept.withdrawn_at is not None
    assert kept.given_at < kept.withdrawn_at
    assert consents.in_force(case) == {}
    assert office.told(case)[-2:] == ["consent.given", "consent.withdrawn"]


def test_given_again_it_is_a_new_consent_and_the_old_one_is_kept(case: Case) -> None:
    for _round in range(2):
        consents.give(case, "regulator")
        consents.withdraw(case, "regulator")
    consents.give(case, "regulator")
    assert Consent.objects.count() == 3
    assert set(consents.in_force(case)) == {"regulator"}


def test_a_double_click_changes_nothing_twice(case: Case) -> None:
    assert consents.give(case, "agency") == consents.give(case, "agency")
    for _click in range(2):
        consents.withdraw(case, "agency")
    assert office.told(case)[-2:] == ["consent.given", "consent.withdrawn"]
    assert office.told(case).count("consent.given") == 1


def test_a_consent_that_cannot_be_recorded_is_neither_given_nor_withdrawn(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    consents.give(case, "agency")
    monkeypatch.setattr(ledger, "append", fails)
    for change, recipient in ((consents.give, "lender"), (consents.withdraw, "agency")):
        with pytest.raises(OSError, match="it fails"):
            change(case, recipient)
    assert set(consents.in_force(case)) == {"agency"}


def test_each_recipient_has_a_consent_of_its_own(case: Case) -> None:
    consents.begin(case, ["lender", "agency"])
    consents.withdraw(case, "lender")
    assert set(consents.in_force(case)) == {"agency"}


def test_an_unknown_recipient_is_refused(case: Case) -> None:
    for change in (consents.give, consents.withdraw):
        with pytest.raises(ValueError, match="newspaper"):
            change(case, "newspaper")
    assert not Consent.objects.exists()


def test_one_borrowers_consent_is_not_anothers(case: Case, second_borrower: cast.Filed) -> None:
    consents.give(case, "lender")
    assert consents.in_force(second_borrower.case) == {}
