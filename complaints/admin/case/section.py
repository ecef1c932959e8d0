"""What every section of the case page knows: which case, who has it open, and what they may do now.

A section is one object. The room's file of the same idea prepares it, and its template gets it whole and nothing
else: no template of a section reads what another section shows.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from django import forms

from complaints.admin.timeline import TimelineRow
from complaints.cases import lifecycle
from complaints.models import Case, Exhibit, StaffMember

AnyForm = TypeVar("AnyForm", bound=forms.Form)


@dataclass(frozen=True)
class Opened:
    """A case as one member of the office has it open."""

    case: Case
    user: StaffMember
    came_from: str  # the queue they came from, as the end of an address
    offered: list[str]  # the steps they may take now
    people: list[StaffMember]  # who can be given a task of the case; nobody where the reader may not act
    exhibits: list[Exhibit]
    timeline_rows: list[TimelineRow]  # the case's history, newest first
    form: forms.Form | None = None  # one that came back to be mended

    @cached_property
    def kinds(self) -> set[str]:
        """The kinds of the case's ledger entries: what has no entry is not looked for in the database."""
        return {row.kind for row in self.timeline_rows}

    @cached_property
    def steps(self) -> list[str]:
        """Those of `offered` that lead the case on."""
        return lifecycle.leading_on(self.offered)

    @property
    def may_act(self) -> bool:
        """In every state there is some step for those who may act."""
        return bool(self.offered)

    def mended(self, kind: type[AnyForm]) -> AnyForm | None:
        """The form that came back, where it is of this kind."""
        return self.form if isinstance(self.form, kind) else None


@dataclass(frozen=True)
class Section:
    """One part of the page. What it shows besides is in the fields of each."""

    opened: Opened

    @property
    def case(self) -> Case:
        return self.opened.case

    @property
    def came_from(self) -> str:
        return self.opened.came_from

    @property
    def steps(self) -> list[str]:
        return self.opened.steps

    @property
    def may_act(self) -> bool:
        return self.opened.may_act
