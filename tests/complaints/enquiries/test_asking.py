"""Asking the other side: what leaves and what does not, reminders, what does not come, links."""

import json
import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import override_settings
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as some

from complaints import codes
from complaints.assignment import reassignment
from complaints.cases import consents, queues
from complaints.enquiries import asking, demands, disclosure, letter, links
from complaints.enquiries import mail as enquiry_mail
from complaints.models import Asked, Case, Complaint, Enquiry, Reporter, StaffMember, Team
from complaints.notices.notify import MOST_ATTEMPTS
from complaints.oversight import alarms
from complaints.reference import folding
from complaints.reference.bilingual import Bilingual
from complaints.refusal import Refused
from complaints.rights import contact_details
from tests.complaints.filing.test_receipt_pdf import text_of
from tests.support import cast, office, other_side
from tests.support.printed import letters, outside, overprinted

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.routed(borrower.case, south, investigator)


def told(enquiry: Enquiry) -> str:
    return json.dumps(enquiry.content, ensure_ascii=False)


# What leaves


def test_without_a_yes_nothing_that_tells_who_complained_leaves(case: Case, investigator: StaffMember) -> None:
    enquiry = other_side.sent(case, investigator)
    document = told(enquiry)
    for secret in ("李小梅", "13800138000", "mei@example.org", "半夜", "colleague", "去我孩子的学校"):
        assert secret not in document
    assert "0571 8888 0001" in document
    assert "2026-11-20 23:41" in document
    assert enquiry.content["conduct"] == ["C04", "C05"]
    assert disclosure.identity(case, enquiry.content["reporter"]) == {}
    assert case.reference not in enquiry_text(enquiry)


def enquiry_text(enquiry: Enquiry) -> str:
    return "".join(text_of(letter.printed(enquiry)).split())


def test_a_yes_for_one_organisation_is_none_for_another(case: Case, investigator: StaffMember) -> None:
    consents.give(case, "lender")
    agency, platform = (other_side.sent(case, investigator, recipient=one) for one in ("agency", "platform"))
    lender = other_side.sent(case, investigator, recipient="lender")
    assert agency.content["reporter"] == platform.content["reporter"] == ""
    named = disclosure.identity(case, lender.content["reporter"])
    assert named == {"name": "李小梅", "acting_for": "", "phone": "8000"}
    assert "李小梅" not in told(lender)  # the document names the reporter's digest alone
    assert "李小梅" in enquiry_text(lender)
    assert "李小梅" not in enquiry_text(agency)


def test_who_was_named_stays_who_was_named(case: Case, investigator: StaffMember) -> None:
    consents.give(case, "agency")
    enquiry = other_side.sent(case, investigator)
    contact_details.change(case, name="李梅")
    assert disclosure.identity(office.now(case), enquiry.content["reporter"])["name"] == "李小梅"


def test_a_consent_that_was_taken_back_counts_no_more(case: Case, investigator: StaffMember) -> None:
    consents.give(case, "agency")
    consents.withdraw(case, "agency")
    assert other_side.sent(case, investigator).content["reporter"] == ""


def test_a_yes_taken_back_later_hides_the_name_again(case: Case, investigator: StaffMember) -> None:
    consents.give(case, "agency")
    enquiry = other_side.sent(case, investigator)
    assert "李小梅" in enquiry_text(enquiry)
    consents.withdraw(case, "agency")
    assert "李小梅" not in enquiry_text(Enquiry.objects.get())


def test_a_name_typed_beside_an_organisation_does_not_leave(case: Case, investigator: StaffMember) -> None:
    Complaint.objects.update(lender="Blue Loans (李小梅)")
    enquiry = other_side.sent(office.now(case), investigator)
    assert (enquiry.content["lender"], enquiry.content["agency"]) == ("", "Example Collection Ltd")
    with pytest.raises(Refused, match="Details of the borrower"):
        other_side.sent(office.now(case), investigator, recipient="lender", organisation="Blue Loans (李小梅)")


@pytest.mark.parametrize(("phone", "found"), [("880-0133", ["phone"]), ("880-013", [])])
def test_a_phone_number_of_seven_digits_is_one_and_a_shorter_one_is_not(
    case: Case, phone: str, found: list[str]
) -> None:
    Reporter.objects.update(phone=phone)
    assert disclosure.revealing(office.now(case), f"Call {phone.replace('-', ' ')} after six.") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ask about 李小梅.", ["name"]),
        ("Ask about 李 小 梅.", ["name"]),
        ("Her number is 138-0013 8000", ["phone"]),
        ("+86 138 0013 8000", ["phone"]),
        ("１３８００１３８０００", ["phone"]),
        ("Write to MEI@example.org", ["email"]),
        ("Write to mei＠example\u200b.org", ["email"]),
        ("Ask about 李•小\u200b梅 at 138–0013•8000", ["name", "phone"]),
        ("Call 0571 8888 0001", []),
        ("", []),
    ],
)
def test_what_tells_who_complained_is_found_however_it_is_spaced(case: Case, text: str, found: list[str]) -> None:
    assert disclosure.revealing(case, text) == found


@given(
    before=some.text(max_size=20), after=some.text(max_size=20), gap=some.sampled_from(["", " ", "-", "·", "\n"])
)
def test_a_name_is_found_whatever_stands_around_it(before: str, after: str, gap: str) -> None:
    text = before + gap.join("李小梅") + after
    assert disclosure._contains(folding.folded(text), folding.folded("李小梅"))


def test_the_borrower_s_own_number_is_no_collector_s(south: Team, investigator: StaffMember) -> None:
    numbers = ["0571 8888 0001", "138 0013 8000", "我自己的旧号码"]
    parties = {**cast.ANSWERS["parties"], "numbers": numbers}
    case = office.routed(cast.file_a_complaint(parties=parties).case, south, investigator)
    assert other_side.sent(case, investigator).content["numbers"] == ["0571 8888 0001"]


def test_no_words_of_the_borrower_leave_with_a_contact(south: Team, investigator: StaffMember) -> None:
    act = {
        "key": "a1",
        "when": "2026-11-20",
        "precision": "day",
        "number": "我姐夫的手机",
        "claimed": "王经理，我表哥",
    }
    case = office.routed(cast.file_a_complaint(contacts={"acts": [act]}).case, south, investigator)
    (contact,) = other_side.sent(case, investigator).content["contacts"]
    assert contact["when"] == "2026-11-20"
    assert contact["number"] == ""
    assert "表哥" not in json.dumps(contact, ensure_ascii=False)


def test_several_contacts_in_a_row_leave_as_they_were_counted(south: Team, investigator: StaffMember) -> None:
    series = {
        "key": "a1",
        "when": "2026-11-20 09:00",
        "precision": "exact",
        "times": "12",
        "until": "2026-11-20 21:30",
    }
    case = office.routed(cast.file_a_complaint(contacts={"acts": [series]}).case, south, investigator)
    (contact,) = other_side.sent(case, investigator).content["contacts"]
    with translation.override("en"):
        assert letter.contact(contact) == "C-1 · 20 November 2026 09:00 to 21:30 · 12 times"


def test_a_name_in_the_text_leaves_only_all_the_same_and_that_is_recorded(
    case: Case, investigator: StaffMember
) -> None:
    for other in ({"text": "About 李小梅."}, {"asked": (("other", "13800138000"),)}):
        with pytest.raises(Refused, match="Details of the borrower"):
            other_side.sent(case, investigator, **other)
    assert not Enquiry.objects.exists()
    other_side.sent(case, investigator, text="Our collector 李小梅.", all_the_same=True)
    assert office.last_of(case, "enquiry.sent")["data"]["revealing"] == ["name"]


def test_without_the_contacts_no_time_leaves(case: Case, investigator: StaffMember) -> None:
    assert "23:41" not in told(other_side.sent(case, investigator, contacts=False))


# Sending


def test_the_ledger_has_codes_and_digests_alone(case: Case, investigator: StaffMember) -> None:
    enquiry = other_side.sent(case, investigator)
    entry = office.last_of(case, "enquiry.sent")
    assert entry["by"] == {"role": "investigator", "id": str(investigator.uid)}
    assert set(office.in_short(entry["data"])) == {"enquiry", "recipient", "way", "due", "named", "revealing"}
    assert entry["data"]["enquiry"] == enquiry.sha256


def test_the_same_page_sent_twice_asks_once(case: Case, investigator: StaffMember) -> None:
    once = uuid.uuid4()
    sent = [
        asking.send(case, other_side.wanted(), by=investigator, once=once, portal=other_side.PORTAL)
        for _ in range(2)
    ]
    assert sent[0] == sent[1]
    assert office.told(case).count("enquiry.sent") == 1


def test_who_may_not_act_asks_nobody(case: Case, investigator_north: StaffMember, auditor: StaffMember) -> None:
    for member in (investigator_north, auditor):
        with pytest.raises(Refused):
            other_side.sent(case, member)
    assert not Enquiry.objects.exists()


def test_a_closed_case_asks_nobody(case: Case, investigator: StaffMember) -> None:
    with pytest.raises(Refused, match="not possible now"):
        other_side.sent(office.closed_by(investigator, case), investigator)


@pytest.mark.parametrize("days", [-1, 0, 91, 4000])
def test_the_day_lies_ahead_and_not_too_far(case: Case, investigator: StaffMember, days: int) -> None:
    with pytest.raises(Refused, match="The day must lie ahead"):
        other_side.sent(case, investigator, due_on=timezone.localdate() + timedelta(days=days))


def test_an_enquiry_that_asks_for_nothing_is_refused(case: Case, investigator: StaffMember) -> None:
    with pytest.raises(Refused, match="Choose what you ask for"):
        other_side.sent(case, investigator, asked=())


def test_the_letter_is_in_their_language_with_the_code_and_the_duty_to_keep(
    case: Case, investigator: StaffMember
) -> None:
    english, chinese = (other_side.sent(case, investigator, language=one) for one in ("en", "zh-hans"))
    text = enquiry_text(english)
    for part in ("deletenothing", "atleast5years", "Donotpassit", links.code(english).replace(" ", "")):
        assert part in text
    assert "至少保存5年" in enquiry_text(chinese)
    assert letter.printed(english) == letter.printed(english)


@pytest.mark.parametrize("run", ["W" * 120, "…" * 120, "х" * 120, "！" * 120])
def test_what_is_written_stays_in_its_column_of_the_letter(
    run: str, case: Case, investigator: StaffMember
) -> None:
    Complaint.objects.update(lender=run, platform=run)
    found = letters(letter.printed(other_side.sent(office.now(case), investigator, text=run)))
    assert outside(found) == []
    assert overprinted(found) == []


def test_every_kind_and_rule_has_both_languages() -> None:
    for row in (*demands.kinds().values(), *demands.kept().values()):
        words = [value.by_language for value in vars(row).values() if isinstance(value, Bilingual)]
        assert words
        assert all(set(one) == {"en", "zh-hans"} and all(one.values()) for one in words)
    assert all(str(rule.read) for rule in demands.kept().values())


# The link


def test_the_code_is_kept_nowhere(case: Case, investigator: StaffMember) -> None:
    enquiry = other_side.sent(case, investigator)
    code = links.code(enquiry)
    assert codes.digest(code) == enquiry.code_digest
    row = Enquiry.objects.filter(pk=enquiry.pk).values().get()
    assert not [value for value in row.values() if code in str(value)]


def test_a_new_link_ends_the_old_one(case: Case, investigator: StaffMember) -> None:
    enquiry = other_side.sent(case, investigator)
    old = links.code(enquiry)
    asking.renew(enquiry, by=investigator)
    renewed = Enquiry.objects.get()
    assert links.code(renewed) != old
    assert renewed.code_digest == codes.digest(links.code(renewed))
    assert "enquiry.renewed" in office.told(case)


def test_who_may_not_act_changes_no_link(
    case: Case, investigator: StaffMember, investigator_north: StaffMember, auditor: StaffMember
) -> None:
    enquiry = other_side.sent(case, investigator)
    for member in (investigator_north, auditor):
        for change in (asking.revoke, asking.renew, asking.letter_taken, asking.read):
            with pytest.raises(Refused):
                change(enquiry, by=member)
        with pytest.raises(Refused):
            asking.assess(enquiry, 1, "supplied", by=member)


# What does not come


def test_a_reminder_is_due_once_three_days_before(case: Case, investigator: StaffMember) -> None:
    enquiry = other_side.sent(case, investigator)
    asking.remind_due()
    assert Enquiry.objects.get().reminded_at is None
    other_side.in_time(enquiry, remind_at=timezone.now())
    for _beat in range(2):
        asking.remind_due()
    row = Enquiry.objects.get()
    assert row.reminded_at
    assert row.news_at  # there is no e-mail address: the office has to
    assert office.told(case).count("enquiry.reminded") == 1


def test_a_short_time_brings_no_reminder(case: Case, investigator: StaffMember) -> None:
    assert other_side.sent(case, investigator, due_on=timezone.localdate() + timedelta(days=1)).remind_at is None


def test_what_has_not_come_by_its_day_is_recorded_once_and_named(case: Case, investigator: StaffMember) -> None:
    enquiry = other_side.sent(case, investigator)
    other_side.answered(enquiry, says={"1": {"state": "supplied", "reason": ""}})
    asking.mark_overdue()
    assert asking.unanswered(case) == []
    other_side.in_time(enquiry, due_at=timezone.now() - timedelta(minutes=1))
    assert [one.kind for one in asking.unanswered(case)] == ["collector"]  # also before the beat comes
    for _beat in range(2):
        asking.mark_overdue()
    assert [(one.kind, one.state) for one in asking.unanswered(case)] == [("collector", "missing")]
    assert office.told(case).count("enquiry.overdue") == 1
    assert office.last_of(case, "enquiry.overdue")["data"]["missing"] == [2]


def test_news_of_the_other_side_stands_in_a_queue_of_its_own_until_it_is_read(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    enquiry = other_side.sent(case, investigator)
    reassignment.reassign(office.now(case), by=supervisor, reason="He is away.")  # in nobody's hands
    for queue, holds in (("answers", False), ("waiting", True)):
        assert queues.QueueQuery(queue).cases(investigator).exists() == holds
    other_side.in_time(enquiry, due_at=timezone.now() - timedelta(minutes=1))
    asking.mark_overdue()
    for queue, holds in (("answers", True), ("waiting", False)):
        assert queues.QueueQuery(queue).cases(investigator).exists() == holds
    asking.read(enquiry, by=investigator)
    assert not queues.QueueQuery("answers").cases(investigator).exists()


def test_news_that_nobody_reads_is_an_alarm(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    said = "1 enquiry has news that nobody has read for two days."
    enquiry = other_side.sent(case, investigator)
    for days, sounds in ((1, False), (3, True)):
        other_side.in_time(enquiry, news_at=timezone.now() - timedelta(days=days))
        cache.clear()
        assert (said in alarms.sounding(supervisor)) == sounds


def test_what_comes_late_is_supplied_after_all(case: Case, investigator: StaffMember) -> None:
    enquiry = other_side.in_time(other_side.sent(case, investigator), due_at=timezone.now() - timedelta(minutes=1))
    asking.mark_overdue()
    both = {str(number): {"state": "supplied", "reason": ""} for number in (1, 2)}
    other_side.answered(enquiry, says=both)
    assert asking.unanswered(case) == []


def test_what_is_refused_stays_named_with_its_reason(case: Case, investigator: StaffMember) -> None:
    enquiry = other_side.sent(case, investigator)
    other_side.answered(enquiry, says={"2": {"state": "refused", "reason": "Privacy of our staff."}})
    (left,) = asking.unanswered(case)
    assert (left.kind, left.state, left.reason) == ("collector", "refused", "Privacy of our staff.")


def test_the_investigator_can_assess_an_answer_otherwise_than_the_other_side(
    case: Case, investigator: StaffMember
) -> None:
    enquiry = other_side.sent(case, investigator)
    other_side.answered(enquiry, says={"1": {"state": "supplied", "reason": ""}})
    asking.assess(enquiry, 1, "partly", by=investigator)
    assert Asked.objects.get(number=1).state == "partly"
    assert office.last_of(case, "enquiry.assessed")["data"] | {"enquiry": ""} == {
        "enquiry": "",
        "recipient": "agency",
        "asked": 1,
        "state": "partly",
    }
    for number, state in ((9, "partly"), (1, "nonsense"), (1, "")):
        with pytest.raises(Refused):
            asking.assess(enquiry, number, state, by=investigator)


# E-mail


def by_mail(case: Case, member: StaffMember) -> Enquiry:
    return other_side.sent(case, member, way="email", email="compliance@agency.example")


def test_the_mail_has_the_link_and_nothing_of_the_complaint(case: Case, investigator: StaffMember) -> None:
    enquiry = by_mail(case, investigator)
    for _beat in range(2):
        enquiry_mail.send_waiting()
    assert len(mail.outbox) == 1
    text = f"{mail.outbox[0].subject} {mail.outbox[0].body}"
    assert mail.outbox[0].to == ["compliance@agency.example"]
    assert links.link(enquiry) in text
    for secret in ("李小梅", case.reference, "0571", "Please send what you have"):
        assert secret not in text
    assert Enquiry.objects.get().mailed_at


def test_a_reminder_goes_by_mail_too(case: Case, investigator: StaffMember) -> None:
    other_side.in_time(by_mail(case, investigator), remind_at=timezone.now(), mail_at=None)
    asking.remind_due()
    enquiry_mail.send_waiting()
    assert mail.outbox[0].subject.startswith("Reminder")
    assert office.last_of(case, "enquiry.reminded")["data"]["way"] == "email"


def test_a_mail_server_that_is_away_is_tried_again_and_then_said(case: Case, investigator: StaffMember) -> None:
    by_mail(case, investigator)
    with override_settings(EMAIL_BACKEND="tests.support.other_side.NoServer"):
        for attempt in range(1, MOST_ATTEMPTS + 1):
            Enquiry.objects.update(mail_at=timezone.now())
            enquiry_mail.send_waiting()
            assert Enquiry.objects.get().mail_attempts == attempt
    row = Enquiry.objects.get()
    assert row.mail_failed
    assert row.news_at


def test_an_e_mail_that_cannot_leave_any_more_is_said(case: Case, investigator: StaffMember) -> None:
    by_mail(case, investigator)
    with override_settings(EMAIL_URL=""):
        enquiry_mail.send_waiting()
    row = Enquiry.objects.get()
    assert row.mail_failed
    assert row.news_at


def test_a_link_that_has_ended_is_not_mailed(case: Case, investigator: StaffMember) -> None:
    asking.revoke(by_mail(case, investigator), by=investigator)
    enquiry_mail.send_waiting()
    assert mail.outbox == []
