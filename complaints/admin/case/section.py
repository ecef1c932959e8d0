"""The base of all sections of the case page: the case, who reads it, and what they may do now.

A section is one object. The file named after it prepares it, and its template gets this object and nothing else,
so that no section depends on another.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from django import forms
from django.contrib.messages.storage.base import Message

from complaints.admin.timeline import TimelineRow
from complaints.cases import lifecycle
from complaints.models import Case, Exhibit, StaffMember

AnyForm = TypeVar("AnyForm", bound=forms.Form)


@dataclass(frozen=True)
class Opened:
    """A case and the member of the office who has it open."""

    case: Case
    user: StaffMember
    came_from: str  # the query string that names the queue they came from
    offered: list[str]  # steps that they may take now
    people: list[StaffMember]  # those who can be given a task; empty if the reader may not act
    exhibits: list[Exhibit]
    timeline_rows: list[TimelineRow]  # the case's history, newest first
    form: forms.Form | None = None  # a refused form
    done: list[Message] = field(default_factory=list)  # sentences that say what a step did

    @cached_property
    def kinds(self) -> set[str]:
        """The kinds of the case's ledger entries. Tables are queried only if they have an entry."""
        return {row.kind for row in self.timeline_rows}

    @cached_property
    def steps(self) -> list[str]:
        """Those of `offered` that bring the case to another state."""
        return lifecycle.leading_on(self.offered)

    @property
    def may_act(self) -> bool:
        """Whether the reader may act on the case. Those who may have at least one step in every state."""
        return bool(self.offered)

    def mended(self, kind: type[AnyForm]) -> AnyForm | None:
        """The refused form, if it is of this kind."""
        return self.form if isinstance(self.form, kind) else None


@dataclass(frozen=True)
class Section:
    """One section of the page."""

    opened: Opened

    @property
    def case(self) -> Case:
        return self.opened.case

    @property
    def came_from(self) -> str:
        return self.opened.came_from

    @property
    def ids(self) -> list[str]:
        """The ids of its elements in which a sentence can say what a step did."""
        return []

    @property
    def said(self) -> dict[str, list[Message]]:
        """The sentences to show now, by the ids of the elements in which they are."""
        return {name: [one for one in self.opened.done if one.extra_tags == name] for name in self.ids}

    @property
    def steps(self) -> list[str]:
        return self.opened.steps

    @property
    def may_act(self) -> bool:
        return self.opened.may_act
