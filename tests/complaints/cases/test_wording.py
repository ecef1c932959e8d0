"""What the borrower told, in words."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from complaints.cases import wording
from complaints.models import Contact

NIGHT = datetime(2026, 11, 20, 15, 41, tzinfo=UTC)  # 23:41 in Shanghai

ROW = {"when": "2026-11-20 09:00", "precision": "exact", "channel": "call", "times": "12"}


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("", ""),
        ("2026-11-20", "20 November 2026"),
        ("2026-11-20 23:41", "20 November 2026 23:41"),
        ("2026-11-20 23:41:05", "20 November 2026 23:41:05"),
    ],
)
def test_a_moment_is_told_as_people_write_it(kept: str, told: str) -> None:
    assert wording.day_and_time(kept) == told


def test_in_chinese_it_is_told_in_chinese() -> None:
    with translation.override("zh-hans"):
        assert wording.day_and_time("2026-11-20 23:41") == "2026年11月20日 23:41"
        assert wording.headline({"when": "2026-11-20", "precision": "day", "channel": "call"}).endswith("电话")


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ({"when": "2026-11-20 23:41", "precision": "exact", "channel": "sms"}, "20 November 2026 23:41 · Text"),
        ({"when": "2026-11-20 23:41", "precision": "about"}, "about 20 November 2026 23:41"),
        ({"channel": "visit"}, "Visit"),
        ({"said": "x"}, "Day not known"),
        ({**ROW, "until": "2026-11-20 21:30"}, "20 November 2026 09:00 to 21:30 · Phone call · 12 times"),
        (
            {**ROW, "until": "2026-11-21 01:15"},
            "20 November 2026 09:00 to 21 November 2026 01:15 · Phone call · 12",
        ),
        ({**ROW, "precision": "about"}, "about 20 November 2026 09:00 · Phone call · 12 times"),
        ({"times": "1200"}, "1,200 times"),
        ({"times": "12", "times_about": "yes"}, "about 12 times"),
    ],
)
def test_an_act_is_called_by_when_and_how(act: dict[str, str], told: str) -> None:
    assert wording.headline(act).startswith(told)


@pytest.mark.parametrize(
    ("precision", "told"),
    [
        ("exact", "20 November 2026 23:41"),
        ("about", "about 20 November 2026 23:41"),
        ("day", "20 November 2026"),
    ],
)
def test_a_contact_is_as_exact_as_it_was_told(precision: str, told: str) -> None:
    assert wording.when(Contact(at=NIGHT, precision=precision)) == told


@pytest.mark.parametrize(
    ("precision", "told"),
    [
        ("exact", "20 November 2026 23:41 to 21 November 2026 01:41"),
        ("about", "about 20 November 2026 23:41 to 21 November 2026 01:41"),
        ("day", "20 November 2026 to 21 November 2026"),
    ],
)
def test_several_in_a_row_have_their_last_time_and_their_number(precision: str, told: str) -> None:
    several = Contact(at=NIGHT, until=NIGHT + timedelta(hours=2), precision=precision, channel="call", times=12)
    row = wording.row(several)
    assert (row["when"], row["channel"]) == (told, "Phone call · 12 times")


def test_what_is_not_known_of_a_contact_is_empty() -> None:
    row = wording.row(Contact(order=3))
    assert row["label"] == "C-3"
    assert {value for name, value in row.items() if name != "label"} == {""}


def test_a_contacts_answers_are_words() -> None:
    row = wording.row(Contact(order=1, answered=True, disclosed=False, reached="employer", channel="call"))
    assert (row["answered"], row["disclosed"], row["reached"]) == ("yes", "no", "The employer")


def test_every_fact_of_a_file_has_its_words() -> None:
    said = {"captured": "2026-11-20", "present": "no", "recorded_by": "unknown", "condition": "cut"}
    told = wording.declared(said)
    assert [answer for _question, answer in told] == [
        "20 November 2026",
        "No",
        "I don’t know",
        "It was cut or changed",
    ]
    assert wording.declared({}) == []


def test_money_is_grouped_and_names_its_currency() -> None:
    assert wording.money({"amount": "1234567.50", "currency": "GBP"}) == "1,234,567.50 GBP"
    assert wording.money({"amount": "3200.00", "currency": "CNY"}) == "3,200 yuan"
