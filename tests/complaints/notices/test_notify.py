"""Borrowers are told that there is something new: only where they agreed, and in words that give nothing away."""

import logging
import smtplib
from datetime import datetime, timedelta
from email.message import Message as Mail
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from complaints import tasks
from complaints.models import Case, Notice, StaffMember, Team
from complaints.notices import notify, sms
from complaints.oversight import alarms
from complaints.rights import contact_details, withdrawals
from evidence import troubles
from portal import readiness
from tests.support import cast, conversation, office

TELLING = ("投诉", "催收", "欠", "债", "留证", "complaint", "debt", "collect", "lender", "Holdfast", "http")


class Drawer:
    """A gateway that keeps what it is given."""

    kept: list[tuple[str, str]] = []

    def send(self, to: str, text: str) -> None:
        self.kept.append((to, text))


class Broken:
    def send(self, to: str, text: str) -> None:
        raise ConnectionError(f"no route for {to}")


@pytest.fixture
def drawer(settings: Any) -> list[tuple[str, str]]:
    settings.SMS_BACKEND = f"{__name__}.Drawer"
    Drawer.kept = []
    return Drawer.kept


@pytest.fixture
def case(borrower: cast.Filed) -> Case:
    """Its borrower wants to be told by e-mail and by text message."""
    contact_details.change(borrower.case, notify=["email", "sms"])
    return office.now(borrower.case)


def sent() -> EmailMessage:
    (message,) = mail.outbox
    return message


def send_all() -> None:
    for notice in Notice.objects.all():
        notify.send(notice.pk)


def test_it_is_told_on_every_channel_that_was_agreed_to(case: Case, drawer: list[tuple[str, str]]) -> None:
    notify.tell(case, "reply")
    send_all()
    assert sent().to == ["mei@example.org"]
    assert [to for to, _text in drawer] == ["13800138000"]
    assert {notice.state for notice in Notice.objects.all()} == {"sent"}
    assert all(notice.sent_at for notice in Notice.objects.all())


@pytest.mark.parametrize(
    ("agreed", "channels"), [([], []), (["email"], ["email"]), (["sms"], ["sms"]), (["fax"], [])]
)
def test_a_notice_goes_only_by_channels_that_were_agreed_to(
    case: Case, agreed: list[str], channels: list[str]
) -> None:
    contact_details.change(case, notify=agreed)
    notify.tell(office.now(case), "reply")
    assert [notice.channel for notice in Notice.objects.all()] == channels


def test_a_channel_without_an_address_gets_no_notice(case: Case) -> None:
    contact_details.change(case, email="")
    notify.tell(office.now(case), "reply")
    assert [notice.channel for notice in Notice.objects.all()] == ["sms"]


def test_where_no_mail_server_and_no_gateway_is_set_nothing_pretends_to_be_sent(case: Case, settings: Any) -> None:
    settings.EMAIL_URL = settings.SMS_BACKEND = ""
    notify.tell(case, "reply")
    assert not Notice.objects.exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("about", [*sorted(notify.NOTIFIED), notify.CODE_RENEWED])
def test_nothing_in_it_tells_what_it_is_about(
    case: Case, drawer: list[tuple[str, str]], language: str, about: str
) -> None:
    Case.objects.update(language=language)
    notify.tell(office.now(case), about)
    send_all()
    message: Mail = sent().message()
    words = f"{sent().subject} {sent().body} {message['From']} {drawer[0][1]}"
    for word in TELLING:
        assert word.casefold() not in words.casefold()
    assert case.reference not in words
    assert about.replace("_", " ") not in words
    assert message["Auto-Submitted"] == "auto-generated"


def test_it_is_written_in_the_borrowers_language(case: Case) -> None:
    notify.tell(case, "reply")
    send_all()
    assert "新消息" in sent().body
    mail.outbox.clear()
    Case.objects.update(language="en")
    notify.tell(office.now(case), "reply")
    send_all()
    assert "when it suits you" in sent().body


def test_the_reference_is_named_only_where_that_was_agreed_to(case: Case) -> None:
    contact_details.change(case, safe_words="reference")
    notify.tell(office.now(case), "reply")
    send_all()
    assert case.reference in sent().body
    assert case.reference not in sent().subject


# When it is told


def test_a_reply_is_told_and_a_begun_investigation_is_not(
    case: Case, south: Team, investigator: StaffMember
) -> None:
    office.answered_by(investigator, office.routed(case, south, investigator))
    assert {notice.about for notice in Notice.objects.all()} == {"reply"}


def test_that_somebody_asked_to_withdraw_is_told_for_it_may_not_have_been_the_borrower(case: Case) -> None:
    withdrawals.ask(case, pressed="no")
    assert {notice.about for notice in Notice.objects.all()} == {"ask_withdrawal"}


# Sending


@pytest.mark.parametrize(
    ("hours", "now", "goes"),
    [
        ((22, 8), "2026-11-20 21:59", "2026-11-20 21:59"),
        ((22, 8), "2026-11-20 22:00", "2026-11-21 08:00"),
        ((22, 8), "2026-11-20 03:45", "2026-11-20 08:00"),
        ((22, 8), "2026-11-20 08:00", "2026-11-20 08:00"),
        ((1, 6), "2026-11-20 00:30", "2026-11-20 00:30"),
        ((1, 6), "2026-11-20 05:59", "2026-11-20 06:00"),
        (None, "2026-11-20 03:45", "2026-11-20 03:45"),
    ],
)
def test_news_lets_people_sleep(hours: tuple[int, int] | None, now: str, goes: str, settings: Any) -> None:
    settings.QUIET_HOURS = hours
    at = timezone.make_aware(datetime.fromisoformat(now))
    assert notify.after_the_night(at) == timezone.make_aware(datetime.fromisoformat(goes))


def test_at_night_it_waits_in_its_row_and_a_code_does_not(case: Case, settings: Any) -> None:
    settings.QUIET_HOURS = (0, 23)
    notify.tell(case, "reply")
    notify.tell(case, notify.CODE_RENEWED)
    waits = {notice.about: notice.next_try_at > notice.made_at for notice in Notice.objects.all()}
    late_in_the_evening = timezone.localtime().hour == 23
    assert waits == {"reply": not late_in_the_evening, notify.CODE_RENEWED: False}


def test_a_sent_notice_is_not_sent_again(case: Case) -> None:
    notify.tell(case, "reply")
    send_all()
    send_all()
    tasks.send_notices()
    assert len(mail.outbox) == 1


def test_a_notice_that_another_worker_is_sending_is_left_alone(case: Case) -> None:
    notify.tell(case, "reply")
    Notice.objects.update(next_try_at=timezone.now() + timedelta(minutes=2), attempts=1)
    send_all()
    assert mail.outbox == []


def test_what_no_message_reached_is_found_by_the_sweep(case: Case) -> None:
    notify.tell(case, "reply")
    tasks.send_notices()
    assert len(mail.outbox) == 1


def fails(problem: Exception) -> Any:
    def send(self: EmailMessage, fail_silently: bool = False) -> int:
        raise problem

    return send


def test_a_mail_server_that_is_down_is_tried_again_later_and_in_the_end_given_up(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact_details.change(case, notify=["email"])
    notify.tell(office.now(case), "reply")
    monkeypatch.setattr(EmailMessage, "send", fails(smtplib.SMTPServerDisconnected("gone")))
    pauses = []
    for _attempt in range(notify.MOST_ATTEMPTS):
        notify.send(Notice.objects.get().pk)
        pauses.append(Notice.objects.get().next_try_at - timezone.now())
        Notice.objects.update(next_try_at=timezone.now())
    assert pauses == sorted(pauses)
    assert pauses[0] > timedelta(minutes=1)
    assert Notice.objects.get().state == "failed"
    tasks.send_notices()
    assert Notice.objects.get().attempts == notify.MOST_ATTEMPTS


def test_a_mail_server_that_takes_nothing_is_named_until_it_takes_a_message_again(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact_details.change(case, notify=["email"])
    monkeypatch.setattr(EmailMessage, "send", fails(ConnectionRefusedError()))
    for about in ("reply", "close", "keep"):
        assert readiness.parts()["mail"] == "ok"
        notify.tell(office.now(case), about)
        send_all()
    assert readiness.parts()["mail"] == "email-away"
    assert str(troubles.SENTENCES["email-away"]) in alarms.sounding()
    monkeypatch.undo()
    Notice.objects.update(next_try_at=timezone.now())
    send_all()
    assert readiness.parts()["mail"] == "ok"


def test_addresses_that_a_mail_server_refuses_are_no_fault_of_it(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact_details.change(case, notify=["email"])
    monkeypatch.setattr(EmailMessage, "send", fails(smtplib.SMTPRecipientsRefused({})))
    for about in ("reply", "close", "keep", "withdraw"):
        notify.tell(office.now(case), about)
    send_all()
    assert readiness.parts()["mail"] == "ok"


def test_no_address_is_in_the_log(
    case: Case, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMS_BACKEND = f"{__name__}.Broken"
    monkeypatch.setattr(
        EmailMessage, "send", fails(smtplib.SMTPRecipientsRefused({"mei@example.org": (550, b"")}))
    )
    notify.tell(case, "reply")
    with caplog.at_level(logging.DEBUG):
        send_all()
    assert "SMTPRecipientsRefused" in caplog.text
    assert "ConnectionError" in caplog.text
    for personal in ("mei@", "138", "李小梅"):
        assert personal not in caplog.text


def test_who_changed_their_mind_meanwhile_is_not_told(case: Case) -> None:
    notify.tell(case, "reply")
    contact_details.change(case, notify=["sms"])
    send_all()
    assert mail.outbox == []
    assert Notice.objects.get(channel="email").state == "failed"


def test_it_goes_to_the_address_of_today(case: Case) -> None:
    notify.tell(case, "reply")
    contact_details.change(case, email="new@example.org")
    send_all()
    assert sent().to == ["new@example.org"]


def test_the_console_prints_what_a_gateway_would_send(capsys: pytest.CaptureFixture[str]) -> None:
    sms.gateway().send("13800138000", "Something new.")
    assert capsys.readouterr().out == "Text message to 13800138000:\nSomething new.\n"


def test_what_the_office_writes_is_told_and_what_the_borrower_writes_is_not(
    case: Case, supervisor: StaffMember
) -> None:
    conversation.sent(case, "message", "Is there news?")
    assert not Notice.objects.exists()
    conversation.from_the_office(case, supervisor, "We have begun.")
    conversation.a_question(case, supervisor, "When did they call?")
    assert {notice.about for notice in Notice.objects.all()} == {"message", "question"}


# Dates from courts


def court_in(days: int, borrower: cast.Filed) -> None:
    borrower.case.complaint.court_on = timezone.localdate() + timedelta(days=days)
    borrower.case.complaint.save(update_fields=["court_on"])


@pytest.mark.parametrize(("days", "reminded"), [(0, False), (1, True), (2, False)])
def test_a_date_from_a_court_is_called_to_mind_on_the_day_before(
    case: Case, borrower: cast.Filed, days: int, reminded: bool
) -> None:
    court_in(days, borrower)
    tasks.remind_of_court()
    assert Notice.objects.filter(about=notify.COURT_TOMORROW).exists() is reminded


def test_the_reminder_is_sent_once_by_each_way_and_gives_nothing_away(
    case: Case, borrower: cast.Filed, drawer: list[tuple[str, str]]
) -> None:
    court_in(1, borrower)
    for _hour in range(3):
        tasks.remind_of_court()
    send_all()
    assert len(drawer) == len(mail.outbox) == 1
    for text in (drawer[0][1], sent().subject, str(sent().body)):
        assert not [word for word in (*TELLING, "法院", "开庭", "court") if word in text]


def test_who_did_not_agree_to_notices_is_sent_no_reminder(borrower: cast.Filed) -> None:
    contact_details.change(borrower.case, notify=[])
    court_in(1, borrower)
    tasks.remind_of_court()
    assert not Notice.objects.exists()
