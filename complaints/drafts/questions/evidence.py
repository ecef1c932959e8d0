"""The forms about files: what each file shows, and who keeps the physical originals."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy

from complaints.forms.base import Step, Words
from complaints.models import Exhibit
from complaints.reference import choices
from evidence.models import Kind

from .fields import WhenField, one_of

SHOWS = gettext_lazy("What is it? (optional)")
RECORDINGS = (Kind.AUDIO, Kind.VIDEO)


@dataclass(frozen=True)
class Row:
    """One file on the page, with its fields. `filled` if a fact is declared or has an error."""

    exhibit: Exhibit
    shows: BoundField
    facts: list[BoundField]
    filled: bool
    recorded: bool  # it is a recording, which has more questions

    @property
    def wrong(self) -> bool:
        """Whether an answer must be corrected."""
        return any(field.errors for field in (self.shows, *self.facts))


def facts_asked(exhibit: Exhibit) -> list[str]:
    """The names of choices.FACTS that are asked about this file."""
    recorded = exhibit.item.kind in RECORDINGS
    return [fact for fact in choices.FACTS if recorded or fact not in choices.OF_RECORDINGS]


def _field(fact: str, initial: str) -> forms.Field:
    label = choices.FACTS[fact]
    if fact in choices.FACT_CHOICES:
        return one_of(label, choices.FACT_CHOICES[fact].choices, initial=initial)
    example = gettext_lazy("For example 2026-11-20 23:41, or just the date.")
    return WhenField(label=label, help_text=example, initial=initial)


class FilesForm(Step):
    """Asks what each file shows and where it comes from."""

    def __init__(self, *args: Any, exhibits: Iterable[Exhibit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.exhibits = list(exhibits)
        for exhibit in self.exhibits:
            self.fields[f"description_{exhibit.pk}"] = Words(label=SHOWS, most=500, initial=exhibit.description)
            for fact in facts_asked(exhibit):
                self.fields[f"{fact}_{exhibit.pk}"] = _field(fact, exhibit.declared.get(fact, ""))

    def of(self, exhibit: Exhibit, *names: str) -> dict[str, str]:
        """The valid answers to these questions about the file. Questions that the page did not have are left out,
        because the file may be newer than the page."""
        return self._valid({name: f"{name}_{exhibit.pk}" for name in names})

    def rows(self) -> Iterator[Row]:
        for exhibit in self.exhibits:
            asked = facts_asked(exhibit)
            facts = [self[f"{fact}_{exhibit.pk}"] for fact in asked]
            filled = bool(exhibit.declared) or any(field.errors for field in facts)
            yield Row(exhibit, self[f"description_{exhibit.pk}"], facts, filled, "present" in asked)

    def _valid(self, keys: dict[str, str]) -> dict[str, str]:
        asked = {name: key for name, key in keys.items() if key in self.data}
        return {name: self.cleaned_data[key] for name, key in asked.items() if key in self.cleaned_data}


class EvidenceForm(FilesForm):
    """Asks about the files, and who keeps the physical originals."""

    def __init__(self, *args: Any, originals: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in choices.ORIGINALS.items():
            self.fields[f"original_{kind}"] = Words(label=label, most=300, initial=originals.get(kind, ""))

    def originals(self) -> dict[str, str]:
        """Kind of original -> who keeps it and where; valid answers only."""
        return self._valid({kind: f"original_{kind}" for kind in choices.ORIGINALS})
