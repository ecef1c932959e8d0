"""The questions of the steps: what they take, what they refuse, and that nothing typed is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from complaints.drafts.questions import (
    FORMS,
    ActForm,
    ConductForm,
    CourtForm,
    EvidenceForm,
    NamesForm,
    PartiesForm,
    ReachForm,
    StoryForm,
    WhoForm,
    WishesForm,
)
from complaints.drafts.questions.fields import Amount, Lines, Times, WhenField
from complaints.forms.base import Step, Words
from complaints.models import Exhibit
from complaints.reference import choices as reference_choices
from complaints.reference import conduct
from complaints.reference.wishes import PAID, WISHES
from evidence.models import EvidenceItem
from tests.support import pages

pytestmark = pytest.mark.django_db  # a text that could hold a code is looked up

NAMED = {"lender": "A", "platform": "B", "agency": "C"}
FITTING: dict[type[Step], dict[str, Any]] = {
    **{FORMS[step]: given for step, given in pages.ANSWERS.items() if step in FORMS},
    ActForm: {"channel": "call"},
}
HOSTILE = [
    "😀👨‍👩‍👧",
    "مرحبا \u200fRTL\u202e",
    "<script>alert(1)</script>",
    "'; DROP TABLE x; --",
    "%s %(x)s {{ y }}",
]


def text_fields() -> list[tuple[type[Step], str]]:
    return [
        (form, name) for form in FITTING for name, field in form.base_fields.items() if isinstance(field, Words)
    ]


def free_fields() -> list[tuple[type[Step], str]]:
    """Those that take any words, not only days and numbers."""
    read = (WhenField, Amount, Times)
    return [(form, name) for form, name in text_fields() if not isinstance(form.base_fields[name], read)]


# Every text field


@pytest.mark.parametrize("form", FITTING)
def test_what_is_posted_in_the_walks_is_taken(form: type[Step]) -> None:
    assert form(FITTING[form]).is_valid()


@pytest.mark.parametrize(("form", "field"), text_fields())
def test_a_megabyte_is_too_long_and_comes_back_whole(form: type[Step], field: str) -> None:
    filled = form({**FITTING[form], field: "长" * 1_000_000})
    assert "1,000,000 characters" in filled.errors[field][0]
    assert not filled.keepable()
    assert len(filled[field].value()) == 1_000_000


@pytest.mark.parametrize(("form", "field"), text_fields())
def test_control_characters_are_named_and_taken_out(form: type[Step], field: str) -> None:
    filled = form({**FITTING[form], field: "a\0b"})
    assert "invisible characters" in filled.errors[field][0]
    assert filled[field].value() == "ab"


@pytest.mark.parametrize(("form", "field"), free_fields())
@pytest.mark.parametrize("typed", HOSTILE)
def test_every_other_character_is_kept(form: type[Step], field: str, typed: str) -> None:
    if field == "email":
        return
    filled = form({**FITTING[form], field: typed})
    assert filled.is_valid(), filled.errors
    kept = filled.cleaned_data[field]
    assert kept == ([typed] if isinstance(form.base_fields[field], Lines) else typed)
    assert "<script>alert" not in str(filled)


@pytest.mark.parametrize("form", FITTING)
def test_an_empty_form_can_be_kept(form: type[Step]) -> None:
    assert form({}).keepable()
    assert form(form({}).answers()).keepable()


@pytest.mark.parametrize("form", FITTING)
def test_answers_survive_json_and_the_form_again(form: type[Step]) -> None:
    first = form(FITTING[form])
    assert first.is_valid()
    again = form(initial=first.answers())
    for name in form.base_fields:
        assert again[name].value() == again.fields[name].prepare_value(first.cleaned_data[name])


@pytest.mark.parametrize("form", FITTING)
def test_an_unknown_choice_is_refused(form: type[Step]) -> None:
    for name, field in form.base_fields.items():
        if isinstance(field, forms.ChoiceField):
            assert not form({**FITTING[form], name: ["no such thing"]}).keepable(), name


def test_no_field_cuts_what_is_pasted() -> None:
    for form in FITTING:
        assert "maxlength" not in str(form())


# Days and amounts


@pytest.mark.parametrize(
    ("form", "field", "typed", "sentence"),
    [
        (CourtForm, "court_on", "民国115年11月24日", "another calendar"),
        (CourtForm, "court_on", "2569-11-24", "another calendar"),
        (CourtForm, "court_on", "1447-05-01", "another calendar"),
        (CourtForm, "court_on", "2400-01-01", "too far away"),
        (CourtForm, "court_on", "2099-01-01", "too far away"),
        (CourtForm, "court_on", "11-12-26", "Write the full year first"),
        (CourtForm, "court_on", "11/12/2030", "If you mean Tuesday 12 November 2030, write 2030-11-12."),
        (CourtForm, "court_on", "11/12/2030", "If you mean Wednesday 11 December 2030, write 2030-12-11."),
        (CourtForm, "court_on", "大概2026-12-01", "you are sure of"),
        (CourtForm, "court_on", "2026-11-31", "no such date"),
        (CourtForm, "court_on", "next week", "cannot read this date"),
        (ActForm, "when", "2098-11-24 10:00", "is in the future"),
        (ActForm, "when", "2400-01-01", "too far away"),
        (ActForm, "when", "tomorrow", "is in the future"),
        (ActForm, "when", "晚上8点", "Which day was it?"),
        (ActForm, "when", "2024-11-20 晚上", "part of the day but no hour"),
        (ActForm, "when", "2024-11-20 下午0点", "does not match the part of the day"),
        (ActForm, "when", "Thursday, 20 Nov 2024", "This date is Wednesday 20 November 2024."),
        (ActForm, "when", "2024-11-20晚上12点", "00:00, in the night from Tuesday to Wednesday, write 2024-11-20"),
        (
            ActForm,
            "when",
            "2024-11-20晚上12点",
            "00:00, in the night from Wednesday to Thursday, write 2024-11-21",
        ),
        (ActForm, "when", "03/04/2024 8 o'clock", "in several ways"),
        (ActForm, "when", "大概2024-11-20", "you are sure of"),
        (ActForm, "when", "2026-11-20 late", "cannot read this time"),
        (WishesForm, "refund_amount", "three thousand", "cannot read this amount"),
        (WishesForm, "refund_amount", "-5", "cannot read this amount"),
        (WishesForm, "refund_amount", "1e9", "cannot read this amount"),
        (WishesForm, "refund_amount", "NaN", "cannot read this amount"),
        (WishesForm, "refund_amount", "3.200,50", "cannot read this amount"),
        (WishesForm, "compensation_amount", "9" * 13, "cannot read this amount"),
        (WishesForm, "compensation_amount", "0.00", "Enter an amount"),
    ],
)
def test_what_cannot_be_read_says_so_and_comes_back(
    form: type[Step], field: str, typed: str, sentence: str
) -> None:
    filled = form({**FITTING[form], "court": "paper", field: typed})
    assert sentence in filled.errors[field][0]
    assert filled[field].value() == typed
    assert not filled.keepable()


@pytest.mark.parametrize("typed", ["2024-11-20 晚上8点左右", "around 8 pm on 20 Nov 2024"])
def test_a_time_that_is_said_to_be_rough_is_kept_as_rough(typed: str) -> None:
    form = ActForm({"when": typed})
    assert form.is_valid()
    assert form.act() == {"when": "2024-11-20 20:00", "precision": "about"}


def test_a_field_that_cannot_keep_it_as_rough_asks_again() -> None:
    with pytest.raises(ValidationError, match="you are sure of"):
        WhenField().clean("2024-11-20 晚上8点左右")


def test_an_hour_that_the_clocks_left_out_is_asked_again(settings: Any) -> None:
    settings.TIME_ZONE = "America/New_York"
    assert "clocks went forward" in ActForm({"when": "2024-03-10 02:30"}).errors["when"][0]
    assert ActForm({"when": "2024-11-03 01:30"}).is_valid()  # they had this one twice


def test_a_court_may_name_a_day_that_is_still_to_come() -> None:
    day = timezone.localdate().replace(year=timezone.localdate().year + 1, day=1)
    form = CourtForm({"court": "paper", "court_on": f"{day:%Y年%m月%d日}"})
    assert form.is_valid()
    assert form.cleaned_data["court_on"] == day.isoformat()


def test_a_day_beside_a_no_is_asked_about_and_lost_in_neither_case() -> None:
    form = CourtForm({"court": "none", "court_on": "2026-12-01"})
    assert list(form.errors) == ["court"]
    assert form.keepable()
    assert form.answers()["court_on"] == "2026-12-01"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("3200", "3200.00"),
        ("3,200.5", "3200.50"),
        ("1 000 000", "1000000.00"),
        ("￥3200元", "3200.00"),
        ("３２００", "3200.00"),
        ("$15.99", "15.99"),
        ("人民币３，２００．５０元整", "3200.50"),
        ("RMB3200", "3200.00"),
        ("3200 CNY", "3200.00"),
        ("（3200\u200b）。", "3200.00"),
        ("金额：3'200.-", "3200.00"),
        ("", ""),
    ],
)
def test_an_amount_may_be_written_as_people_write_it(typed: str, kept: str) -> None:
    form = WishesForm({"refund_amount": typed})
    assert form.is_valid()
    assert form.cleaned_data["refund_amount"] == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("mei@example.org\u200b", "mei@example.org"),
        ("mei@example.org，", "mei@example.org"),
        ("mei＠example．org", "mei@example.org"),
        (" <mei@example.org>;", "mei@example.org"),
        ("Mei <mei@example.org>", "mei@example.org"),
        ("E-mail: mei @ example.org.", "mei@example.org"),
        ("邮箱：ｍｅｉ＠ｅｘａｍｐｌｅ．ｏｒｇ。", "mei@example.org"),
        ("mei@example。org", "mei@example.org"),
        ("mei@example.org（工作）", "mei@example.org"),
        ("mei@example.org (at work)", "mei@example.org"),
        ("mei @ example . org", "mei@example.org"),
        ("my.name@example.org", "my.name@example.org"),
        ("is@example.org", "is@example.org"),
        ("O'Neil@example.org", "O'Neil@example.org"),
        ("first–last@example.org", "first-last@example.org"),
    ],
)
def test_an_address_is_kept_without_what_nobody_means(typed: str, kept: str) -> None:
    form = ReachForm({"email": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["email"] == kept


@pytest.mark.parametrize(
    "typed", ["mei@example", "mei example.org", "@example.org", "mei@example.org wei@example.org"]
)
def test_what_is_no_address_is_refused_as_before(typed: str) -> None:
    assert not ReachForm({"email": typed}).is_valid()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("电话：１３８ 0013 8000。", "138 0013 8000"),
        ("138–0013–8000", "138-0013-8000"),
        ("tel. +44 (0)7946 012300", "+44 (0)7946 012300"),
        ("（0571）8888 0001", "(0571)8888 0001"),
        ("（138 0013 8000）\ufeff", "138 0013 8000"),
        ("my sister's, after six", "my sister's, after six"),
        ("", ""),
    ],
)
def test_a_number_is_kept_without_what_nobody_means(typed: str, kept: str) -> None:
    form = ReachForm({"phone": typed})
    assert form.is_valid()
    assert form.cleaned_data["phone"] == kept


@pytest.mark.parametrize(("language", "own"), [("en", {"me", "my", "I"}), ("zh-hans", {"我"})])
def test_records_and_repayment_are_not_said_to_be_of_the_person_who_files(language: str, own: set[str]) -> None:
    """A sister or a colleague who was called is asked the same."""
    with translation.override(language):
        for wish in (str(WISHES["correction"]), str(WISHES["plan"])):
            assert own.isdisjoint(wish.split() if language == "en" else wish)


def test_an_amount_says_by_itself_that_it_is_wanted() -> None:
    form = WishesForm({"wishes": ["stop"], "refund_amount": "20"})
    assert form.is_valid()
    assert form.cleaned_data["wishes"] == ["stop", "refund"]
    assert form.cleaned_data["currency"] == "CNY"
    assert set(PAID) <= set(WISHES)


# Who, against whom, how to reach them


def test_the_relation_to_the_debt_and_a_name_may_stay_open() -> None:
    assert WhoForm({}).is_valid()
    assert all(WhoForm({"relation": relation}).is_valid() for relation in reference_choices.Relation)


def test_only_who_collects_is_needed_and_it_may_be_unknown() -> None:
    assert PartiesForm(NAMED).is_valid()
    assert PartiesForm({"agency": "A"}).is_valid()
    assert PartiesForm({"agency_unknown": "on"}).is_valid()
    assert list(PartiesForm({"lender": "A", "platform": "B"}).errors) == ["agency"]


def test_a_name_counts_even_when_the_box_is_ticked_too() -> None:
    form = PartiesForm({"agency": "A", "agency_unknown": "on"})
    assert form.is_valid()
    assert form.cleaned_data["agency"] == "A"
    assert form.cleaned_data["agency_unknown"] is False


def test_numbers_may_be_in_one_line_between_commas() -> None:
    form = PartiesForm({**NAMED, "numbers": "0571 8888 0001，138 0013 8000、微信：某某; 95588,0571 8888 0001"})
    assert form.is_valid()
    assert form.cleaned_data["numbers"] == ["0571 8888 0001", "138 0013 8000", "微信：某某", "95588"]
    form = PartiesForm({**NAMED, "numbers": "某某，某某公司\n微信：小张, 138 0013 8000"})
    assert form.is_valid()
    assert form.cleaned_data["numbers"] == ["某某，某某公司", "微信：小张", "138 0013 8000"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800138000/13900139000", ["13800138000", "13900139000"]),
        ("13800138000和13900139000", ["13800138000", "13900139000"]),
        ("13900139000 02112345678", ["13900139000", "02112345678"]),
        ("95188 95533", ["95188", "95533"]),
        ("138 0013 8000", ["138 0013 8000"]),
        ("0571 88880001", ["0571 88880001"]),
        ("13800 138000", ["13800 138000"]),
        ("张三和李四", ["张三和李四"]),
    ],
)
def test_whole_numbers_beside_each_other_are_several(typed: str, kept: list[str]) -> None:
    form = PartiesForm({**NAMED, "numbers": typed})
    assert form.is_valid()
    assert form.cleaned_data["numbers"] == kept


@pytest.mark.parametrize(
    "typed",
    [
        "2030-12-09上午9点",
        "2030-12-09 09:30",
        "2030年12月9日上午9时30分",
        "2030-12-09(周一)上午9点",
        "2030年12月9日9:30开庭",
        "9 December 2030 at 9:30",
    ],
)
def test_the_hour_of_a_court_is_kept_beside_its_day(typed: str) -> None:
    form = CourtForm({"court": "paper", "court_on": typed, "court_note": "某某法院"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["court_on"] == "2030-12-09"
    assert form.cleaned_data["court_note"] == f"{typed}\n某某法院"


def test_numbers_are_one_a_line_and_each_once() -> None:
    form = PartiesForm({**NAMED, "numbers": " 0571 8888 0001 \r\n\n微信：某某\n0571 8888 0001"})
    assert form.is_valid()
    assert form.cleaned_data["numbers"] == ["0571 8888 0001", "微信：某某"]


@pytest.mark.parametrize(
    ("typed", "sentence"), [("\n".join(map(str, range(101))), "there are 101"), ("长" * 61, "“长长长")]
)
def test_too_many_numbers_and_too_long_ones_are_said(typed: str, sentence: str) -> None:
    form = PartiesForm({**NAMED, "numbers": typed})
    assert sentence in form.errors["numbers"][0]
    assert form["numbers"].value() == typed


def test_all_fifteen_kinds_are_asked_and_a_story_has_its_own_page() -> None:
    assert len(ConductForm.base_fields["conduct"].choices) == len(conduct.KINDS) == 15  # type: ignore[attr-defined]
    assert set(StoryForm.base_fields) == {"story"}
    assert StoryForm({"story": "长" * 20_000}).is_valid()
    assert not StoryForm({"story": ""}).is_valid()
    assert StoryForm({"story": ""}, spoken=True).is_valid()


def test_nothing_is_needed_to_reach_somebody_who_does_not_want_to_be_reached() -> None:
    for form in (ReachForm({}), NamesForm({}), WishesForm({})):
        assert form.is_valid()
    assert ReachForm({"contact_note": "x"}).is_valid()


def test_a_mistyped_address_is_said() -> None:
    assert "name@example.com" in ReachForm({"email": "mei at example"}).errors["email"][0]
    assert ReachForm({"email": "mei@example.org"}).is_valid()


@pytest.mark.parametrize(("way", "address"), [("email", "email"), ("sms", "phone")])
def test_news_needs_an_address_to_go_to(way: str, address: str) -> None:
    form = ReachForm({"notify": [way]})
    assert "untick the box" in form.errors[address][0]
    assert form.keepable()
    typed = {"email": "mei@example.org", "phone": "138 0013 8000"}
    assert ReachForm({"notify": [way], address: typed[address]}).is_valid()


@pytest.mark.parametrize(
    "typed", ["不知道", "1381234567", "138123456789", "12块5", "010 6512 3456", "13800138000 晚上"]
)
def test_text_messages_need_a_number_at_which_they_arrive(typed: str) -> None:
    form = ReachForm({"notify": ["sms"], "phone": typed})
    assert "not one of a mobile phone" in form.errors["phone"][0]
    assert ReachForm({"notify": [], "phone": typed}).is_valid()


@pytest.mark.parametrize(
    "typed",
    ["13800138000", "+86 138-0013-8000", "电话：１３８００１３８０００", "+44 (0)7946 012300", "19912340000"],
)
def test_a_mobile_number_is_taken_for_them_however_it_is_written(typed: str) -> None:
    assert ReachForm({"notify": ["sms"], "phone": typed}).is_valid()


def test_who_may_see_the_name_is_nobody_unless_somebody_says_yes() -> None:
    form = NamesForm({})
    assert form.is_valid()
    assert form.cleaned_data == {"lender": "no"}


# One act of collection


def act(**said: str) -> dict[str, Any]:
    form = ActForm(said)
    assert form.is_valid(), form.errors
    return form.act()


def test_an_act_keeps_only_what_was_said() -> None:
    assert act() == {}
    assert act(about="on") == {}
    assert act(channel="sms", number=" 10690 ") == {"channel": "sms", "number": "10690"}


@pytest.mark.parametrize(
    ("said", "precision"),
    [
        ({"when": "2026-11-20 23:41"}, "exact"),
        ({"when": "2026-11-20 23:41", "about": "on"}, "about"),
        ({"when": "2026-11-20"}, "day"),
        ({"when": "2026-11-20", "about": "on"}, "day"),
    ],
)
def test_how_exact_the_time_is_follows_from_what_was_written(said: dict[str, str], precision: str) -> None:
    assert act(**said)["precision"] == precision


# What is said of files


def an_exhibit(pk: int, kind: str, **declared: str) -> Exhibit:
    return Exhibit(pk=pk, item=EvidenceItem(kind=kind, name="x"), declared=declared)


def of_files(
    typed: dict[str, str] | None, *exhibits: Exhibit, originals: dict[str, str] | None = None
) -> EvidenceForm:
    return EvidenceForm(typed, exhibits=exhibits, originals=originals or {})


def test_recordings_are_asked_more_than_pictures() -> None:
    form = of_files(None, an_exhibit(1, "audio"), an_exhibit(2, "image"), an_exhibit(3, "video"))
    asked = {name for name in form.fields if name.startswith("present")}
    assert asked == {"present_1", "present_3"}
    assert {"captured_1", "captured_2", "original_letter", "original_phone"} <= set(form.fields)


def test_no_answer_about_a_recording_is_refused() -> None:
    for fact, choices in reference_choices.FACT_CHOICES.items():
        for choice in choices.values:
            form = of_files({f"{fact}_1": choice}, an_exhibit(1, "audio"))
            assert form.is_valid()
            assert form.of(form.exhibits[0], fact) == {fact: choice}


def test_what_the_page_did_not_ask_is_not_answered_with_nothing() -> None:
    form = of_files({"description_1": "A call"}, an_exhibit(1, "audio"), an_exhibit(2, "image"))
    assert form.is_valid()
    assert form.of(form.exhibits[0], "description", "captured") == {"description": "A call"}
    assert form.of(form.exhibits[1], "description") == {}
    assert form.originals() == {}


def test_a_wrong_answer_leaves_the_others_savable() -> None:
    form = of_files({"captured_1": "2569-01-01", "description_1": "A call"}, an_exhibit(1, "audio"))
    assert not form.is_valid()
    assert form.of(form.exhibits[0], "description", *reference_choices.FACTS) == {"description": "A call"}


def test_who_keeps_the_originals_is_told_by_kind() -> None:
    form = of_files({"original_letter": "my sister", "original_phone": ""})
    assert form.is_valid()
    assert form.originals() == {"letter": "my sister", "phone": ""}


def test_the_answers_about_a_file_are_filled_in_again() -> None:
    form = of_files(None, an_exhibit(1, "audio", present="yes"), originals={"phone": "I"})
    assert form["present_1"].value() == "yes"
    assert form["original_phone"].value() == "I"


def test_what_has_not_come_yet_anywhere_on_earth_is_no_act() -> None:
    now = timezone.localtime().replace(tzinfo=None)
    field = WhenField(label="When", timed=True)
    assert field.clean(f"{now + timedelta(hours=13):%Y-%m-%d %H:%M}")
    with pytest.raises(ValidationError, match="is in the future"):
        field.clean(f"{now + timedelta(hours=15):%Y-%m-%d %H:%M}")
