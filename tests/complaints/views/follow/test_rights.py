"""The pages of what a borrower may do after filing: each with its own code, and nothing of anybody else's."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.cases import consents
from complaints.models import Case, Retaliation, Review, StaffMember, Team, Withdrawal
from complaints.rights import retaliations, reviews, withdrawals
from evidence import ledger
from tests.complaints.admin.case.test_page import text as visible
from tests.support import cast, office
from tests.support.pages import Inline, follows, somebody, text

pytestmark = pytest.mark.django_db
FORMS = ("follow_withdraw", "follow_review", "follow_retaliation", "follow_reach", "follow_consents")
PAGES = (*FORMS, "follow_dates")
WORDS = "他们又来了，说知道是我投诉的。"
SECRET = "他就站在我旁边。"


@pytest.fixture
def case(borrower: cast.Filed, south: Team, investigator: StaffMember) -> Case:
    return office.routed(borrower.case, south, investigator)


@pytest.fixture
def client(borrower: cast.Filed) -> Client:
    """The borrower's browser."""
    return follows(borrower.code)


@pytest.fixture
def answered(case: Case, investigator: StaffMember) -> Case:
    return office.answered_by(investigator, case)


def see(client: Client, name: str = "follow_case") -> str:
    return text(client.get(reverse(name)))


def send(client: Client, to: str, **fields: object) -> HttpResponse:
    response = client.post(reverse(to), fields, follow=True)
    assert isinstance(response, HttpResponse)
    return response


# Every page


def test_a_second_tab_with_other_words_is_told_and_keeps_them(client: Client, case: Case) -> None:
    send(client, "follow_withdraw", pressed="no")
    page = client.post(reverse("follow_withdraw"), {"pressed": "yes", "pressure_words": "He stood behind me."})
    assert page.status_code == 422
    assert "You have already asked" in text(page)
    assert "He stood behind me." in text(page)
    assert case.withdrawals.get().pressed == "no"


@pytest.mark.parametrize("name", [*PAGES, "follow_take_back"])
def test_without_a_code_every_page_asks_for_it(case: Case, name: str) -> None:
    for response in (somebody().post(reverse(name)), somebody().get(reverse(name))):
        assert response.status_code in (302, 405)
        assert response.headers.get("Location", reverse("follow")) == reverse("follow")


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_page_keeps_to_the_csp_and_its_title_tells_nothing(
    borrower: cast.Filed, answered: Case, name: str, language: str
) -> None:
    page = see(follows(borrower.code, language), name)
    assert Inline(page).found == []
    (title,) = re.findall(r"<title>(.*?)</title>", page)
    for word in ("complain", "debt", "投诉", "催收", "债", "retaliat", "报复"):
        assert word not in title.casefold()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_the_database_little(
    client: Client,
    answered: Case,
    name: str,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    with django_assert_max_num_queries(10):
        client.get(reverse(name))


def test_the_page_of_an_answered_case_asks_the_database_little(
    client: Client,
    answered: Case,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    withdrawals.ask(answered, pressed="yes")
    with django_assert_max_num_queries(10):
        client.get(reverse("follow_case"))


def test_what_one_borrower_does_changes_nothing_for_another(
    case: Case, second_borrower: cast.Filed, south: Team
) -> None:
    office.routed(second_borrower.case, south)
    other = follows(second_borrower.code)
    send(other, "follow_withdraw", pressed="no")
    send(other, "follow_retaliation", text=WORDS)
    send(other, "follow_reach", name="Somebody")
    send(other, "follow_consents", give="lender")
    mine = office.now(case)
    assert mine.withdraw_at is None
    assert mine.severity != 3
    assert mine.reporter.name == "李小梅"
    assert not mine.consents.exists()
    assert office.told(mine)[-1] == "case.routed"


def test_one_borrower_sees_nothing_of_what_another_said(case: Case, second_borrower: cast.Filed) -> None:
    withdrawals.ask(case, pressed="yes", pressure_words=SECRET)
    retaliations.report(case, text=WORDS)
    consents.give(case, "lender")
    other = follows(second_borrower.code)
    for name in ("follow_case", *PAGES):
        page = see(other, name)
        for mine in (SECRET, WORDS, case.reference, "李小梅", "mei@example.org", "You asked to withdraw"):
            assert mine not in page


# Withdrawal


def test_a_borrower_withdraws_and_sees_until_when_that_can_be_taken_back(client: Client, case: Case) -> None:
    page = visible(send(client, "follow_withdraw", pressed="no"))
    withdrawal = Withdrawal.objects.get()
    day = timezone.localtime(withdrawal.due_at)
    assert "You asked to withdraw" in page
    assert f"{day:%-d}" in page
    assert "Do not withdraw, continue my case" in page
    assert "You asked to withdraw" in page


def test_it_is_taken_back_with_one_button(client: Client, case: Case) -> None:
    send(client, "follow_withdraw", pressed="no")
    page = visible(send(client, "follow_take_back"))
    assert "You cancelled your withdrawal." in page
    assert "You have asked to withdraw" not in page
    assert office.now(case).withdraw_at is None


@pytest.mark.parametrize("pressed", ["no", "yes", "unsaid"])
def test_whoever_looks_at_the_screen_afterwards_cannot_tell_what_was_answered(
    client: Client, case: Case, pressed: str
) -> None:
    def page() -> str:
        shown = see(client)
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", shown)

    withdrawals.ask(case, pressed="no")
    first = page()
    Withdrawal.objects.update(pressed=pressed, pressure_words=SECRET)
    assert page() == first
    Withdrawal.objects.update(due_at=timezone.now())
    assert page() == first
    assert "already" in see(client, "follow_withdraw")
    assert SECRET not in see(client, "follow_withdraw")


def test_without_an_answer_about_pressure_the_page_asks_once_more_and_keeps_the_words(
    client: Client, case: Case
) -> None:
    response = send(client, "follow_withdraw", pressure_words=SECRET)
    assert response.status_code == 422
    assert SECRET in text(response)
    assert "Choose one." in text(response)
    assert not Withdrawal.objects.exists()


def test_a_double_click_withdraws_once_and_says_the_same(client: Client, case: Case) -> None:
    for _click in range(2):
        assert "We have recorded that you want to withdraw." in visible(
            send(client, "follow_withdraw", pressed="no")
        )
    assert Withdrawal.objects.count() == 1


def test_a_closed_case_offers_no_withdrawal(client: Client, answered: Case, investigator: StaffMember) -> None:
    office.step(answered, "close", investigator)
    assert "nothing left to withdraw" in see(client, "follow_withdraw")
    assert reverse("follow_withdraw") not in see(client)
    response = send(client, "follow_withdraw", pressed="yes", pressure_words=SECRET)
    assert response.status_code == 422
    assert "not possible now" in text(response)


def test_after_three_days_the_page_says_it_is_closed_as_asked(client: Client, case: Case) -> None:
    withdrawals.ask(case, pressed="no")
    office.three_days_pass(case)
    withdrawals.end_due()
    assert "The case is closed, as you asked" in see(client)
    response = send(client, "follow_take_back")
    assert response.status_code == 409
    assert "If they have not stopped, tell us below" in text(response)


def test_taking_back_is_a_post(client: Client, case: Case) -> None:
    assert client.get(reverse("follow_take_back")).status_code == 405


# Review


def test_a_borrower_asks_for_another_look(client: Client, answered: Case) -> None:
    assert "You can ask until" in see(client, "follow_review")
    page = visible(send(client, "follow_review", reasons="没有人听过录音。"))
    assert "Someone else will review your case." in page
    assert "Your case is open again" in page
    assert Review.objects.get().reasons == "没有人听过录音。"


def test_a_second_review_page_with_other_reasons_is_told_and_keeps_them(client: Client, answered: Case) -> None:
    send(client, "follow_review", reasons="The call at night.")
    page = client.post(reverse("follow_review"), {"reasons": "And the letter."})
    assert "You have already asked" in text(page)
    assert "And the letter." in text(page)
    assert "The call at night." in see(client)


def test_the_first_finding_stays_readable_beside_the_second(
    client: Client, answered: Case, supervisor: StaffMember
) -> None:
    reviews.ask(answered, reasons="No.")
    assert "What we found" in see(client)
    office.answered_by(supervisor, office.now(answered), text="We looked once more.")
    page = visible(client.get(reverse("follow_case")))
    assert page.index("Findings after the review") < page.index("First findings")
    assert "We looked into it." in page
    assert "We looked once more." in page


@pytest.mark.parametrize(
    ("days", "says"), [(None, "There is no reply to review yet"), (31, "The time to ask for a review is over.")]
)
def test_where_it_is_not_possible_the_page_says_why_and_gives_back_what_was_typed(
    client: Client, case: Case, investigator: StaffMember, days: int | None, says: str
) -> None:
    if days:
        office.answered_by(investigator, case)
        office.time_passes(case, timedelta(days=days))
    assert says in see(client, "follow_review")
    assert reverse("follow_review") not in see(client)
    response = send(client, "follow_review", reasons="没有人听过录音。")
    assert response.status_code == 422
    assert says in text(response)


def test_a_stale_page_loses_nothing_that_was_typed(client: Client, answered: Case) -> None:
    """Somebody withdraws in another tab while the reasons are being written."""
    withdrawals.ask(answered, pressed="no")
    response = send(client, "follow_review", reasons="没有人听过录音。")
    assert "没有人听过录音。" in text(response)
    assert "Cancel that first" in text(response)


# Retaliation


def test_a_borrower_tells_of_retaliation(client: Client, answered: Case) -> None:
    page = visible(send(client, "follow_retaliation", text=WORDS))
    assert "Your case is now marked urgent." in page
    assert "You told us what has happened since" in page
    assert "Your case is open again" in page
    assert "We deal with your case before others." in page
    assert Retaliation.objects.get().text == WORDS


@pytest.mark.parametrize(
    ("name", "field"),
    [("follow_retaliation", "text"), ("follow_withdraw", "pressure_words"), ("follow_reach", "contact_note")],
)
def test_changing_the_language_keeps_what_was_typed_and_does_nothing_else(
    client: Client, case: Case, name: str, field: str
) -> None:
    page = client.post(reverse(name), {field: "他们来过我父母家", "language": "zh-hans"})
    assert page.status_code == 200
    assert "他们来过我父母家" in text(page)
    assert 'lang="zh-hans"' in text(page)
    assert client.cookies["django_language"].value == "zh-hans"
    assert not case.retaliations.exists()
    assert not case.withdrawals.exists()


def test_what_was_told_is_read_again_on_the_page_of_the_case(client: Client, case: Case) -> None:
    send(client, "follow_retaliation", text="They came to my parents.")
    page = see(client)
    assert "They came to my parents." in page
    assert "urgent" in page


def test_after_retaliation_the_page_says_what_happens_next(client: Client, case: Case) -> None:
    assert "You do not need to do anything." in see(client)
    send(client, "follow_retaliation", text=WORDS)
    page = see(client)
    assert "We deal with your case before others. Keep what they send you" in page
    assert 'href="tel:110"' in page
    assert "You do not need to do anything." not in page


def test_a_double_click_tells_it_once(client: Client, case: Case) -> None:
    for _click in range(2):
        send(client, "follow_retaliation", text=WORDS)
    assert Retaliation.objects.count() == 1


@pytest.mark.parametrize("typed", ["", "x" * 20_001, "a\x00b"])
def test_what_cannot_be_kept_is_given_back_with_a_sentence(client: Client, case: Case, typed: str) -> None:
    response = send(client, "follow_retaliation", text=typed)
    assert response.status_code == 422
    assert typed.replace("\x00", "") in text(response)
    assert not Retaliation.objects.exists()


# Reaching


def test_a_borrower_changes_how_to_be_reached(client: Client, case: Case) -> None:
    fields = {"name": "", "phone": "199 0000 0042", "email": "new@example.org", "notify": ["email"]}
    page = visible(send(client, "follow_reach", **fields, safe_words="reference"))
    assert "We have saved your new contact details." in page
    assert "You changed how we can reach you" in page
    reporter = office.now(case).reporter
    assert (reporter.name, reporter.phone, reporter.notify) == ("", "199 0000 0042", ["email"])
    form = see(client, "follow_reach")
    assert "199 0000 0042" in form
    assert "李小梅" not in form


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"notify": ["email"]}, "You asked for e-mail notices: enter an address"),
        ({"notify": ["sms"]}, "You asked for text messages: enter a number"),
        ({"notify": ["pigeon"]}, "pigeon"),
        ({"email": "nobody"}, "does not look like an e-mail address"),
    ],
)
def test_a_way_to_be_told_needs_its_address(
    client: Client, case: Case, fields: dict[str, object], says: str
) -> None:
    response = send(client, "follow_reach", name="李梅", **fields)
    assert response.status_code == 422
    assert says in text(response)
    assert "李梅" in text(response)
    assert "reporter.changed" not in office.told(case)


def test_without_a_word_on_it_a_message_stays_neutral(client: Client, case: Case) -> None:
    send(client, "follow_reach", name="李梅")
    assert office.now(case).reporter.safe_words == "neutral"


def test_only_ways_by_which_the_office_can_send_are_offered(client: Client, case: Case, settings: Any) -> None:
    settings.SMS_BACKEND = ""
    page = see(client, "follow_reach")
    assert re.findall(r'name="notify" value="(\w+)"', page) == ["email"]
    settings.EMAIL_URL = ""
    assert 'name="notify"' not in see(client, "follow_reach")
    send(client, "follow_reach", name="李梅")
    assert office.now(case).reporter.name == "李梅"


# Consents


def test_a_consent_is_given_and_taken_back(client: Client, case: Case) -> None:
    page = visible(send(client, "follow_consents", give="lender"))
    assert "they may know who you are" in page
    assert "You agreed on" in page
    page = visible(send(client, "follow_consents", withdraw="lender"))
    assert "from now on we do not tell them" in page
    assert "The lender: agreed" in page


def test_each_who_may_know_is_described_for_what_they_do(client: Client, case: Case) -> None:
    page = see(client, "follow_consents")
    assert "They deal with threats" in page.partition("The police")[2]
    assert page.count("The authority that supervises lenders") == 1


def test_the_timeline_says_whose_consent_it_was(client: Client, case: Case) -> None:
    client.post(reverse("follow_consents"), {"give": "agency"})
    client.post(reverse("follow_consents"), {"withdraw": "agency"})
    page = see(client)
    assert "You agreed that they may know who you are: The collection agency" in page
    assert "You withdrew your consent: The collection agency" in page


def test_what_was_handed_over_is_said_with_its_date(client: Client, case: Case) -> None:
    from complaints.bundles import making

    by: ledger.Actor = {"role": "supervisor", "id": "0"}
    for audience in ("legal_aid", "complaint", "police"):
        b"".join(making.stream(case, audience=audience, by=by)[1])
    b"".join(making.stream(case, audience="borrower")[1])
    page = see(client, "follow_consents")
    assert page.count("A case bundle was made for them") == 3
    assert "cannot get back what they already have" in page


@pytest.mark.parametrize("fields", [{"give": "newspaper"}, {"withdraw": "'; --"}, {}])
def test_an_unknown_recipient_changes_nothing(client: Client, case: Case, fields: dict[str, str]) -> None:
    assert send(client, "follow_consents", **fields).status_code == 200
    assert not case.consents.exists()


# Dates


def test_the_dates_are_on_the_page_and_in_a_calendar_file(client: Client, case: Case) -> None:
    page = see(client)
    assert "You will have a written reply by this date" in page
    assert reverse("follow_dates") in page
    response = client.get(reverse("follow_dates"))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="dates.ics"'
    assert b"BEGIN:VEVENT" in response.content


def test_the_page_after_filing_offers_them_too(db: None) -> None:
    from tests.support.pages import answered as a_browser_with_a_draft

    client = a_browser_with_a_draft()
    page = text(client.post(reverse("check"), {"go": "file"}, follow=True))
    assert reverse("follow_dates") in page
    assert "For 30 days after the reply" in page
    assert client.get(reverse("follow_dates")).status_code == 200
