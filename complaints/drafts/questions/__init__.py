"""The questions of a draft: one form for each page, some in the words for the person who files."""

from collections.abc import Mapping
from typing import Any

from complaints.forms.base import Step
from complaints.reference.choices import Relation

from .acts import TAKEN_OVER, ActForm, OthersActForm
from .evidence import EvidenceForm
from .happened import (
    ActingConductForm,
    ConductForm,
    ContactedConductForm,
    CourtForm,
    DebtorsConductForm,
    StoryForm,
)
from .parties import OthersPartiesForm, PartiesForm, WhoForm
from .rest import NamesForm, ReachForm, WishesForm

FORMS: Mapping[str, type[Step]] = {
    "who": WhoForm,
    "parties": PartiesForm,
    "conduct": ConductForm,
    "court": CourtForm,
    "story": StoryForm,
    "wishes": WishesForm,
    "reach": ReachForm,
    "names": NamesForm,
}
FITTING: Mapping[tuple[str, str], type[Step]] = {  # step and relation to the debt
    ("parties", Relation.CONTACTED): OthersPartiesForm,
    ("parties", Relation.ACTING): OthersPartiesForm,
    ("conduct", Relation.DEBTOR): DebtorsConductForm,
    ("conduct", Relation.CONTACTED): ContactedConductForm,
    ("conduct", Relation.ACTING): ActingConductForm,
}


def form_for(step: str, answers: Mapping[str, Any]) -> type[Step]:
    """The form of a step of FORMS, in the words for the person who gave these answers."""
    return FITTING.get((step, _relation(answers)), FORMS[step])


def act_form(answers: Mapping[str, Any]) -> type[ActForm]:
    return OthersActForm if _relation(answers) in (Relation.CONTACTED, Relation.ACTING) else ActForm


def _relation(answers: Mapping[str, Any]) -> str:
    return str(answers.get("who", {}).get("relation", ""))


__all__ = [
    "FORMS",
    "TAKEN_OVER",
    "ActForm",
    "ConductForm",
    "CourtForm",
    "EvidenceForm",
    "NamesForm",
    "OthersActForm",
    "PartiesForm",
    "ReachForm",
    "StoryForm",
    "WhoForm",
    "WishesForm",
    "act_form",
    "form_for",
]
