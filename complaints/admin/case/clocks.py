"""Clocks at the desk: a section of the case page. All deadlines are in `queue/deadlines.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.admin.forms import KeyField, Text, WrittenForm
from complaints.admin.reading import reader
from complaints.admin.words import left, tag
from complaints.cases import extensions
from complaints.clocks import book as clock_book
from complaints.clocks import running
from complaints.clocks.book import Rule
from complaints.models import Case, Clock, Extension
from complaints.staff import access

from .section import Opened, Section

FORCES = {
    "law": gettext_lazy("law"),
    "dept_rule": gettext_lazy("rule of a ministry or regulator"),
    "practice": gettext_lazy("practice of a regulator"),
    "own": gettext_lazy("our own target"),
}
CONFIDENCES = {
    "official": gettext_lazy("read at the issuer"),
    "secondary": gettext_lazy("read in a secondary source"),
    "excerpt": gettext_lazy("read in an excerpt"),
    "unconfirmed": gettext_lazy("not confirmed"),
}


class ExtensionForm(WrittenForm):
    clock = KeyField()
    reasons = Text(
        label=gettext_lazy("Why is more time needed?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "This stays in the office. The borrower only sees the new date and the kind of reason."
        ),
    )


class ExtensionDecisionForm(WrittenForm):
    extension = KeyField()
    decision = forms.ChoiceField(
        label=gettext_lazy("Is there more time?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No, the date stays"))],
        widget=forms.RadioSelect,
    )
    reasons = Text(label=gettext_lazy("Why"), widget=forms.Textarea(attrs={"rows": 2}))


@dataclass(frozen=True)
class ClockRow:
    """One clock with its rule."""

    clock: Clock
    rule: Rule | None
    form: forms.Form | None = None  # the form to ask for more time, if the rule allows it
    step: clock_book.ExtensionRule | None = None

    @property
    def label(self) -> str:
        return str(self.rule.label) if self.rule else self.clock.name

    @property
    def state(self) -> SafeString:
        """The state of the clock as a coloured label."""
        clock = self.clock
        if clock.stopped_at:
            return tag("quiet", _("stopped"))
        if clock.met_at:
            return tag("amber", _("done, late")) if clock.is_late else tag("green", _("done in time"))
        if clock.paused_since:
            return tag("quiet", _("paused"))
        if clock.is_late:
            return tag("red", left(clock.due_at))
        return tag("amber" if clock.warned_at else "teal", left(clock.due_at))

    @property
    def source(self) -> str:
        """The force of the clock's rule and how its source was read, in words."""
        return _source(self.rule.force, self.rule.confidence) if self.rule else ""

    @property
    def may_move(self) -> bool:
        """Whether holidays that are not announced yet may still move the due date of a running clock."""
        if self.rule is None or not self.clock.is_running:
            return False
        return any(one.may_move(self.clock.due_at, clock_book.calendar()) for one in self.rule.limits.values())

    @property
    def paused_long(self) -> str:
        now, seconds = timezone.now(), self.clock.paused_seconds
        return timesince(now - timedelta(seconds=seconds), now) if seconds >= 60 else ""


def _source(force: str, confidence: str) -> str:
    return " · ".join(str(word) for word in (FORCES.get(force), CONFIDENCES.get(confidence)) if word)


@dataclass(frozen=True)
class Clocks(Section):
    """The section of the case page. `book` is the rules in force."""

    clocks: list[ClockRow]
    book: clock_book.Book
    extensions: list[tuple[Extension, forms.Form | None]]  # each with the form to decide on it, for those who may

    @property
    def ids(self) -> list[str]:
        return ["clocks"]


def of(opened: Opened) -> Clocks:
    """Prepare the section. A refused form is shown as it was sent."""
    case = opened.case
    put_off = Exists(Extension.objects.filter(clock=OuterRef("pk")))
    clocks: list[Any] = list(case.clocks.annotate(put_off=put_off))
    clocks.sort(key=lambda clock: (not clock.is_running, -clock.round, clock.due_at))
    book = clock_book.in_force()
    extended = any(clock.put_off for clock in clocks)
    asked = list(case.extensions.select_related("asked_by", "decided_by", "clock")) if extended else []
    waiting = {one.clock_id for one in asked if not one.outcome}
    form = opened.mended(ExtensionForm)
    return Clocks(
        opened,
        clocks=[
            row_of(book, clock, offer=opened.may_act and clock.pk not in waiting, form=form) for clock in clocks
        ],
        book=book,
        extensions=[(one, _decision(one, opened)) for one in asked],
    )


def row_of(book: clock_book.Book, clock: Clock, *, offer: bool, form: ExtensionForm | None = None) -> ClockRow:
    rule = book.rule(clock.rule, clock.name)
    found = running.offered(clock) if offer else None
    if found is None:
        return ClockRow(clock, rule)
    mine = form if form and form.data.get("more-clock") == str(clock.pk) else None
    return ClockRow(clock, rule, mine or ExtensionForm(prefix="more", initial={"clock": clock.pk}), found[1])


def _decision(one: Extension, opened: Opened) -> forms.Form | None:
    """The form to decide on more time, for those who may."""
    if one.outcome or not one.clock.is_running or one.asked_by_id == opened.user.pk:
        return None
    if not access.may_decide_extension(opened.user, opened.case):
        return None
    fresh = ExtensionDecisionForm(prefix="extension", initial={"extension": one.pk})
    return opened.mended(ExtensionDecisionForm) or fresh


def ask(request: HttpRequest, case: Case) -> str | forms.Form:
    form = ExtensionForm(request.POST, prefix="more")
    if not form.is_valid():
        return form
    clock = get_object_or_404(case.clocks, pk=form.cleaned_data["clock"])
    extensions.ask(clock, by=reader(request), reasons=form.cleaned_data["reasons"])
    return _("A supervisor decides whether there is more time. Until then the date stays.")


def decide(request: HttpRequest, case: Case) -> str | forms.Form:
    form = ExtensionDecisionForm(request.POST, prefix="extension")
    if not form.is_valid():
        return form
    extension = get_object_or_404(case.extensions, pk=form.cleaned_data["extension"])
    approve = form.cleaned_data["decision"] == "yes"
    extensions.decide(extension, by=reader(request), approve=approve, reasons=form.cleaned_data["reasons"])
    return _("The new date is set, and the borrower will see it.") if approve else _("The date stays as it was.")


STEPS: dict[str, Callable[[HttpRequest, Case], str | forms.Form]] = {"more-time": ask, "extension": decide}
