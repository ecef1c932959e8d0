"""Fields that read what people type freely: lines, days and times, amounts of money."""

import re
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import digits
from complaints.forms.base import Words
from complaints.reference import amounts, local_time, numbers

from . import moments, spelling
from .unreadable import Unreadable

UNREADABLE: dict[str, Promise] = {
    "day": gettext_lazy("We cannot read this date. Write the year first, like 2026-11-24."),
    "time": gettext_lazy("We cannot read this time. Write it like 2026-11-24 23:41, or just the date."),
    "year_first": gettext_lazy("Write the full year first, like 2026-11-24."),
    "no_year": gettext_lazy("The year is missing. Write it first, like 2026-11-24."),
    "no_day": gettext_lazy("Which day was it? Write the day as well, like 2026-11-24 23:41."),
    "no_such_day": gettext_lazy("There is no such date. Please check the month and the day."),
    "no_such_hour": gettext_lazy(
        "The hour does not match the part of the day. Check both, or write it like 2026-11-24 23:41."
    ),
    "part": gettext_lazy(
        "This has a part of the day but no hour. Write roughly when it was, like 23:41, or just the date."
    ),
    "span": gettext_lazy(
        "Write only when it began, like 2026-11-24 20:00. How long it went on, say in your own words."
    ),
    "rough": gettext_lazy(
        "Write only a date and time you are sure of here, or leave it empty and say in your own words when it was."
    ),
    "calendar": gettext_lazy("This year is from another calendar. Write it like 2026-11-24."),
    "far": gettext_lazy("This year is too far away. Please check it."),
    "future": gettext_lazy("This date is in the future. Please check it."),
    "left_out": gettext_lazy("The clocks went forward then, so this time did not exist. Please check it."),
    "weekday": gettext_lazy("This date is %(day)s. Please check the date and the day of the week."),
    "readings": gettext_lazy(
        "This can be read in two ways. If you mean %(first)s, write %(one)s. If you mean %(second)s, write"
        " %(other)s."
    ),
    "many": gettext_lazy("This can be read in several ways. Write the day, and perhaps the time, like %(one)s."),
}


DAY = re.compile(r"\d{4}-\d\d-\d\d")
TIMES = re.compile(r"(?:个?(?:次|通|条|遍|回|电话)|个|times|calls|messages)\W*$")
AND_SOME = re.compile(r"(?<=[十百千万\d])[几多余來来幾]|\+(?=\D*$)")  # 十几次, 20多, 20+
MOST_TIMES = 9_999


class Lines(Words):
    """Several short texts, one on each line, or several on a line with a telephone number between
    commas. Cleaned to a list without duplicates."""

    def __init__(self, *, most_lines: int, most_a_line: int, **options: Any) -> None:
        super().__init__(most=most_lines * (most_a_line + 1), lines=3, **options)
        self.most_lines, self.most_a_line = most_lines, most_a_line

    def clean(self, value: Any) -> Any:
        typed = (each for line in super().clean(value).split("\n") for each in _between_commas(line))
        lines = [line.strip() for line in typed if line.strip()]
        if len(lines) > self.most_lines:
            counts = {"most": self.most_lines, "count": len(lines)}
            many = _(
                "You can write up to %(most)s lines here, and there are %(count)s. Write the rest in your story."
            )
            raise ValidationError(many, code="lines", params=counts)
        for line in lines:
            if len(line) > self.most_a_line:
                long = _("This line is too long: “%(line)s…”. Write one per line and nothing else.")
                raise ValidationError(long, code="long_line", params={"line": line[:20]})
        return list(dict.fromkeys(lines))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


def _between_commas(line: str) -> list[str]:
    parts = re.split("[,，、;；]", line)
    parts = parts if any(numbers.is_number(part, 3) for part in parts) else [line]
    return [one for part in parts for one in _beside_each_other(part.strip())]


def _beside_each_other(part: str) -> list[str]:
    """The numbers of a part that is nothing but whole numbers, with a blank, a stroke or an “and” between them."""
    found = re.split(r"\s*[/和及]\s*|\s+and\s+|\s+", part)
    whole = all(numbers.is_number(one, numbers.FEWEST) or numbers.is_of_a_service(one) for one in found)
    return found if whole else [part]


class WhenField(Words):
    """A day with or without a time. Cleaned to `2026-11-20` or `2026-11-20 23:41` in the office's time zone.

    `ahead` allows future times, `timed` a time of day, and `rough` words such as “around”, which the form must
    record itself.
    """

    def __init__(self, *, ahead: bool = False, timed: bool = True, rough: bool = False, **options: Any) -> None:
        super().__init__(most=100, attrs={"autocomplete": "off"}, **options)
        self.ahead, self.timed, self.rough = ahead, timed, rough

    def to_python(self, value: object) -> str:
        text = super().to_python(value)
        if not text.strip():
            return ""
        try:
            return self._read(text)
        except Unreadable as unreadable:
            raise ValidationError(_sentence(unreadable), code=unreadable.code) from None

    def _read(self, text: str) -> str:
        now = timezone.localtime().replace(tzinfo=None)
        kept = moments.spelled(*moments.read(text, now, ahead=self.ahead, timed=self.timed))
        if local_time.left_out(kept):
            raise Unreadable("left_out")
        if spelling.is_rough(text) and not self.rough:
            raise Unreadable("rough")
        return kept


class UntilField(WhenField):
    """Like WhenField, or only a time of day, which is kept as it was typed until the form knows the day."""

    def _read(self, text: str) -> str:
        try:
            return super()._read(text)
        except Unreadable as unreadable:
            if unreadable.code == "no_day":
                return text
            raise

    @classmethod
    def after(cls, first: str, typed: str) -> str:
        """The time `typed` as `first` is spelled. A time of day without a day is the next one after `first`."""
        if DAY.match(typed):
            return typed
        begun = local_time.moment(first).date()
        texts = [f"{begun + timedelta(days=days)} {typed}" for days in (0, 1)]
        behind = (one for text in texts for one in _meanings(text) if one >= first)
        return cls(rough=True).to_python(next(behind, texts[0]))


def _meanings(text: str) -> list[str]:
    """What a past time can mean, in order; empty if it cannot be read."""
    try:
        return [moments.spelled(*moments.read(text, timezone.localtime().replace(tzinfo=None)))]
    except Unreadable as unreadable:
        return [moments.spelled(*one) for one in unreadable.readings]


class Times(Words):
    """How many. Cleaned to a string such as `12`, or to an empty one for a single one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(most=20, attrs={"inputmode": "numeric", "autocomplete": "off"}, **options)

    def to_python(self, value: object) -> str:
        text = TIMES.sub("", spelling.without_rough(AND_SOME.sub("", super().to_python(value))).strip())
        number = digits.number((amounts.amount(text) or "").removesuffix(".00")) if text else 1
        if number is None or not 1 <= number <= MOST_TIMES:
            raise ValidationError(
                _("Write a number, like 12. If you are not sure, “about 12” is fine."), code="times"
            )
        return str(number) if number > 1 else ""


def _sentence(unreadable: Unreadable) -> str:
    """The error message. If there are several readings, it shows how to write them."""
    kept = [moments.spelled(*reading) for reading in unreadable.readings]
    in_words = [local_time.in_words(one) for one in kept]
    if len(kept) == 2:
        return str(UNREADABLE["readings"]) % dict(
            zip(("first", "second", "one", "other"), in_words + kept, strict=True)
        )
    if kept:
        return str(UNREADABLE["many"]) % {"one": kept[0]}
    day = local_time.in_words(unreadable.day.isoformat()) if unreadable.day else ""
    return str(UNREADABLE[unreadable.code]) % {"day": day}


class Amount(Words):
    """An amount of money. Cleaned to a string such as `3200.00`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(most=100, attrs={"inputmode": "decimal", "autocomplete": "off"}, **options)

    def to_python(self, value: object) -> str:
        amount = amounts.amount(super().to_python(value))
        if amount is None:
            raise ValidationError(
                _("We cannot read this amount. Write just the number, like 3200 or 3200.50."), code="amount"
            )
        if amount and not Decimal(amount):
            raise ValidationError(_("Enter an amount, or leave it empty."), code="amount")
        return amount


def one_of(label: Any, choices: Iterable[tuple[str, Any]], **options: Any) -> forms.ChoiceField:
    """A list from which one or nothing is chosen."""
    options.setdefault("required", False)
    return forms.ChoiceField(label=label, choices=[("", gettext_lazy("Choose (optional)")), *choices], **options)


def radios(label: Any, choices: Iterable[tuple[str, Any]], **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(choices), widget=forms.RadioSelect, **options)


def ticks(label: Any, choices: Iterable[tuple[str, Any]], **options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=list(choices), widget=forms.CheckboxSelectMultiple, **options
    )
