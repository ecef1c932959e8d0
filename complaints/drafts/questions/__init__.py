"""The questions of a draft: one form for each page."""

from collections.abc import Mapping

from complaints.forms.base import Step

from .acts import TAKEN_OVER, ActForm
from .evidence import EvidenceForm
from .happened import ConductForm, CourtForm, StoryForm
from .parties import PartiesForm, WhoForm
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

__all__ = [
    "FORMS",
    "TAKEN_OVER",
    "ActForm",
    "ConductForm",
    "CourtForm",
    "EvidenceForm",
    "NamesForm",
    "PartiesForm",
    "ReachForm",
    "StoryForm",
    "WhoForm",
    "WishesForm",
]
