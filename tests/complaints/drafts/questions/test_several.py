"""Several contacts in a row that the borrower writes as one: how many, from when until when."""

import pytest

from complaints.drafts.questions import ActForm

pytestmark = pytest.mark.django_db  # the fields look for codes

NINE = "2026-11-20 09:00"


@pytest.mark.parametrize(
    ("when", "times", "until", "kept"),
    [
        (NINE, "12", "21:30", ("12", "2026-11-20 21:30", "exact")),
        (NINE, "12次", "晚上9点半", ("12", "2026-11-20 21:30", "exact")),
        (NINE, "大概十二次", "", ("12", None, "exact")),
        (NINE, "12 calls", "about 21:30", ("12", "2026-11-20 21:30", "about")),
        ("2026-11-20 23:00", "5", "1:15", ("5", "2026-11-21 01:15", "exact")),
        ("2026-11-20 23:00", "5", "1点", ("5", "2026-11-21 01:00", "exact")),
        ("2026-11-20 20:00", "5", "10点", ("5", "2026-11-20 22:00", "exact")),
        ("2026-11-20 09:00", "5", "11点半", ("5", "2026-11-20 11:30", "exact")),
        ("2026-11-20", "30", "2026-11-24", ("30", "2026-11-24", "day")),
        ("2026-11-20", "30", "", ("30", None, "day")),
        (NINE, "12", "9:00", ("12", None, "exact")),
        (NINE, "1", "", (None, None, "exact")),
        ("", "12", "", ("12", None, None)),
    ],
)
def test_they_are_read_as_people_write_them(
    when: str, times: str, until: str, kept: tuple[str | None, ...]
) -> None:
    form = ActForm({"when": when, "times": times, "until": until})
    assert not form.errors
    act = form.act()
    assert (act.get("times"), act.get("until"), act.get("precision")) == kept


@pytest.mark.parametrize(
    ("when", "times", "kept"),
    [
        ("", "about 12", {"times": "12", "times_about": "yes"}),
        ("", "大约12次", {"times": "12", "times_about": "yes"}),
        (
            "2026-11-20",
            "about 12",
            {"when": "2026-11-20", "precision": "day", "times": "12", "times_about": "yes"},
        ),
        ("", "十几次", {"times": "10", "times_about": "yes"}),
        ("", "二十多次", {"times": "20", "times_about": "yes"}),
        ("", "20多", {"times": "20", "times_about": "yes"}),
        ("", "一百多个", {"times": "100", "times_about": "yes"}),
        ("", "20+", {"times": "20", "times_about": "yes"}),
        ("", "12", {"times": "12"}),
        ("", "about 1", {}),
    ],
)
def test_a_rough_number_stays_rough_with_or_without_a_time(when: str, times: str, kept: dict[str, str]) -> None:
    form = ActForm({"when": when, "times": times})
    assert form.is_valid() and form.act() == kept


@pytest.mark.parametrize(
    ("when", "times", "until", "field", "sentence"),
    [
        (NINE, "many", "", "times", "Write a number"),
        (NINE, "0", "", "times", "Write a number"),
        (NINE, "10000", "", "times", "Write a number"),
        (NINE, "2.5", "", "times", "Write a number"),
        (NINE, "", "21:30", "times", "how many there were"),
        ("", "12", "21:30", "until", "when the first one was"),
        ("2026-11-20", "12", "21:30", "until", "or for neither"),
        (NINE, "12", "2026-11-21", "until", "or for neither"),
        (NINE, "12", "2026-11-20 08:59", "until", "before the first"),
        (NINE, "12", "soon", "until", "cannot read this date"),
    ],
)
def test_what_does_not_fit_together_is_said_at_its_field(
    when: str, times: str, until: str, field: str, sentence: str
) -> None:
    form = ActForm({"when": when, "times": times, "until": until})
    assert [*form.errors] == [field]
    assert sentence in form.errors[field][0]
