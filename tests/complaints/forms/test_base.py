"""What all forms of the borrower share."""

import pytest

from complaints.forms.base import CodeForm, Step, Words

pytestmark = pytest.mark.django_db  # a text that could hold a code is looked up


class Note(Step):
    title = Words(label="Title", most=20, required=True)
    text = Words(label="Text", most=20_000, lines=4)


def test_what_is_only_left_out_can_be_kept_unfinished() -> None:
    form = Note({"text": "They called at night."})
    assert not form.is_valid()
    assert form.keepable()
    assert form.answers() == {"text": "They called at night.", "unfinished": True}


def test_what_cannot_be_kept_is_not_kept() -> None:
    assert not Note({"title": "x" * 21}).keepable()
    assert not Note({"title": "x", "text": "a\0b"}).keepable()


@pytest.mark.parametrize("typed", ["\u200b", " \u202e\u2060 ", "\u2063\u3000\u200b"])
def test_invisible_characters_alone_are_no_text(typed: str) -> None:
    form = Note({"title": typed})
    assert "invisible characters" in form.errors["title"][0]
    assert form["title"].value() == ""


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\x9f"])
def test_control_characters_are_named_and_taken_out(character: str) -> None:
    form = Note({"title": "x", "text": f"They{character} called"})
    assert "invisible characters" in form.errors["text"][0]
    assert form["text"].value() == "They called"
    assert Note({"title": "x", "text": form["text"].value()}).is_valid()


@pytest.mark.parametrize(
    "text", ["😀👨‍👩‍👧", "مرحبا \u200fRTL", "<script>alert(1)</script>", "'; DROP TABLE x; --", "一\t二\n三"]
)
def test_everything_else_is_kept_as_it_was_typed(text: str) -> None:
    form = Note({"title": "x", "text": text})
    assert form.is_valid()
    assert form.cleaned_data["text"] == text


def test_lines_end_alike_whatever_the_browser_sends() -> None:
    form = Note({"title": "x", "text": "one\r\ntwo\rthree"})
    assert form.is_valid()
    assert form.cleaned_data["text"] == "one\ntwo\nthree"


def test_an_error_stands_at_its_field_and_names_it_to_screen_readers() -> None:
    page = str(Note({"text": "x"}))
    assert '<div id="id_title_error" class="invalid-feedback"><p>' in page
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_title_error"' in page


def test_markup_in_what_was_typed_stays_text() -> None:
    assert "<script>" not in str(Note({"title": "<script>", "text": "</textarea><script>"}))


@pytest.mark.parametrize(
    "typed", ["7kq4m2xt9rdvhc3wp8na", " 7KQ4-M2XT-9RDV-HC3W-P8NA ", "7KQ4　M2XT　9RDV　HC3W　P8NA"]
)
def test_a_code_may_be_typed_in_any_way(typed: str) -> None:
    form = CodeForm({"code": typed}, label="Code")
    assert form.is_valid()
    assert form.cleaned_data["code"] == "7KQ4 M2XT 9RDV HC3W P8NA"


@pytest.mark.parametrize("typed", ["", "7KQ4", "7KQ4 M2XT 9RDV HC3W P8N\0", "U" * 20, "7" * 1_000_000])
def test_a_text_that_cannot_be_a_code_is_refused(typed: str) -> None:
    assert CodeForm({"code": typed}, label="Code").errors["code"]


def test_a_form_is_drawn_by_crispy_where_a_page_still_asks_for_it() -> None:
    from crispy_forms.utils import render_crispy_form

    assert 'name="title"' in render_crispy_form(Note())
