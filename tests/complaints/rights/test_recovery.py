"""A lost access code: only the borrower gets a new one, and asking tells nobody anything."""

import re
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from complaints import codes
from complaints.drafts import drafts
from complaints.models import Case, Draft, Notice, Recovery
from complaints.notices import notify, sms
from complaints.rights import contact_details, recovery
from evidence import ledger
from tests.support import cast, office

pytestmark = pytest.mark.django_db
EMAIL, PHONE = "mei@example.org", "13800138000"


@pytest.fixture
def case(borrower: cast.Filed) -> Case:
    return borrower.case


def one_time(asked: Recovery) -> str:
    return codes.one_time(asked.pk)


def delivered(asked: Recovery) -> list[str]:
    """The bodies of the mails that this request sends."""
    notify.send(Notice.objects.get(recovery=asked).pk)
    return [str(message.body) for message in mail.outbox]


def test_a_one_time_code_goes_to_the_address_given_at_filing(case: Case) -> None:
    asked = recovery.ask(case.reference, EMAIL)
    (text,) = delivered(asked)
    assert one_time(asked) in text
    assert mail.outbox[0].to == [EMAIL]
    assert case.reference not in text


def test_by_phone_it_goes_as_a_text_message(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []
    monkeypatch.setattr(sms.Console, "send", lambda self, to, text: sent.append((to, text)))
    asked = recovery.ask(case.reference, PHONE)
    assert delivered(asked) == []
    assert sent[0][0] == PHONE
    assert one_time(asked) in sent[0][1]


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "mei＠example.org",
            "mei@example.org\u200b",
            "mei@example.org，",
            "<mei@example.org>",
            "邮箱：mei@example.org。",
        ),
        *("138–0013–8000", "138•0013•8000", "电话：138 0013 8000。", "138\u200b00138000", "（138 0013 8000）"),
        "Mei@Example.org ",
        "138 0013 8000",
        "+86 138-0013-8000",
        "008613800138000",
        "１３８００１３８０００",
        "一三八〇〇一三八〇〇〇",
        "壹叁捌 零零壹叁 捌零零零",
    ],
)
def test_the_address_is_recognised_however_it_is_typed(case: Case, typed: str) -> None:
    assert recovery.ask(f" {case.reference.lower()} ", typed).case == case


@pytest.mark.parametrize(
    ("country", "kept", "typed"),
    [
        ("GB", "07946 012300", "+44 7946 012300"),
        ("GB", "+44 (0)7946 012300", "07946-012300"),
        ("US", "(212) 555-0123", "+1 212 555 0123"),
        ("CN", "+44 7946 012300", "0044 7946 012300"),
        ("CN", "mei@example.org\u200b，", "mei@example.org"),
    ],
)
def test_a_kept_address_is_recognised_in_its_other_spellings(
    country: str, kept: str, typed: str, settings: Settings
) -> None:
    settings.COUNTRY = country
    reach = {"name": "", "phone": "" if "@" in kept else kept, "email": kept if "@" in kept else ""}
    case = cast.file_a_complaint(files=[], reach=reach).case
    assert recovery.ask(case.reference.replace("-", "–"), typed).case == case


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("HF-2026-999999", EMAIL),
        ("nothing", EMAIL),
        (None, "somebody@example.org"),
        (None, "13900139000"),
        (None, ""),
        (None, "no number"),
    ],
)
def test_nothing_is_sent_to_anybody_else(case: Case, reference: str | None, address: str) -> None:
    asked = recovery.ask(reference or case.reference, address)
    assert asked.case is None
    assert delivered(asked) == []
    assert Notice.objects.get().state == "failed"


def test_who_gave_no_address_gets_no_code_for_an_empty_one() -> None:
    filed = cast.file_a_complaint(files=[], reach={"name": "", "phone": "", "email": ""})
    for nothing in ("", "-", "@"):
        assert recovery.ask(filed.case.reference, nothing).case is None


def test_one_borrowers_address_opens_no_other_case(case: Case, second_borrower: cast.Filed) -> None:
    assert recovery.ask(case.reference, "wei@example.org").case is None


def test_asking_costs_the_same_whether_there_is_such_a_case_or_not(case: Case) -> None:
    shapes = []
    for reference, address in (
        (case.reference, EMAIL),
        (case.reference, "x@example.org"),
        ("HF-2026-999999", EMAIL),
    ):
        with CaptureQueriesContext(connection) as asked:
            recovery.ask(reference, address)
        shapes.append(
            [re.sub(r"'[^']*'|\"s\d\w*\"|\b\d+\b|NULL", "?", query["sql"]) for query in asked.captured_queries]
        )
    assert shapes[0] == shapes[1] == shapes[2]


def test_the_code_is_not_in_the_database(case: Case) -> None:
    asked = recovery.ask(case.reference, EMAIL)
    row = Recovery.objects.filter(pk=asked.pk).values().get()
    assert one_time(asked) not in str(row)
    assert row["code_digest"] == codes.digest(one_time(asked))


# Redeeming


def test_the_right_code_gives_a_new_access_code_and_voids_the_old_one(borrower: cast.Filed) -> None:
    asked = recovery.ask(borrower.case.reference, EMAIL)
    fresh = recovery.redeem(asked.pk, one_time(asked))
    assert fresh
    assert fresh == codes.normalise(fresh) != borrower.code
    assert not Case.objects.filter(code_digest=codes.digest(borrower.code)).exists()
    assert Case.objects.get(code_digest=codes.digest(fresh)) == borrower.case


def test_it_is_on_the_ledger_without_anything_about_the_code(case: Case) -> None:
    asked = recovery.ask(case.reference, EMAIL)
    recovery.redeem(asked.pk, one_time(asked))
    told = office.last_of(case, "code.renewed")
    assert (told["by"], told["data"]) == (ledger.BORROWER, {})


def test_the_borrower_is_told_on_all_channels_they_agreed_to(case: Case) -> None:
    contact_details.change(case, notify=["email", "sms"])
    asked = recovery.ask(case.reference, EMAIL)
    recovery.redeem(asked.pk, one_time(asked))
    told = Notice.objects.filter(about=notify.CODE_RENEWED)
    assert sorted(notice.channel for notice in told) == ["email", "sms"]


def test_the_page_after_filing_can_no_longer_show_the_old_code(borrower: cast.Filed) -> None:
    asked = recovery.ask(borrower.case.reference, EMAIL)
    recovery.redeem(asked.pk, one_time(asked))
    assert not Draft.objects.exists()
    assert office.now(borrower.case).exhibits.exists()


def test_a_renewed_code_is_told_where_it_was_asked_for_even_without_consent_to_news(case: Case) -> None:
    contact_details.change(case, notify=[])
    asked = recovery.ask(case.reference, EMAIL)
    recovery.redeem(asked.pk, one_time(asked))
    told = Notice.objects.get(about=notify.CODE_RENEWED)
    notify.send(told.pk)
    told.refresh_from_db()
    assert (told.channel, told.state) == (asked.channel, Notice.State.SENT)


def test_a_double_click_shows_the_same_code_and_renews_once(case: Case) -> None:
    asked = recovery.ask(case.reference, EMAIL)
    first, second = (recovery.redeem(asked.pk, one_time(asked)) for _click in range(2))
    assert first == second
    assert office.told(case).count("code.renewed") == 1


def test_a_wrong_code_gives_nothing_and_after_five_the_right_one_neither(case: Case) -> None:
    asked = recovery.ask(case.reference, EMAIL)
    for _guess in range(recovery.MOST_ATTEMPTS):
        assert recovery.redeem(asked.pk, "0000 0000") is None
    assert recovery.redeem(asked.pk, one_time(asked)) is None
    assert "code.renewed" not in office.told(case)


def test_after_its_time_the_code_gives_nothing(case: Case) -> None:
    asked = recovery.ask(case.reference, EMAIL)
    Recovery.objects.update(expires_at=timezone.now())
    assert recovery.redeem(asked.pk, one_time(asked)) is None


def test_a_request_that_found_nobody_cannot_be_redeemed(case: Case) -> None:
    asked = recovery.ask(case.reference, "x@example.org")
    assert recovery.redeem(asked.pk, one_time(asked)) is None
    assert recovery.redeem(uuid.uuid4(), one_time(asked)) is None


def test_the_code_of_one_request_is_not_good_for_another(case: Case, second_borrower: cast.Filed) -> None:
    mine = recovery.ask(case.reference, EMAIL)
    theirs = recovery.ask(second_borrower.case.reference, "wei@example.org")
    assert recovery.redeem(theirs.pk, one_time(mine)) is None


def test_only_the_newest_access_code_opens(case: Case) -> None:
    first, second = (recovery.ask(case.reference, EMAIL) for _lost in range(2))
    code = recovery.redeem(first.pk, one_time(first))
    assert recovery.redeem(second.pk, one_time(second)) is None
    third = recovery.ask(case.reference, EMAIL)
    assert recovery.redeem(third.pk, one_time(third)) not in (None, code)
    assert recovery.redeem(first.pk, one_time(first)) is None


def test_nobody_is_flooded_with_codes(case: Case) -> None:
    for _request in range(notify.CODES_A_DAY + 3):
        delivered(recovery.ask(case.reference, EMAIL))
    assert len(mail.outbox) == notify.CODES_A_DAY


def test_an_expired_code_is_not_sent_late(case: Case) -> None:
    asked = recovery.ask(case.reference, EMAIL)
    Recovery.objects.update(expires_at=timezone.now())
    assert delivered(asked) == []


def test_old_requests_are_forgotten(case: Case) -> None:
    recovery.ask(case.reference, EMAIL)
    Recovery.objects.update(asked_at=timezone.now() - timedelta(days=3))
    recent = recovery.ask(case.reference, EMAIL)
    recovery.forget_old()
    assert Recovery.objects.get() == recent
    assert Notice.objects.get().recovery == recent


def test_the_draft_s_way_to_the_code_is_gone_with_the_draft(borrower: cast.Filed) -> None:
    asked = recovery.ask(borrower.case.reference, EMAIL)
    recovery.redeem(asked.pk, one_time(asked))
    with pytest.raises(Draft.DoesNotExist):
        drafts.find(borrower.code)


def test_asking_takes_few_statements(
    case: Case, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:
    with django_assert_max_num_queries(6):
        recovery.ask(case.reference, EMAIL)
