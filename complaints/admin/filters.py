"""The filters of the queue. They are validated before anything is queried."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from complaints import digits
from complaints.cases import links, queues
from complaints.models import Case, Role, StaffMember, Team
from complaints.reference import conduct
from complaints.reference.conduct import Severity
from complaints.staff import access

from .words import name_of

CARRIED = ("saved", "after", "before", "filters", "_changelist_filters")  # parameters that are no filters
SEVERAL = ("severity", "state", "team", "investigator", "language", "conduct")  # filters that take several values
NOBODY = "nobody"


def _date(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}))


def _several(label: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False)


@dataclass(frozen=True)
class Chip:
    """A filter in use, in words, and the query without it."""

    label: str
    without: str


@dataclass(frozen=True)
class Group:
    """A filter that takes several values, with its options for the form: value, label, whether it is chosen."""

    name: str
    label: str
    options: list[tuple[str, str, bool]]


class SieveForm(forms.Form):
    """The filters in an address. All are optional; unknown names and values are errors."""

    queue = forms.ChoiceField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=200, widget=forms.HiddenInput)
    severity = _several(gettext_lazy("Severity"))
    state = _several(gettext_lazy("State"))
    team = _several(gettext_lazy("Team"))
    investigator = _several(gettext_lazy("Investigator"))
    language = _several(gettext_lazy("Language"))
    conduct = _several(gettext_lazy("Conduct"))
    linked = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)  # "number-12": as case 12
    since = _date(gettext_lazy("Received from"))
    until = _date(gettext_lazy("Received until"))
    closed = forms.BooleanField(label=gettext_lazy("Closed cases too"), required=False)
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
            field.choices = choices if callable(choices) or name in SEVERAL else [("", "–"), *choices]

    @cached_property
    def _teams(self) -> list[tuple[str, str]]:
        teams = Team.objects.order_by("name")
        teams = teams if self._sees_all else teams.filter(members=self.user)
        return [(str(team.pk), team.name) for team in teams]

    @cached_property
    def _people(self) -> list[tuple[str, str]]:
        people = StaffMember.objects.filter(is_active=True, role__in=access.ACTORS).order_by("username")
        people = people if self._sees_all else people.filter(teams__members=self.user).distinct()
        return [(NOBODY, _("Nobody")), *((str(one.pk), name_of(one)) for one in people)]

    @property
    def _sees_all(self) -> bool:
        return access.has_role(self.user, Role.SUPERVISOR, Role.AUDITOR)

    def clean_linked(self) -> str:
        """A kind of link and the key of a case that the user may see."""
        given = str(self.cleaned_data["linked"])
        if given and self._link is None:
            raise forms.ValidationError(_("There is no case with this reference that you may see."))
        return given

    @cached_property
    def _link(self) -> tuple[str, Case] | None:
        kind, _dash, key = str(self.data.get("linked", "")).partition("-")
        case = Case.objects.visible_to(self.user).filter(pk=digits.key(key)).first()
        return (kind, case) if case and kind in links.Kind.values else None

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
        all_cases = (
            words or given.get("closed") or given.get("linked") or Case.State.CLOSED in given.get("state", [])
        )
        queue = given.get("queue") or ("" if all_cases else "open")
        where = _where(given)
        if given.get("linked") and self._link:
            kind, case = self._link
            where &= links.linked(case, kind)
        return queues.QueueQuery(queue=queue, where=where, words=words, sort=given.get("sort", ""))

    def _queue(self) -> str:
        return str(self.cleaned_data.get("queue", ""))

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
        return urlencode(self._pairs())

    def _pairs(self) -> list[tuple[str, str]]:
        """Name and value of each filter in use."""
        pairs: list[tuple[str, str]] = []
        for name, value in self.cleaned_data.items():
            values = value if name in SEVERAL else [value] if value else []
            pairs += [(name, "on" if one is True else str(one)) for one in values]
        return pairs

    def with_sort(self, sort: str) -> str:
        """The query string in another order."""
        pairs = self._pairs() if self.is_valid() else []
        return urlencode([pair for pair in pairs if pair[0] != "sort"] + [("sort", sort)])

    @property
    def chips(self) -> Iterator[Chip]:
        """The filters in use, besides queue and order."""
        pairs = self._pairs() if self.is_valid() else []
        for pair in pairs:
            if pair[0] not in ("queue", "sort"):
                yield Chip(self._in_words(*pair), urlencode([one for one in pairs if one != pair]))

    def _in_words(self, name: str, value: str) -> str:
        label, words = self.fields[name].label, value
        if name == "closed":
            return str(label)
        if name == "linked" and self._link:
            label, words = links.Kind(self._link[0]).label, self._link[1].reference
        if name in SEVERAL:
            field: Any = self.fields[name]
            words = next((str(shown) for one, shown in field.choices if str(one) == value), value)
        elif name in ("since", "until"):
            words = date_format(self.cleaned_data[name], "DATE_FORMAT")
        return _("%(filter)s: %(value)s") % {"filter": label, "value": words}

    @property
    def groups(self) -> Iterator[Group]:
        """The filters that take several values. It queries teams and people: only for a page that shows them."""
        for name in SEVERAL:
            field: Any = self.fields[name]
            chosen = set(self.cleaned_data.get(name, [])) if self.is_valid() else set()
            options = [(str(value), str(label), str(value) in chosen) for value, label in field.choices]
            yield Group(name, str(field.label), options)


def _where(given: dict[str, Any]) -> Q:
    where = Q()
    for name in ("severity", "state", "team", "language"):
        if values := given.get(name):
            where &= _one_of(name, values)
    if who := given.get("investigator"):
        people = [one for one in who if one != NOBODY]
        held = _one_of("assignee", people) if people else Q()
        where &= (Q(assignee=None) | held if people else Q(assignee=None)) if NOBODY in who else held
    if codes := given.get("conduct"):
        told = Q()
        for code in codes:
            told |= Q(complaint__conduct__icontains=f'"{code}"')
        where &= told
    if given.get("since"):
        where &= Q(filed_at__gte=_midnight(given["since"]))
    if given.get("until"):
        where &= Q(filed_at__lt=_midnight(given["until"]) + timedelta(days=1))
    return where


def _one_of(field: str, values: list[str]) -> Q:
    """One value is compared by =, so that an index in the order of the queue is used."""
    return Q(**{field: values[0]}) if len(values) == 1 else Q(**{f"{field}__in": values})


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))
