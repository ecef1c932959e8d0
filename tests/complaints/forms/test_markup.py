"""The markup of form fields."""

import pytest
from django import forms

from complaints.drafts.questions import FORMS, ActForm
from complaints.drafts.questions.fields import one_of, radios, ticks
from complaints.forms import markup
from complaints.forms.base import Step, Words

pytestmark = pytest.mark.django_db  # a text that could hold a code is looked up

ABC = [("a", "A"), ("b", "<B>"), ("c", "C")]


class Every(Step):
    line = Words(label="Line <b>", most=10, help_text="A <hint>")
    text = Words(label="Text", most=10, lines=3)
    box = forms.BooleanField(label="Box", required=False)
    one = one_of("One", ABC)
    button = radios("Button", ABC, required=False)
    several = ticks("Several", ABC, required=False, help_text="Some")
    file = forms.FileField(label="File", required=False)


def drawn(name: str, **typed: object) -> str:
    return markup.field(Every(typed)[name] if typed else Every()[name])


def test_labels_hints_and_choices_are_text() -> None:
    for page in (drawn("line"), drawn("several"), drawn("one")):
        assert "<b>" not in page
        assert "<hint>" not in page
        assert "<B>" not in page


@pytest.mark.parametrize("typed", ['"><script>', "</textarea><script>", "'; --", "😀", "\u202ertl", "&amp;"])
@pytest.mark.parametrize("name", ["line", "text"])
def test_what_was_typed_is_text(name: str, typed: str) -> None:
    page = drawn(name, **{name: typed})
    assert "<script>" not in page
    assert "&amp;amp;" in page or "&amp;" not in typed


def test_every_control_has_a_label_that_names_it() -> None:
    for name in ("line", "text", "box", "one", "file"):
        assert f'<label for="id_{name}"' in drawn(name)
        assert f'id="id_{name}"' in drawn(name)
    for place in range(3):
        assert f'<label for="id_several_{place}"' in drawn("several")


def test_what_was_chosen_is_chosen_again() -> None:
    assert '<option value="b" selected>' in drawn("one", one="b")
    assert 'value="b" id="id_button_1" checked' in drawn("button", button="b")
    page = drawn("several", several=["a", "c"])
    assert page.count(" checked") == 2
    assert 'type="checkbox" checked' in drawn("box", box="on")
    assert " checked" not in drawn("box", line="x")


def test_a_field_without_a_value_has_nothing_chosen() -> None:
    for name in ("button", "several", "box"):
        assert " checked" not in drawn(name)
    assert '<option value="" selected>' in drawn("one")


def test_an_error_is_tied_to_its_control() -> None:
    page = drawn("line", line="x" * 11)
    assert 'aria-describedby="id_line_helptext id_line_error"' in page
    assert 'aria-invalid="true"' in page
    assert '<div id="id_line_error" class="invalid-feedback"><p>' in page
    assert drawn("several", several=["z"]).count('aria-invalid="true"') == 3
    assert 'aria-describedby="id_several_helptext' in drawn("several")


def test_the_first_line_of_a_text_survives_even_when_it_is_empty() -> None:
    assert ">\n\nindented</textarea>" in drawn("text", text="\nindented")


def test_other_controls_are_left_to_django() -> None:
    assert '<input type="file" name="file" class="form-control"' in drawn("file")


@pytest.mark.parametrize("form", [*FORMS.values(), ActForm])
def test_django_draws_the_same_fields_with_the_same_values(form: type[Step]) -> None:
    page = str(form())
    for bound in form():
        assert f'name="{bound.html_name}"' in page
        assert page.count(f'name="{bound.html_name}"') == bound.as_widget().count(f'name="{bound.html_name}"')
