"""One part of a draft is written, and nothing that its writer has not seen."""

import pytest

from complaints.drafts import drafts, saving
from complaints.models import Draft

pytestmark = pytest.mark.django_db


def test_the_same_answers_have_the_same_mark_in_any_order() -> None:
    assert saving.mark({"a": "1", "b": ["x"]}) == saving.mark({"b": ["x"], "a": "1"})
    assert saving.mark({"a": "1"}) != saving.mark({"a": "2"})


@pytest.mark.parametrize(
    ("kept", "new", "seen", "held"),
    [
        ({"story": "one"}, {"story": "two"}, {"story": "one"}, False),
        ({"story": "one"}, {"story": "two"}, {}, True),
        ({"story": "two"}, {"story": "two"}, {}, False),  # a doubled click
        ({}, {"story": "two"}, {}, False),
    ],
)
def test_only_a_field_that_was_changed_elsewhere_stops_a_save(
    kept: dict[str, str], new: dict[str, str], seen: dict[str, str], held: bool
) -> None:
    try:
        saving.check_seen(kept, new, saving.mark(seen))
    except saving.ChangedMeanwhile as other:
        assert other.kept == kept
        assert held
    else:
        assert not held


@pytest.mark.parametrize("seen", [None, ""])
def test_a_save_without_a_mark_is_not_stopped(seen: str | None) -> None:
    saving.check_seen({"story": "one"}, {"story": "two"}, seen)


def test_a_refused_save_leaves_the_draft_as_it_was() -> None:
    draft, _code = drafts.begin("en")
    drafts.save(draft, "story", {"story": "one"}, seen=saving.mark({}))
    with pytest.raises(saving.ChangedMeanwhile):
        drafts.save(draft, "story", {"story": "two"}, seen=saving.mark({}))
    assert Draft.objects.get().answers == {"story": {"story": "one"}}


def test_the_draft_in_hand_has_what_the_database_has() -> None:
    draft, code = drafts.begin("en")
    drafts.save(drafts.find(code), "wishes", {"wishes": []})
    drafts.save(draft, "story", {"story": "one"})
    assert draft.answers == {"wishes": {"wishes": []}, "story": {"story": "one"}}
    assert draft.saved_at == Draft.objects.get().saved_at
