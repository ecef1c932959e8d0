"""What a draft holds, in words."""

from complaints.drafts.questions.fields import WhenField, one_of
from complaints.reference import choices
from complaints.views.draft.answers import worded


def test_only_a_moments_field_reads_a_text_as_a_moment() -> None:
    assert worded(WhenField(), "2026-11-20") == ["Friday 20 November 2026"]
    assert worded(None, "2026-11-20") == ["2026-11-20"]


def test_a_choice_is_told_by_its_label_and_an_unknown_one_by_itself() -> None:
    field = one_of("How?", choices.Channel.choices)
    assert worded(field, "visit") == ["Visit"]
    assert worded(field, "pigeon") == ["pigeon"]
    assert worded(field, "") == []
