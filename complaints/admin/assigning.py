"""The case page's section on whose hands a case is in: why it came there, and how it gets into others."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import access, declaring, handover, lifecycle, routing
from ..models import Case, Declaration, Role, Routing, StaffMember, Team
from .forms import WrittenForm
from .staff import at_the_desk
from .words import name_of

QUEUE = "queue"


class AssignForm(WrittenForm):
    """Into whose hands, and why."""

    to = forms.ChoiceField(label=gettext_lazy("Who gets the case?"))
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For the office alone: the borrower sees neither the words nor a name."),
    )

    def __init__(self, *args: Any, case: Case, user: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "assign_%s", **kwargs})
        self.hands: dict[str, dict[str, Any]] = {}
        self.fields["to"].choices = list(self._offered(case, user))  # type: ignore[attr-defined]

    def _offered(self, case: Case, user: StaffMember) -> Any:
        """The others of the team, each with what they carry; its queue; for supervisors, the other teams."""
        if case.team is None:
            return
        for one in routing.candidates(case.team, case):
            if one.hindrance not in (routing.CONFLICT, routing.BARRED) and one.member.pk != case.assignee_id:
                words = {"name": name_of(one.member), "load": one.load, "capacity": one.member.capacity}
                label = _("%(name)s, %(load)s of %(capacity)s cases") % words
                note = f" ({routing.WHY[one.hindrance]})" if one.hindrance else ""
                yield self._offer(f"member-{one.member.pk}", label + note, to=one.member)
        if case.assignee_id:
            yield self._offer(QUEUE, _("The team’s queue: whoever begins has it"))
        if access.has_role(user, Role.SUPERVISOR):
            for team in Team.objects.exclude(pk=case.team.pk).order_by("name"):
                yield self._offer(f"team-{team.pk}", _("Another team: %(team)s") % {"team": team}, team=team)

    def _offer(self, key: str, label: str, **hands: Any) -> tuple[str, str]:
        self.hands[key] = hands
        return key, label


class ConflictForm(forms.Form):
    why = forms.CharField(max_length=500, required=False)


def told(case: Case, user: StaffMember, form: forms.Form | None) -> dict[str, Any]:
    """The page's words on routing and on the hands it went through."""
    last: Routing | None = case.routings.select_related("rule", "team").order_by("pk").last()
    can = access.may_act(user, case) and case.state in lifecycle.STEPS["assign"].sources
    return {
        "routing": last,
        "candidates": weighed(last) if last else [],
        "handovers": list(
            case.reassignments.select_related("team", "investigator", "before", "by").order_by("pk")
        ),
        "assign_form": (form if isinstance(form, AssignForm) else AssignForm(case=case, user=user))
        if can
        else None,
        "may_try_rules": access.may_read_rules(user),
    }


def weighed(made: Routing) -> list[tuple[str, dict[str, Any], str | Promise]]:
    """The candidates of a routing: name, what was counted, and why it was or was not them."""
    uids = [one["uid"] for one in made.candidates]
    names = {str(member.uid): name_of(member) for member in StaffMember.objects.filter(uid__in=uids)}
    return [(names.get(one["uid"], "?"), one, routing.WHY.get(one["why"], one["why"])) for one in made.candidates]


def assign(request: HttpRequest, case: Case) -> str | forms.Form:
    """A step of the case page."""
    user = at_the_desk(request)
    form = AssignForm(request.POST, case=case, user=user)
    if not form.is_valid():
        return form
    hands = form.hands[form.cleaned_data["to"]]
    made = handover.reassign(case, by=user, reason=form.cleaned_data["reason"], **hands)
    if made.investigator:
        return _("The case is now with %(name)s.") % {"name": name_of(made.investigator)}
    return _("The case waits in the queue of %(team)s.") % {"team": made.team}


def step_back(request: HttpRequest, case: Case) -> str | forms.Form:
    """Whoever reads that they have to do with the case says so, and sees it no more."""
    user, form = at_the_desk(request), ConflictForm(request.POST)
    if not form.is_valid():
        return form
    why = form.cleaned_data["why"]
    declaring.declare(user, by=user, kind=Declaration.Kind.CASE, name=case.reference, reason=why)
    return _("Your conflict of interest is recorded: you neither have nor see this case any more.")
