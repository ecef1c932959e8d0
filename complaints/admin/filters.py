"""The filters of the queue. They are validated before anything is queried."""

from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from complaints.cases import queues
from complaints.models import Case, Role, StaffMember, Team
from complaints.reference import conduct
from complaints.reference.conduct import Severity
from complaints.staff import access

from .words import name_of

CARRIED = ("saved", "after", "before", "_changelist_filters")  # parameters that are no filters


def _date(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


class SieveForm(forms.Form):
    """The filters in an address. All are optional; unknown names and values are errors."""

    queue = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=200)
    severity = forms.ChoiceField(label=gettext_lazy("Severity"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    team = forms.ChoiceField(label=gettext_lazy("Team"), required=False)
    investigator = forms.ChoiceField(label=gettext_lazy("Investigator"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)
    conduct = forms.ChoiceField(label=gettext_lazy("Conduct"), required=False)
    since = _date(gettext_lazy("Received from"))
    until = _date(gettext_lazy("Received until"))
    sort = forms.ChoiceField(label=gettext_lazy("Order"), required=False)

    def __init__(self, data: QueryDict | dict[str, str], *, user: StaffMember) -> None:
        self.unknown = [name for name in data if name not in self.base_fields and name not in CARRIED]
        super().__init__(data, auto_id="sieve_%s")
        self.user = user
        offered: dict[str, Any] = {
            "queue": [(queue.name, queue.label) for queue in queues.open_to(user)],
            "severity": [(str(value), label) for value, label in reversed(Severity.choices)],
            "state": list(Case.State.choices),
            "team": lambda: self._teams,  # queried only when shown or chosen
            "investigator": lambda: self._people,
            "language": [(code, get_language_info(code)["name_translated"]) for code in ("zh-hans", "en")],
            "conduct": [(kind.code, kind.label) for kind in conduct.KINDS],
            "sort": [(name, label) for name, (label, _order) in queues.SORTS.items()],
        }
        for name, choices in offered.items():
            field: Any = self.fields[name]
            field.choices = choices if callable(choices) else [("", "–"), *choices]

    @cached_property
    def _teams(self) -> list[tuple[str, str]]:
        teams = Team.objects.order_by("name")
        teams = teams if self._sees_all else teams.filter(members=self.user)
        return [("", "–"), *((str(team.pk), team.name) for team in teams)]

    @cached_property
    def _people(self) -> list[tuple[str, str]]:
        people = StaffMember.objects.filter(is_active=True, role__in=access.ACTORS).order_by("username")
        people = people if self._sees_all else people.filter(teams__members=self.user).distinct()
        return [("", "–"), ("nobody", _("Nobody")), *((str(one.pk), name_of(one)) for one in people)]

    @property
    def _sees_all(self) -> bool:
        return access.has_role(self.user, Role.SUPERVISOR, Role.AUDITOR)

    def clean(self) -> dict[str, Any]:
        if self.unknown:
            raise forms.ValidationError(_("“%(name)s” is not a filter.") % {"name": self.unknown[0][:40]})
        return self.cleaned_data

    @property
    def asked(self) -> queues.QueueQuery:
        """The query, or the plain queue if the filters are invalid.

        Without a queue, a search covers all cases, and filters alone cover the open ones.
        """
        given: dict[str, Any] = self.cleaned_data if self.is_valid() else {"queue": self._queue()}
        words = given.get("q", "").strip()
        queue = given.get("queue") or ("" if words or given.get("state") == Case.State.CLOSED else "open")
        return queues.QueueQuery(queue=queue, where=_where(given), words=words, sort=given.get("sort", ""))

    def _queue(self) -> str:
        return str(self.cleaned_data.get("queue", ""))

    @property
    def filtered(self) -> bool:
        """Whether there are filters besides queue, search and order."""
        return any(value for name, value in self.cleaned_data.items() if name not in ("queue", "q", "sort"))

    @property
    def sentence(self) -> str:
        """The errors, for the reader."""
        wrong = [error for errors in self.errors.values() for error in errors]
        return " ".join(str(error) for error in wrong)

    @property
    def query(self) -> str:
        """The filters as a query string, without empty and unknown ones."""
        if not self.is_valid():
            return urlencode({"queue": self.asked.queue})
        return urlencode([(name, value) for name, value in self.cleaned_data.items() if value])


def _where(given: dict[str, Any]) -> Q:
    where = Q()
    for name, field in (("severity", "severity"), ("state", "state"), ("team", "team"), ("language", "language")):
        if given.get(name):
            where &= Q(**{field: given[name]})
    if who := given.get("investigator"):
        where &= Q(assignee=None if who == "nobody" else who)
    if code := given.get("conduct"):
        where &= Q(complaint__conduct__icontains=f'"{code}"')
    if given.get("since"):
        where &= Q(filed_at__gte=_midnight(given["since"]))
    if given.get("until"):
        where &= Q(filed_at__lt=_midnight(given["until"]) + timedelta(days=1))
    return where


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
