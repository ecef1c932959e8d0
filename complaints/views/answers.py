"""What a draft holds, as the check page tells it back."""

from django.utils.translation import gettext as _

from .. import conduct, filing
from ..forms import FORMS
from ..models import Draft
from ..wishes import WISHES

Told = list[tuple[str, list[str]]]  # question, answers


def told(draft: Draft, step: str) -> Told:
    """The questions of a step with what was answered; an answer may have several lines."""
    tellers = {"parties": _parties, "story": _story, "evidence": _evidence, "wishes": _wishes, "contact": _contact}
    return tellers[step](draft)


def _label(step: str, field: str) -> str:
    return str(FORMS[step].base_fields[field].label)


def _parties(draft: Draft) -> Told:
    answers = draft.answers.get("parties", {})
    return [
        (
            _label("parties", name),
            [answers.get(name) or (_("I don’t know") if answers.get(f"{name}_unknown") else "")],
        )
        for name in filing.ORGANISATIONS
    ]


def _story(draft: Draft) -> Told:
    answers = draft.answers.get("story", {})
    kinds = [str(conduct.BY_CODE[code].label) for code in answers.get("conduct", []) if code in conduct.BY_CODE]
    return [(_label("story", "conduct"), kinds), (_label("story", "story"), [answers.get("story", "")])]


def _evidence(draft: Draft) -> Told:
    names = [
        f"{exhibit.item.display_name} ({exhibit.description})"
        if exhibit.description
        else exhibit.item.display_name
        for exhibit in draft.exhibits.select_related("item").order_by("pk")
    ]
    return [(_("Files"), names or [_("None. You can still file.")])]


def _wishes(draft: Draft) -> Told:
    answers = draft.answers.get("wishes", {})
    wanted = [str(WISHES[code]) for code in answers.get("wishes", []) if code in WISHES]
    return [(_label("wishes", "wishes"), [*wanted, *filter(None, [answers.get("other", "")])])]


def _contact(draft: Draft) -> Told:
    answers = draft.answers.get("contact", {})
    given = [
        (_label("contact", name), [answers[name]]) for name in FORMS["contact"].base_fields if answers.get(name)
    ]
    return given or [(_("Nothing given"), [_("You follow your complaint with the access code alone.")])]
