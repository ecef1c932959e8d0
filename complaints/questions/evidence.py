"""What the borrower says of each file, and of the things behind the files."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from evidence.models import Kind

from .. import acts
from ..forms import Step, Words
from ..models import Exhibit
from .fields import Moment, one_of

SHOWS = gettext_lazy("What does it show? (optional)")
RECORDINGS = (Kind.AUDIO, Kind.VIDEO)


def facts_asked(exhibit: Exhibit) -> list[str]:
    """The names of acts.FACTS that are asked of this file."""
    recorded = exhibit.item.kind in RECORDINGS
    return [fact for fact in acts.FACTS if recorded or fact not in acts.OF_RECORDINGS]


def _field(fact: str, initial: str) -> forms.Field:
    label = acts.FACTS[fact]
    if fact in acts.FACT_CHOICES:
        return one_of(label, acts.FACT_CHOICES[fact].choices, initial=initial)
    example = gettext_lazy("For example 2026-11-20 23:41, or only the day.")
    return Moment(label=label, help_text=example, initial=initial)


class EvidenceForm(Step):
    """What each kept file shows and where it comes from; who keeps a letter, an envelope, a phone."""

    def __init__(self, *args: Any, exhibits: Iterable[Exhibit], originals: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.exhibits = list(exhibits)
        for exhibit in self.exhibits:
            self.fields[f"description_{exhibit.pk}"] = Words(label=SHOWS, most=500, initial=exhibit.description)
            for fact in facts_asked(exhibit):
                self.fields[f"{fact}_{exhibit.pk}"] = _field(fact, exhibit.declared.get(fact, ""))
        for kind, label in acts.ORIGINALS.items():
            self.fields[f"original_{kind}"] = Words(label=label, most=300, initial=originals.get(kind, ""))

    def of(self, exhibit: Exhibit, *names: str) -> dict[str, str]:
        """What can be kept of what was said under these names. What needs mending is left out, and what the page
        did not ask: a file may have come while it was open."""
        return self._said({name: f"{name}_{exhibit.pk}" for name in names})

    def originals(self) -> dict[str, str]:
        """Kind -> who keeps it and where, of those that can be kept."""
        return self._said({kind: f"original_{kind}" for kind in acts.ORIGINALS})

    def _said(self, keys: dict[str, str]) -> dict[str, str]:
        asked = {name: key for name, key in keys.items() if key in self.data}
        return {name: self.cleaned_data[key] for name, key in asked.items() if key in self.cleaned_data}
