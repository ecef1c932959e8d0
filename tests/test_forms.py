from typing import Any

import pytest

from complaints import filing
from complaints.forms import FORMS, CodeForm, ContactForm, PartiesForm, StoryForm, WishesForm

NAMED = {"lender": "A", "platform": "B", "agency": "C"}


def test_each_organisation_is_named_or_not_known() -> None:
    assert PartiesForm(NAMED).is_valid()
    assert PartiesForm({f"{name}_unknown": "on" for name in filing.ORGANISATIONS}).is_valid()
    form = PartiesForm({"lender": "A", "agency_unknown": "on"})
    assert list(form.errors) == ["platform"]


def test_a_name_counts_even_when_the_box_is_ticked_too() -> None:
    form = PartiesForm({**NAMED, "lender_unknown": "on"})
    assert form.is_valid()
    assert form.cleaned_data["lender"] == "A"
    assert form.cleaned_data["lender_unknown"] is False


def test_what_is_only_left_out_can_be_kept_unfinished() -> None:
    form = StoryForm({"story": "They called at night."})
    assert not form.is_valid()
    assert form.keepable()
    assert form.answers() == {"story": "They called at night.", "unfinished": True}


def test_what_cannot_be_kept_is_not_kept() -> None:
    assert not StoryForm({"conduct": ["C99"], "story": "x"}).keepable()
    assert not StoryForm({"conduct": ["C01"], "story": "x" * 20_001}).keepable()


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\x9f"])
def test_control_characters_are_named_and_taken_out(character: str) -> None:
    form = StoryForm({"conduct": ["C01"], "story": f"They{character} called"})
    assert "invisible characters" in form.errors["story"][0]
    assert form["story"].value() == "They called"
    assert StoryForm({"conduct": ["C01"], "story": form["story"].value()}).is_valid()


@pytest.mark.parametrize(
    "text", ["😀👨‍👩‍👧", "مرحبا \u200fRTL", "<script>alert(1)</script>", "'; DROP TABLE x; --", "一\t二\n三"]
)
def test_everything_else_is_kept_as_it_was_typed(text: str) -> None:
    form = StoryForm({"conduct": ["C01"], "story": text})
    assert form.is_valid()
    assert form.cleaned_data["story"] == text


def test_lines_end_alike_whatever_the_browser_sends() -> None:
    form = StoryForm({"conduct": ["C01"], "story": "one\r\ntwo\rthree"})
    assert form.is_valid()
    assert form.cleaned_data["story"] == "one\ntwo\nthree"


@pytest.mark.parametrize(
    ("form", "field"),
    [(PartiesForm, "lender"), (StoryForm, "story"), (WishesForm, "other"), (ContactForm, "contact_note")],
)
def test_a_megabyte_is_too_long_and_comes_back_whole(form: type[Any], field: str) -> None:
    filled = form({**NAMED, "conduct": ["C01"], "story": "x", field: "长" * 1_000_000})
    assert "1,000,000 characters" in filled.errors[field][0]
    assert len(filled[field].value()) == 1_000_000


def test_a_full_story_fits() -> None:
    assert StoryForm({"conduct": ["C01"], "story": "长" * 20_000}).is_valid()


def test_nothing_is_needed_to_reach_somebody_who_does_not_want_to_be_reached() -> None:
    assert ContactForm({}).is_valid()
    assert WishesForm({}).is_valid()


def test_a_mistyped_address_is_said() -> None:
    assert "name@example.com" in ContactForm({"email": "mei at example"}).errors["email"][0]
    assert ContactForm({"email": "mei@example.org"}).is_valid()


def test_the_answers_of_each_step_survive_json_and_the_form_again() -> None:
    form = StoryForm({"conduct": ["C04", "C05"], "story": "night"})
    assert form.is_valid()
    again = StoryForm(initial=form.answers())
    assert again["conduct"].value() == ["C04", "C05"]
    assert again["story"].value() == "night"


def test_no_field_cuts_what_is_pasted() -> None:
    for form in FORMS.values():
        assert "maxlength" not in str(form())


@pytest.mark.parametrize(
    "typed", ["7kq4m2xt9rdvhc3wp8na", " 7KQ4-M2XT-9RDV-HC3W-P8NA ", "7KQ4　M2XT　9RDV　HC3W　P8NA"]
)
def test_a_code_may_be_typed_in_any_way(typed: str) -> None:
    form = CodeForm({"code": typed}, label="Code")
    assert form.is_valid()
    assert form.cleaned_data["code"] == "7KQ4 M2XT 9RDV HC3W P8NA"


@pytest.mark.parametrize("typed", ["", "7KQ4", "7KQ4 M2XT 9RDV HC3W P8N\0", "U" * 20, "7" * 1_000_000])
def test_what_cannot_be_a_code_is_said(typed: str) -> None:
    assert CodeForm({"code": typed}, label="Code").errors["code"]
