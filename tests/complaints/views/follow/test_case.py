import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime

from complaints import codes, throttle
from complaints.assignment import routing
from complaints.cases import extensions, lifecycle, wording
from complaints.conversation import messaging
from complaints.decisions import findings
from complaints.models import Case, Contact, RoutingRule, StaffMember, Team
from complaints.rights import reviews
from complaints.staff.access import actor
from evidence import ledger
from evidence.checking import sealing
from evidence.ledger import custody
from evidence.models import EvidenceItem, LedgerEntry
from evidence.storage import sentinel, vault
from tests.support import cast, conversation, handed, office
from tests.support.bundles import opened
from tests.support.pages import answered, begun, code_of, follows, somebody, step, text

pytestmark = pytest.mark.django_db


def case_page(client: Client) -> str:
    return text(client.get(reverse("follow_case")))


def decided(case: Case, member: StaffMember) -> Case:
    """The case, routed to the member's team, decided and answered."""
    RoutingRule.objects.create(order=1, name="all", team=member.teams.get())
    routing.route(case)
    lifecycle.advance(Case.objects.get(pk=case.pk), "begin", by=actor(member), staff=member)
    findings.decide(Case.objects.get(pk=case.pk), by=member, written=office.on_all(case))
    messaging.reply(Case.objects.get(pk=case.pk), by=member, text="您的投诉属实。\n我们已要求停止。")
    return Case.objects.get(pk=case.pk)


# Entering


def test_a_draft_code_opens_its_draft_where_an_access_code_is_asked_for() -> None:
    code, client = code_of(begun()), somebody()
    assert client.post(reverse("follow"), {"code": f"草稿码：{code}。"}).headers["Location"] == reverse("new")
    assert code_of(client) == code


def test_a_reference_in_place_of_the_access_code_is_named_as_such(borrower: cast.Filed) -> None:
    page = text(somebody().post(reverse("follow"), {"code": borrower.case.reference}))
    assert "This is a complaint’s reference" in page


@pytest.mark.parametrize(
    "spoil", [str.lower, lambda code: code.replace(" ", ""), lambda code: f"  {code.replace(' ', '-')} "]
)
def test_the_code_opens_the_case_however_it_is_typed(borrower: cast.Filed, spoil: object) -> None:
    assert callable(spoil)
    assert borrower.case.reference in case_page(follows(spoil(borrower.code)))


def test_letters_that_look_like_digits_are_read_as_digits(borrower: cast.Filed) -> None:
    typed = borrower.code.replace("0", "O").replace("1", "l")
    assert borrower.case.reference in case_page(follows(typed))


def test_an_unknown_code_reveals_nothing(borrower: cast.Filed) -> None:
    pages = [text(somebody().post(reverse("follow"), {"code": code})) for code in (codes.fresh(), codes.fresh())]
    for page in pages:
        assert "There is no complaint with this code." in page
        assert borrower.case.reference not in page


def test_after_too_many_wrong_codes_one_is_asked_to_wait_and_a_right_one_still_opens(
    borrower: cast.Filed,
) -> None:
    guesser = somebody()
    for _guess in range(throttle.WRONG_CODES.by_network):
        guesser.post(reverse("follow"), {"code": codes.fresh()})
    assert "Too many codes" in text(guesser.post(reverse("follow"), {"code": codes.fresh()}))
    assert "Too many codes" in text(guesser.post(reverse("new"), {"code": codes.fresh()}))
    guesser.post(reverse("follow"), {"code": borrower.code})
    assert borrower.case.reference in case_page(guesser)


def test_opening_a_case_changes_the_session_key(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    before = client.session.session_key
    client.post(reverse("leave_case"))
    client.post(reverse("follow"), {"code": borrower.code})
    assert client.session.session_key != before


def test_without_a_code_every_page_asks_for_it(borrower: cast.Filed) -> None:
    for name in ("follow_case", "follow_receipt", "follow_receipt_extended"):
        assert somebody().get(reverse(name)).headers["Location"] == reverse("follow")
    assert somebody().post(reverse("follow_bundle")).headers["Location"] == reverse("follow")


def test_leaving_closes_the_case_on_this_device(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    client.post(reverse("leave_case"))
    assert client.get(reverse("follow_case")).status_code == 302


def test_leaving_also_closes_the_page_that_shows_the_access_code() -> None:
    client = answered()
    client.post(step("check"), {"go": "file"})
    assert "cannot show it again" in case_page(client)
    client.post(reverse("leave_case"))
    assert client.get(reverse("filed")).status_code == 404
    assert "access-code" not in text(client.get(reverse("new"), follow=True))


def test_leaving_leaves_a_draft_that_is_not_filed(borrower: cast.Filed) -> None:
    client = begun()
    client.post(reverse("follow"), {"code": borrower.code})
    client.post(reverse("leave_case"))
    assert client.get(step("story")).status_code == 200


@pytest.mark.parametrize(
    ("name", "field"),
    [("follow_retaliation", "text"), ("follow_withdraw", "pressure_words"), ("follow_reach", "contact_note")],
)
def test_what_was_typed_into_a_page_whose_session_ended_is_given_back(name: str, field: str) -> None:
    page = somebody().post(reverse(name), {field: "They came to my parents."})
    assert page.status_code == 404
    assert "They came to my parents." in text(page)
    assert "Enter the access code" in text(page)


def test_an_old_receipt_page_says_how_to_get_to_the_case() -> None:
    page = text(somebody().get(reverse("filed")))
    assert "Your access code opens the case" in page
    assert "your draft code opens it again" not in page


def test_changing_the_language_keeps_half_a_code() -> None:
    page = somebody().post(reverse("follow"), {"code": "7KQ4 M2", "language": "zh-hans"})
    assert "7KQ4 M2" in text(page)
    assert "查询码" in text(page)


def test_what_was_filed_can_be_read_again_and_by_nobody_else(
    borrower: cast.Filed, second_borrower: cast.Filed
) -> None:
    story = borrower.case.complaint.story
    assert story in text(follows(borrower.code).get(reverse("follow_statement")))
    assert borrower.case.reference not in text(follows(second_borrower.code).get(reverse("follow_statement")))
    assert somebody().get(reverse("follow_statement")).headers["Location"] == reverse("follow")


def test_everything_that_was_asked_can_be_read_again(borrower: cast.Filed) -> None:
    page = text(follows(borrower.code).get(reverse("follow_statement")))
    for said in (
        "说要去我孩子的学校",
        "A workmate",
        "Did they mention the debt",
        "What screenshot.png shows",
        "3,200 yuan",
    ):
        assert said in page, said
    for said in ("李小梅", "13800138000", "mei@example.org", "中午 12 点到 1 点"):
        assert said in page, said
    assert page.count("3,200") == 1 and "I don’t know" in page and "–" not in page


def test_no_question_about_a_contact_is_missing_where_it_is_read_again() -> None:
    besides = {"id", "case", "order", "at", "until", "times", "times_about", "precision", "channel"}
    assert {field.name for field in Contact._meta.fields} - besides == set(wording.ASKED)


def test_an_opened_case_closes_with_the_browser(borrower: cast.Filed) -> None:
    assert follows(borrower.code).cookies["sessionid"]["expires"] == ""


def test_a_changed_code_closes_what_was_opened_with_the_old_one(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    Case.objects.filter(pk=borrower.case.pk).update(code_digest=codes.digest(codes.fresh()))
    assert client.get(reverse("follow_case")).status_code == 302


def test_a_second_borrower_never_sees_the_first_ones_case(
    borrower: cast.Filed, second_borrower: cast.Filed
) -> None:
    client = follows(second_borrower.code)
    page = case_page(client)
    assert second_borrower.case.reference in page
    for secret in (borrower.case.reference, "screenshot.png", borrower.case.exhibits.get().item.sha256):
        assert secret not in page
    assert client.get(reverse("follow_receipt")).content == bytes(second_borrower.case.receipt)


def test_staff_do_not_follow_by_being_staff(borrower: cast.Filed, supervisor: StaffMember) -> None:
    assert cast.signed_in(supervisor).get(reverse("follow_case")).status_code == 302


def test_nothing_personal_is_kept_by_the_browser(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    for name in ("follow_case", "follow_receipt", "follow_receipt_extended", "follow"):
        assert "no-store" in client.get(reverse(name)).headers["Cache-Control"]
    assert "no-store" in handed.own(client, borrower.case).headers["Cache-Control"]


# What is told


def test_a_new_case_says_what_happens_and_by_when(borrower: cast.Filed) -> None:
    page = case_page(follows(borrower.code))
    assert "We have your complaint" in page
    assert "You filed your complaint" in page
    assert "waiting for the timestamp" in page


def test_a_sealed_file_says_so_and_that_its_clock_is_our_own(borrower: cast.Filed) -> None:
    assert sealing.seal(EvidenceItem.objects.get())
    page = case_page(follows(borrower.code))
    assert '<span class="tag green">sealed</span>' in page
    assert "E-1 sealed" in page
    assert "not proof against the operator" in text(
        follows(borrower.code).get(reverse("follow_exhibit", args=[1]))
    )


def test_the_reply_and_the_finding_are_shown_once_it_is_answered(
    borrower: cast.Filed, investigator: StaffMember
) -> None:
    decided(borrower.case, investigator)
    page = case_page(follows(borrower.code))
    assert "You have a reply" in page
    assert "您的投诉属实。" in page
    assert "Substantiated" in page
    assert "E-1 shows it." in page


def test_of_two_replies_the_newer_stands_first_and_each_says_which_it_is(
    borrower: cast.Filed, investigator: StaffMember, supervisor: StaffMember
) -> None:
    case = decided(borrower.case, investigator)
    phone = follows(borrower.code)
    assert "The reply" in case_page(phone)
    reviews.ask(case, reasons="Nobody asked my sister.")
    office.answered_by(supervisor, office.now(case), "We asked her too.")
    told = case_page(phone)
    words = ("The reply after the review", "We asked her too.", "The first reply", "我们已要求停止。")
    assert [told.index(one) for one in words] == sorted(told.index(one) for one in words)


def test_numbers_that_the_office_writes_can_be_tapped_and_what_the_borrower_writes_stays(
    borrower: cast.Filed, investigator: StaffMember
) -> None:
    decided(borrower.case, investigator)
    conversation.from_the_office(Case.objects.get(), investigator, "有危险先打 110，法律援助打 12348。<b>")
    conversation.a_question(Case.objects.get(), investigator, "打过 12378 吗？")
    conversation.sent(Case.objects.get(), "message", "我打过 12345。")
    page = case_page(follows(borrower.code))
    for number in ("110", "12348", "12378"):
        assert f'<a href="tel:{number}">{number}</a>' in page
    assert "我打过 12345。" in page
    assert "&lt;b&gt;" in page


def test_a_finding_is_shown_as_soon_as_it_is_on_the_ledger(
    borrower: cast.Filed, investigator: StaffMember
) -> None:
    decided(borrower.case, investigator)
    Case.objects.update(state=Case.State.DECIDED)
    assert "E-1 shows it." in case_page(follows(borrower.code))


def test_staff_are_told_by_role_and_never_by_name(borrower: cast.Filed, investigator: StaffMember) -> None:
    StaffMember.objects.filter(pk=investigator.pk).update(first_name="Geheim", last_name="Niemand")
    investigator.refresh_from_db()
    decided(borrower.case, investigator)
    item = EvidenceItem.objects.get()
    custody.record(item, "evidence.downloaded", by=actor(investigator), reason="first_review")
    page = case_page(follows(borrower.code))
    assert "An investigator opened E-1" in page
    assert "An investigator replied to you" in page
    for hidden in ("Geheim", "Niemand", investigator.username, str(investigator.uid)):
        assert hidden not in page.replace("An investigator", "")


def test_several_of_one_kind_are_told_as_one() -> None:
    filed = cast.file_a_complaint(files=[(f"{n}.png", cast.a_screenshot(str(n))) for n in range(3)])
    assert "E-1, E-2, E-3 received in full" in case_page(follows(filed.code))
    assert "E-1、E-2、E-3 已完整收到" in case_page(follows(filed.code, "zh-CN"))


def test_an_entry_of_a_kind_we_have_no_sentence_for_is_passed_over(borrower: cast.Filed) -> None:
    thread = borrower.case.thread
    mystery = ledger.Event(kind="case.mystery", thread=thread, subject=thread, by=ledger.BORROWER, data={})
    with transaction.atomic():
        ledger.append(mystery)
    assert "mystery" not in case_page(follows(borrower.code))


def test_a_late_reply_is_admitted(borrower: cast.Filed) -> None:
    Case.objects.update(decide_by=timezone.now() - timedelta(days=1))
    assert "That is our fault, not yours." in case_page(follows(borrower.code))


def test_a_reply_that_is_put_off_is_told_with_its_new_date_and_the_kind_of_reason(
    borrower: cast.Filed, south: Team, investigator: StaffMember, supervisor: StaffMember
) -> None:
    case = office.step(office.routed(borrower.case, south, investigator), "begin", investigator)
    asked = extensions.ask(case.clocks.get(name="decide"), by=investigator, reasons="Forty recordings.")
    extensions.decide(asked, by=supervisor, approve=True, reasons="Agreed.")
    page = case_page(follows(borrower.code))
    assert date_format(localtime(asked.due_after), "DATE_FORMAT") in page
    assert "The facts of your case are complex" in page
    assert "A supervisor moved the date of your reply" in page
    assert "Forty recordings" not in page
    assert "您这件事情况比较复杂" in case_page(follows(borrower.code, "zh-CN"))


def test_a_target_that_waits_for_the_borrower_is_told(
    borrower: cast.Filed, south: Team, investigator: StaffMember
) -> None:
    case = office.step(office.routed(borrower.case, south, investigator), "begin", investigator)
    question = conversation.a_question(case, investigator, "When?")
    assert "we have been waiting for your answer to our question" in case_page(follows(borrower.code))
    assert "我们自己定的调查期限先停下来" in case_page(follows(borrower.code, "zh-CN"))
    conversation.sent(case, f"answer-{question.pk}", "On Monday.")
    assert "we have been waiting for your answer" not in case_page(follows(borrower.code))


def test_a_fault_in_storage_is_said(borrower: cast.Filed) -> None:
    item = EvidenceItem.objects.get()
    sentinel.prove()  # the storage is the portal's
    vault.delete(item.pk)
    sealing.seal(item)
    page = case_page(follows(borrower.code))
    assert "missing from storage" in page
    assert "Our own check found a problem with E-1" in page


def test_the_page_of_a_case_asks_the_database_little(
    borrower: cast.Filed, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    client = follows(borrower.code)
    with django_assert_max_num_queries(10):
        client.get(reverse("follow_case"))


# What is taken away


def test_the_receipt_is_the_one_given_at_filing(borrower: cast.Filed) -> None:
    answer = follows(borrower.code).get(reverse("follow_receipt"))
    assert answer.content == bytes(borrower.case.receipt)
    assert (
        answer.headers["Content-Disposition"] == f'attachment; filename="{borrower.case.reference}-receipt.json"'
    )
    assert borrower.code.replace(" ", "") not in answer.content.decode().replace(" ", "")


def test_the_extended_receipt_has_the_timestamps_that_came_since(borrower: cast.Filed) -> None:
    sealing.seal(EvidenceItem.objects.get())
    later = json.loads(follows(borrower.code).get(reverse("follow_receipt_extended")).content)
    assert json.loads(bytes(borrower.case.receipt))["files"][0]["timestamps"] == []
    assert later["files"][0]["timestamps"][0]["authority"] == "builtin"


def test_the_own_bundle_is_downloaded_and_on_the_record(borrower: cast.Filed) -> None:
    client = follows(borrower.code)
    answer = handed.own(client, borrower.case)
    assert answer.headers["Content-Type"] == "application/zip"
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    entry = LedgerEntry.objects.get(thread=borrower.case.thread, kind="bundle.exported")
    assert ledger.content_of(entry)["by"]["role"] == "borrower"
    assert "You downloaded the case bundle" in case_page(client)


def test_a_bundle_is_not_made_by_looking_at_an_address(borrower: cast.Filed) -> None:
    assert follows(borrower.code).get(reverse("follow_bundle")).status_code == 200
    assert not borrower.case.exports.exists()


def test_an_exhibit_that_is_missing_is_marked_in_the_borrowers_own_bundle(borrower: cast.Filed) -> None:
    item = EvidenceItem.objects.get()
    sentinel.prove()  # the storage is the portal's
    vault.delete(item.pk)
    sealing.seal(item)
    client = follows(borrower.code)
    told = opened(handed.read(handed.own(client, borrower.case)))
    assert "data/originals/E-001.png" not in told.files
    page = client.get(reverse("follow_bundle_made", args=[handed.newest(borrower.case).pk]))
    assert "E-1 is left out: the stored file is missing" in text(page)
