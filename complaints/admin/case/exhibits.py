"""The exhibits of a case. Copies are shown only during a visit, for which a reason was given."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from complaints.admin.forms import OriginalForm, ReleaseForm
from complaints.exhibits import showing
from complaints.models import Case, Exhibit
from complaints.staff import access
from evidence.models import Derivative
from evidence.viewing import transcripts

from . import visits
from .section import Opened, Section


@dataclass(frozen=True)
class Row:
    """One exhibit, what the desk may show of it now, and its newest transcript if it is open."""

    exhibit: Exhibit
    shown: showing.Viewing
    lines: list[transcripts.Line]

    @property
    def can_be_opened(self) -> bool:
        """Whether it has copies that are not open yet."""
        return self.shown.can_be_shown and not self.shown.urls


@dataclass(frozen=True)
class Exhibits(Section):
    """The section of the case page. `to_open` is how many exhibits have copies that are not open yet."""

    rows: list[Row]
    to_open: int
    original_form: OriginalForm
    release_form: ReleaseForm | None


def of_case(case: Case) -> QuerySet[Exhibit]:
    """The exhibits of the case in order, with everything that a page shows of them."""
    found = case.exhibits.select_related("item__seal", "item__inspection", "item__scan", "came_with")
    return found.prefetch_related("item__tokens", "item__derivatives").order_by("number")


def of(opened: Opened, request: HttpRequest) -> Exhibits:
    rows = rows_of(request, opened.exhibits)
    return Exhibits(
        opened,
        rows=rows,
        to_open=sum(row.can_be_opened for row in rows),
        original_form=OriginalForm(auto_id=False),
        release_form=ReleaseForm(auto_id=False) if access.may_release(opened.user, opened.case) else None,
    )


def rows_of(request: HttpRequest, exhibits: Iterable[Exhibit]) -> list[Row]:
    return [_row(exhibit, seen(request, exhibit)) for exhibit in exhibits]


def seen(request: HttpRequest, exhibit: Exhibit) -> showing.Viewing:
    """What the desk shows of an exhibit during this visit."""

    def address(made: Derivative) -> str:
        return reverse("admin:case_derivative", args=[exhibit.case_id, exhibit.number, made.pk])

    return showing.viewing(exhibit, address if visits.is_open(request, exhibit.item) else None)


def _row(exhibit: Exhibit, shown: showing.Viewing) -> Row:
    return Row(exhibit, shown, _typed_last(exhibit) if shown.transcripts and shown.urls else [])


def _typed_last(exhibit: Exhibit) -> list[transcripts.Line]:
    versions = [one for one in exhibit.item.derivatives.all() if one.kind == Derivative.Kind.TRANSCRIPT]
    newest = max(versions, key=lambda one: one.number)
    return transcripts.lines(transcripts.text(newest))
