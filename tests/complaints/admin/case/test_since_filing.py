"""What the borrower did after filing, at the desk: to each reader what they may know of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints.cases import consents
from complaints.decisions import findings, undertakings
from complaints.models import Case, Review, Role, StaffMember, Team
from complaints.reference.conduct import Severity
from complaints.rights import contact_details, retaliations, reviews, withdrawals
from evidence import ledger
from tests.support import cast, office

from .test_page import QUEUE, text

SECRET, REASON = "他就站在我旁边。", "She told us why on the phone."


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.routed(borrower.case, south, investigator)


def page(case: Case, member: StaffMember) -> str:
    return text(cast.signed_in(member).get(f"{QUEUE}{case.pk}/"))


def pressed_to_withdraw(case: Case) -> Case:
    withdrawals.ask(case, pressed="yes", pressure_words=SECRET)
    return office.three_days_pass(case)


# Withdrawal


def test_only_a_supervisor_reads_what_was_said_about_pressure(
    case: Case, investigator: StaffMember, supervisor: StaffMember, auditor: StaffMember
) -> None:
    pressed_to_withdraw(case)
    for outsider in (investigator, auditor):
        told = page(case, outsider)
        assert "Withdrawal asked for" in told
        assert "is for supervisors alone" in told
        for secret in (SECRET, "somebody pressed me", "Decide on the withdrawal"):
            assert secret not in told
    told = page(case, supervisor)
    for known in (SECRET, "Yes, somebody pressed me", "Decide on the withdrawal"):
        assert known in told


@pytest.mark.parametrize("pressed", ["no", "yes"])
def test_the_page_of_an_investigator_is_the_same_whether_there_was_pressure_or_not(
    case: Case, investigator: StaffMember, pressed: str
) -> None:
    withdrawals.ask(case, pressed=pressed, pressure_words=SECRET)
    told = page(case, investigator)
    assert "After that time the case ends by itself, unless a supervisor must look first." in told


def answer(member: StaffMember, case: Case, **fields: str) -> Any:
    given = {f"end-{name}": value for name, value in fields.items()}
    return cast.signed_in(member).post(f"{QUEUE}{case.pk}/withdrawal/", given, follow=True)


def test_a_supervisor_keeps_the_case_open(case: Case, supervisor: StaffMember) -> None:
    pressed_to_withdraw(case)
    told = text(answer(supervisor, case, decision="keep", reasons=REASON))
    assert "The case stays open" in told
    assert REASON in told
    assert office.now(case).state == Case.State.ROUTED


def test_a_supervisor_lets_it_end(case: Case, supervisor: StaffMember, investigator: StaffMember) -> None:
    pressed_to_withdraw(case)
    assert "The case is closed as withdrawn." in text(answer(supervisor, case, decision="end", reasons=REASON))
    told = page(case, investigator)
    assert "the borrower has withdrawn" in told
    assert REASON not in told


def test_without_a_reason_the_form_comes_back_with_what_was_chosen(case: Case, supervisor: StaffMember) -> None:
    pressed_to_withdraw(case)
    response = answer(supervisor, case, decision="end", reasons="")
    assert response.status_code == 422
    assert 'value="end" required id="id_end-decision_1" checked' in response.content.decode()
    assert office.now(case).state == Case.State.ROUTED


def test_an_investigator_who_sends_the_form_anyway_changes_nothing(
    case: Case, investigator: StaffMember, auditor: StaffMember
) -> None:
    pressed_to_withdraw(case)
    assert answer(investigator, case, decision="end", reasons="Done.").status_code == 409
    assert answer(auditor, case, decision="end", reasons="Done.").status_code == 403
    assert office.now(case).state == Case.State.ROUTED


def test_before_the_three_days_are_over_there_is_nothing_to_decide(case: Case, supervisor: StaffMember) -> None:
    withdrawals.ask(case, pressed="yes")
    assert "Decide on the withdrawal" not in page(case, supervisor)
    assert answer(supervisor, case, decision="end", reasons="Soon.").status_code == 409


# Review and retaliation


def test_a_review_says_what_is_asked_and_who_may_not_decide(
    case: Case, investigator: StaffMember, south: Team
) -> None:
    colleague = cast.staff("colleague", Role.INVESTIGATOR, south)
    reviews.ask(office.answered_by(investigator, case), reasons="没有人听过录音。")
    told = page(case, colleague)
    for known in ("没有人听过录音。", "Not to be decided by", "investigator", "opened again, round 2"):
        assert known in told
    assert "Begin the investigation" in told
    told = page(case, investigator)
    assert "Begin the investigation" not in told
    assert "somebody else takes it" in told


def test_both_findings_are_on_the_page_the_later_first(case: Case, investigator: StaffMember, south: Team) -> None:
    colleague = cast.staff("colleague", Role.INVESTIGATOR, south)
    reviews.ask(office.answered_by(investigator, case), reasons="No.")
    office.decided_by(colleague, office.now(case), outcome="not")
    told = page(case, colleague)
    assert told.index("round 2 Not substantiated") < told.index("round 1 Substantiated")


def test_retaliation_is_red_and_urgent(case: Case, investigator: StaffMember) -> None:
    retaliations.report(case, text="他们来我家门口。")
    told = page(case, investigator)
    assert "Urgent" in told
    assert "他们来我家门口。" in told
    assert "The borrower reported retaliation" in told


# Consents and contact


def test_consents_are_shown_with_their_dates(case: Case, investigator: StaffMember) -> None:
    assert "the borrower has agreed to nothing" in page(case, investigator)
    consents.begin(case, ["lender", "regulator"])
    consents.withdraw(case, "lender")
    told = page(case, investigator)
    assert "The lender no longer: agreed" in told
    assert "A regulator agreed" in told


def test_a_changed_contact_is_the_one_that_is_shown(case: Case, investigator: StaffMember) -> None:
    contact_details.change(case, phone="199 0000 0042")
    told = page(case, investigator)
    assert "199 0000 0042" in told
    assert "Changed by the borrower, last" in told
    assert "13800138000" not in told


def test_a_renewed_code_is_told_as_what_the_borrower_did(case: Case, investigator: StaffMember) -> None:
    thread = case.thread
    from django.db import transaction

    with transaction.atomic():
        ledger.append(
            ledger.Event(kind="code.renewed", thread=thread, subject=thread, by=ledger.BORROWER, data={})
        )
    assert "The borrower renewed the access code" in page(case, investigator)


def test_the_queue_shows_what_is_going_on(case: Case, investigator: StaffMember) -> None:
    withdrawals.ask(case, pressed="yes", pressure_words=SECRET)
    Case.objects.update(round=2)
    told = text(cast.signed_in(investigator).get(f"{QUEUE}?queue=again"))
    assert "withdrawal asked for" in told
    assert "opened again, round 2" in told
    assert SECRET not in told


def test_a_supervisor_who_decided_the_case_before_is_not_offered_to_end_its_review(
    case: Case, supervisor: StaffMember
) -> None:
    past = {"asked_at": case.filed_at, "document": b"", "sha256": "0" * 64}
    Review.objects.create(case=case, round=2, **past).barred.add(supervisor)
    Case.objects.update(round=2)
    told = page(pressed_to_withdraw(case), supervisor)
    assert "The time to take it back is over" in told
    assert "It stays open" in told
    assert "It ends, as the borrower asked" not in told


def test_the_withdrawals_to_decide_are_a_supervisors_queue(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    pressed_to_withdraw(case)
    assert "Withdrawals to decide 1" in text(cast.signed_in(supervisor).get(QUEUE))
    assert "Withdrawals to decide" not in text(cast.signed_in(investigator).get(QUEUE))


def test_a_withdrawal_under_pressure_alarms_supervisors_at_once(
    case: Case, investigator: StaffMember, supervisor: StaffMember, auditor: StaffMember
) -> None:
    withdrawals.ask(case, pressed="yes", pressure_words=SECRET)
    overview = cast.signed_in(supervisor).get("/admin/").content.decode()
    assert "1 borrower who wants to withdraw may be under pressure" in overview
    assert f'href="{QUEUE}?queue=pressed"' in overview
    assert case.reference in text(cast.signed_in(supervisor).get(f"{QUEUE}?queue=pressed"))
    for other in (investigator, auditor):
        assert "under pressure" not in text(cast.signed_in(other).get("/admin/"))
        assert "under pressure" not in text(cast.signed_in(other).get(f"{QUEUE}?queue=pressed"))


def test_a_free_withdrawal_alarms_nobody(case: Case, supervisor: StaffMember) -> None:
    withdrawals.ask(case, pressed="no")
    assert "may be under pressure" not in text(cast.signed_in(supervisor).get("/admin/"))


def test_the_card_says_what_happens_with_this_case(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    withdrawals.ask(case, pressed="yes", pressure_words=SECRET)
    assert "This case does not end by itself" in page(case, supervisor)
    assert "unless a supervisor must look first" in page(case, investigator)
    Case.objects.update(severity=Severity.URGENT)
    assert "This case does not end by itself" in page(case, investigator)


def test_the_page_asks_the_database_little(
    case: Case, supervisor: StaffMember, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    pressed_to_withdraw(case)
    Case.objects.update(round=2, severity=3, decide_by=timezone.now() - timedelta(days=1))
    desk: Client = cast.signed_in(supervisor)
    desk.get(f"{QUEUE}{case.pk}/")  # the first page of a process also looks for alarms, and keeps what it found
    with django_assert_max_num_queries(25):
        desk.get(f"{QUEUE}{case.pk}/")


def test_a_withdrawn_consent_is_not_shown_as_one_that_is_in_force(south: Team, investigator: StaffMember) -> None:
    filed = cast.file_a_complaint(files=[], names={"lender": "yes"})
    case = office.routed(filed.case, south, investigator)
    assert "The lender agreed" in page(case, investigator)
    consents.withdraw(case, "lender")
    told = page(case, investigator)
    assert "The lender no longer: agreed" in told
    assert "Name may be seen by" not in told


def test_a_page_with_a_reply_to_write_looks_at_what_was_found_once(case: Case, investigator: StaffMember) -> None:
    due = timezone.localdate() + timedelta(days=5)
    case = office.step(case, "begin", investigator)
    for sort, kind in (("redress", "apology"), ("measure", "training")):
        wanted = undertakings.PlannedUndertaking(sort=sort, kind=kind, what="A letter.", owner="We", due_on=due)
        undertakings.order(case, by=investigator, wanted=wanted)
    findings.decide(office.now(case), by=investigator, written=office.on_all(case))
    desk = cast.signed_in(investigator)
    desk.get(f"{QUEUE}{case.pk}/")
    with CaptureQueriesContext(connection) as asked:
        desk.get(f"{QUEUE}{case.pk}/")
    for table in ("complaints_finding", "complaints_undertaking"):
        assert sum(f'FROM "{table}"' in one["sql"] for one in asked.captured_queries) == 1
