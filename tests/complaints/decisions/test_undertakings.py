"""Measures and redress: frozen with owner and day, settled once with a proof, and shown to whom they concern."""

import hashlib
import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone, translation

from complaints.conversation import messaging
from complaints.decisions import findings, undertakings
from complaints.decisions.undertakings import PlannedUndertaking
from complaints.models import Case, Notice, StaffMember, Team, Undertaking
from complaints.oversight import alarms
from complaints.refusal import Refused
from complaints.rights import reviews
from tests.support import cast, office
from tests.support.midnight import from_today
from tests.support.pages import follows, text

State = Case.State


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    """Under investigation."""
    return office.step(office.routed(borrower.case, south, investigator), "begin", investigator)


def wanted(sort: str = "redress", **fields: Any) -> PlannedUndertaking:
    due = timezone.localdate() + timedelta(days=10)
    words = {"kind": "apology", "what": " A letter. ", "owner": "Customer Relations", "due_on": due}
    return PlannedUndertaking(
        sort=sort, **{**words, **({"kind": "training"} if sort == "measure" else {}), **fields}
    )


def money(amount: str, currency: str = "CNY") -> PlannedUndertaking:
    return wanted(kind="compensation", amount=Decimal(amount), currency=currency)


def ended(one: Undertaking, by: StaffMember, **fields: Any) -> Undertaking:
    words = {"outcome": "done", "ended_on": timezone.localdate(), "proof": "Letter of today, no. 12."}
    return undertakings.end(one, by=by, **{**words, **fields})


@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [("redress", "redress.promised", "redress.ended"), ("measure", "measure.ordered", "measure.ended")],
)
def test_it_is_frozen_and_so_is_its_end(
    sort: str, first: str, last: str, case: Case, investigator: StaffMember
) -> None:
    one = undertakings.order(case, by=investigator, wanted=wanted(sort))
    assert office.in_short(office.last_of(case, first)["data"]) == {sort: one.sha256}
    told = json.loads(bytes(one.document))
    assert (told["what"], told["owner"], told["due_on"]) == (
        "A letter.",
        "Customer Relations",
        one.due_on.isoformat(),
    )
    one = ended(one, investigator, exhibit=case.exhibits.get())
    kept = bytes(one.ending or b"")
    assert office.in_short(office.last_of(case, last)["data"]) == {
        sort: hashlib.sha256(kept).hexdigest(),
        "of": one.sha256,
    }
    told = json.loads(kept)
    assert (told["proof"], told["exhibit"]["exhibit"], told["of"]) == (one.proof, "E-1", one.sha256)


def test_the_ledger_says_nothing_of_what_or_whom(case: Case, investigator: StaffMember) -> None:
    undertakings.order(case, by=investigator, wanted=wanted("measure", kind="warning", what="Mr Chen is warned."))
    assert set(office.in_short(office.last_of(case, "measure.ordered")["data"])) == {"measure"}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"what": " "}, "what is to be done"),
        ({"owner": ""}, "who sees to it"),
        ({"kind": "warning"}, "from the list"),
        ({"due_on": timedelta(days=-1)}, "from today on"),
        ({"due_on": date(9999, 12, 31)}, "within three years"),
        ({"kind": "refund"}, "its amount and its currency"),
        ({"kind": "refund", "amount": Decimal("5.00")}, "its amount and its currency"),
        ({"kind": "refund", "amount": Decimal(0), "currency": "CNY"}, "its amount and its currency"),
        ({"amount": Decimal(5), "currency": "CNY"}, "Only a refund or a compensation"),
    ],
)
def test_an_incomplete_undertaking_is_refused(
    fields: dict[str, Any], said: str, case: Case, investigator: StaffMember
) -> None:
    with pytest.raises(Refused, match=said):
        undertakings.order(case, by=investigator, wanted=wanted(**from_today(fields)))
    assert not Undertaking.objects.exists()


def test_an_amount_is_text_in_its_document(case: Case, investigator: StaffMember) -> None:
    one = undertakings.order(case, by=investigator, wanted=money("150.00"))
    told = json.loads(bytes(one.document))
    assert (told["amount"], told["currency"], one.money) == ("150.00", "CNY", "150 yuan")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"proof": "  "}, "what shows that it was done"),
        ({"ended_on": timedelta(days=1)}, "not in the future"),
    ],
)
def test_an_end_without_its_proof_is_refused(
    fields: dict[str, Any], said: str, case: Case, investigator: StaffMember
) -> None:
    one = undertakings.order(case, by=investigator, wanted=wanted())
    with pytest.raises(Refused, match=said):
        ended(one, investigator, **from_today(fields))
    one.refresh_from_db()
    assert one.outcome == ""


def test_another_cases_exhibit_shows_nothing(
    case: Case, second_borrower: cast.Filed, investigator: StaffMember
) -> None:
    one = undertakings.order(case, by=investigator, wanted=wanted())
    with pytest.raises(Refused, match="exhibit of this case"):
        ended(one, investigator, exhibit=second_borrower.case.exhibits.get())


def test_an_undertaking_is_settled_once(case: Case, investigator: StaffMember, supervisor: StaffMember) -> None:
    one = undertakings.order(case, by=investigator, wanted=wanted())
    ended(one, investigator)
    with pytest.raises(Refused, match="settled already"):
        ended(one, supervisor, outcome="dropped", proof="No longer needed.")
    one.refresh_from_db()
    assert (one.outcome, one.ended_by) == ("done", investigator)


def test_the_database_refuses_an_end_without_proof(case: Case, investigator: StaffMember) -> None:
    undertakings.order(case, by=investigator, wanted=wanted())
    with pytest.raises(IntegrityError):
        Undertaking.objects.update(outcome="done", ended_at=timezone.now())


def test_nobody_outside_the_team_orders_or_settles(
    case: Case, investigator: StaffMember, investigator_north: StaffMember, auditor: StaffMember
) -> None:
    one = undertakings.order(case, by=investigator, wanted=wanted())
    for outsider in (investigator_north, auditor):
        with pytest.raises(Refused, match="Only investigators"):
            undertakings.order(case, by=outsider, wanted=wanted())
        with pytest.raises(Refused, match="Only investigators"):
            ended(one, outsider)


# Money and the second pair of eyes


def test_a_sum_above_the_limit_takes_two_people(case: Case, investigator: StaffMember) -> None:
    undertakings.order(case, by=investigator, wanted=money("3000.00"))
    undertakings.order(case, by=investigator, wanted=money("2000.01"))  # together they are above it
    decided = findings.decide(case, by=investigator, written=office.on_all(case))
    assert decided.state == State.PROPOSED


def test_a_refund_counts_like_a_compensation(case: Case, investigator: StaffMember) -> None:
    for kind in ("refund", "compensation"):
        undertakings.order(
            case, by=investigator, wanted=wanted(kind=kind, amount=Decimal("2500.01"), currency="CNY")
        )
    decided = findings.decide(case, by=investigator, written=office.on_all(case))
    assert decided.state == State.PROPOSED


def test_a_sum_up_to_the_limit_does_not(case: Case, investigator: StaffMember) -> None:
    undertakings.order(case, by=investigator, wanted=money("5000.00"))
    dropped = undertakings.order(case, by=investigator, wanted=money("9000.00"))
    ended(dropped, investigator, outcome="dropped", proof="Typed wrongly.")
    assert findings.decide(case, by=investigator, written=office.on_all(case)).state == State.DECIDED


def test_a_currency_without_a_limit_always_does(case: Case, investigator: StaffMember) -> None:
    undertakings.order(case, by=investigator, wanted=money("1.00", "GBP"))
    assert findings.decide(case, by=investigator, written=office.on_all(case)).state == State.PROPOSED


def test_a_large_sum_is_not_promised_past_the_decision(case: Case, investigator: StaffMember) -> None:
    case = office.now(findings.decide(case, by=investigator, written=office.on_all(case)))
    undertakings.order(case, by=investigator, wanted=money("100.00"))
    with pytest.raises(Refused, match="takes two people: promise it before"):
        undertakings.order(case, by=investigator, wanted=money("4900.01"))
    assert Undertaking.objects.count() == 1


def test_a_large_sum_is_not_paid_before_two_people_decided(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    small, large = (
        undertakings.order(case, by=investigator, wanted=money(amount)) for amount in ("100.00", "4900.01")
    )
    letter = undertakings.order(case, by=investigator, wanted=wanted())
    for one in (small, large):
        with pytest.raises(Refused, match="takes two people: it is paid once"):
            ended(one, investigator)
    assert ended(letter, investigator).outcome == "done"
    case = office.now(findings.decide(case, by=investigator, written=office.on_all(case)))
    large.refresh_from_db()
    with pytest.raises(Refused, match="takes two people: it is paid once"):
        ended(large, investigator)
    office.confirmed(case, supervisor)
    large.refresh_from_db()
    assert ended(large, investigator).outcome == "done"


def test_what_is_sent_twice_is_promised_once(case: Case, investigator: StaffMember) -> None:
    one = undertakings.order(case, by=investigator, wanted=money("100.00"))
    assert undertakings.order(case, by=investigator, wanted=money("100.00")) == one
    assert undertakings.order(case, by=investigator, wanted=money("100.01")) != one
    ended(one, investigator)
    assert undertakings.order(case, by=investigator, wanted=money("100.00")) != one
    assert office.told(case).count("redress.promised") == 3


# What others see


def test_what_is_not_done_yet_is_called_so_in_chinese_too(case: Case, investigator: StaffMember) -> None:
    one = undertakings.order(case, by=investigator, wanted=wanted())
    with translation.override("zh-hans"):
        assert one.get_outcome_display() == "待办理"


def test_overdue_ones_are_an_alarm(case: Case, investigator: StaffMember) -> None:
    one = undertakings.order(case, by=investigator, wanted=wanted())
    cache.clear()
    assert not [said for said in alarms.sounding() if "overdue" in said]
    Undertaking.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    cache.clear()
    assert "1 measure or promise is overdue." in alarms.sounding()
    one.refresh_from_db()
    ended(one, investigator)
    cache.clear()
    assert not [said for said in alarms.sounding() if "overdue" in said]


def test_the_borrower_sees_redress_once_it_is_decided_and_no_measure(
    borrower: cast.Filed, case: Case, investigator: StaffMember
) -> None:
    StaffMember.objects.filter(pk=investigator.pk).update(first_name="Geheim")
    one = undertakings.order(case, by=investigator, wanted=wanted(what="A letter to you."))
    undertakings.order(case, by=investigator, wanted=wanted("measure", what="Mr Chen is trained."))
    page = text(follows(borrower.code).get(reverse("follow_case")))
    assert "A letter to you." not in page
    findings.decide(case, by=investigator, written=office.on_all(case))
    page = text(follows(borrower.code).get(reverse("follow_case")))
    assert "Promised by" in page
    assert "A letter to you." in page
    assert "This has not happened" in page
    one.refresh_from_db()
    ended(one, investigator)
    page = text(follows(borrower.code).get(reverse("follow_case")))
    assert "Done on" in page
    assert "Letter of today, no. 12." in page
    for hidden in ("Mr Chen", "Geheim", str(investigator.uid)):
        assert hidden not in page


def test_a_broken_promise_is_reported_by_its_name(
    borrower: cast.Filed, case: Case, investigator: StaffMember
) -> None:
    one = undertakings.order(case, by=investigator, wanted=wanted(what="A letter to you."))
    findings.decide(case, by=investigator, written=office.on_all(case))
    client = follows(borrower.code)
    report = {"what": "message", "promise": str(one.pk)}
    for _press in range(2):
        page = text(client.post(reverse("add"), report, follow=True))
        assert page.count("and has not happened: ") == 1
        assert "A letter to you." in page


def test_a_promise_of_another_case_or_one_not_decided_is_not_named(
    borrower: cast.Filed, second_borrower: cast.Filed, case: Case, investigator: StaffMember
) -> None:
    one = undertakings.order(case, by=investigator, wanted=wanted(what="A letter to you."))
    for code in (borrower.code, second_borrower.code):
        report = {"what": "message", "promise": str(one.pk)}
        page = text(follows(code).post(reverse("add"), report, follow=True))
        assert "A letter to you." not in page


def test_a_late_promise_is_admitted(borrower: cast.Filed, case: Case, investigator: StaffMember) -> None:
    undertakings.order(case, by=investigator, wanted=wanted())
    findings.decide(case, by=investigator, written=office.on_all(case))
    Undertaking.objects.update(due_on=timezone.localdate() - timedelta(days=1))
    assert "and late. That is our fault." in text(follows(borrower.code).get(reverse("follow_case")))


def test_the_borrower_is_told_when_it_is_done(case: Case, investigator: StaffMember) -> None:
    one = undertakings.order(case, by=investigator, wanted=wanted())
    ended(one, investigator)
    assert [notice.about for notice in Notice.objects.all()] == ["end_redress"]


def test_what_was_promised_before_a_review_stays_promised(
    borrower: cast.Filed, case: Case, investigator: StaffMember
) -> None:
    one = undertakings.order(case, by=investigator, wanted=wanted())
    findings.decide(case, by=investigator, written=office.on_all(case))
    messaging.reply(office.now(case), by=investigator, text="We looked.")
    reviews.ask(office.now(case), reasons="No.")
    case = office.now(case)
    assert list(undertakings.shown_to_the_borrower(case)) == [one]
    assert ended(Undertaking.objects.get(), investigator).outcome == "done"
