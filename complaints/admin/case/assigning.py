"""The page that shows who has had a case and why, and that assigns it to somebody else."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.admin import once
from complaints.admin.forms import Text, WrittenForm
from complaints.admin.reading import came_from, case_to_act_on, reader, refuse
from complaints.admin.words import name_of, with_load
from complaints.assignment import declarations, reassignment, routing
from complaints.cases import lifecycle
from complaints.models import Case, Declaration, Role, Routing, StaffMember, Team
from complaints.refusal import Refused
from complaints.staff import access

QUEUE = "queue"


def hands_of(case: Case) -> str:
    """The present assignment, for comparing it with the one that a page showed."""
    return f"{case.team_id}-{case.assignee_id}"


class AssignForm(WrittenForm):
    """To whom a case is assigned, and why."""

    to = forms.ChoiceField(label=gettext_lazy("Who gets the case?"))
    reason = Text(
        label=gettext_lazy("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For the office alone: the borrower sees neither the words nor a name."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=50)  # who had the case when the page was shown

    def __init__(self, *args: Any, case: Case, user: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "assign_%s", "initial": {"seen": hands_of(case)}, **kwargs})
        self.hands: dict[str, dict[str, Any]] = {}
        self.fields["to"].choices = list(self._offered(case, user))  # type: ignore[attr-defined]

    def _offered(self, case: Case, user: StaffMember) -> Any:
        """The choices: other members of the team with their load, the team's queue and, for supervisors, other
        teams. For a case without a team, each team with its members."""
        if case.team is None:
            if access.has_role(user, Role.SUPERVISOR):
                for team in Team.objects.order_by("name"):
                    yield str(team), list(self._of_a_team(case, team))
            return
        for one in _able(case, case.team):
            yield self._offer(f"member-{one.member.pk}", _label(one), to=one.member)
        if case.assignee_id:
            yield self._offer(QUEUE, _("The team’s queue: the first person to start has the case"))
        if access.has_role(user, Role.SUPERVISOR):
            for team in Team.objects.exclude(pk=case.team.pk).order_by("name"):
                yield self._offer(f"team-{team.pk}", _("Another team: %(team)s") % {"team": team}, team=team)

    def _of_a_team(self, case: Case, team: Team) -> Iterator[tuple[str, str]]:
        """The choices in a team that does not have the case yet."""
        least = _("%(team)s, the free investigator with the fewest cases") % {"team": team}
        yield self._offer(f"team-{team.pk}", least, team=team)
        for one in _able(case, team):
            yield self._offer(f"team-{team.pk}-{one.member.pk}", _label(one), team=team, to=one.member)

    def _offer(self, key: str, label: str, **hands: Any) -> tuple[str, str]:
        self.hands[key] = hands
        return key, label


def _able(case: Case, team: Team) -> list[routing.Candidate]:
    """The team's investigators who may have the case and do not have it now."""
    apart = (routing.CONFLICT, routing.BARRED)
    those = routing.candidates(team, case)
    return [one for one in those if one.hindrance not in apart and one.member.pk != case.assignee_id]


def _label(one: routing.Candidate) -> str:
    return with_load(one) + (f" ({routing.WHY[one.hindrance]})" if one.hindrance else "")


class StepBackForm(WrittenForm):
    why = Text(label=gettext_lazy("Why (optional)"), max_length=500, required=False)


def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access.case_or_404(request.user, pk))


def _page(
    request: HttpRequest, case: Case, *, assigning: AssignForm | None = None, status: int = 200
) -> HttpResponse:
    """The page with the history of assignments and the forms to assign the case and to step back."""
    user = reader(request)
    made: Routing | None = case.routings.select_related("rule", "team").order_by("pk").last()
    may_act = access.may_act(user, case)
    can_change = may_act and case.state in lifecycle.STEPS[reassignment.step_for(case)].sources
    offered = assigning or AssignForm(case=case, user=user)
    context = {
        **admin.site.each_context(request),
        "title": _("%(case)s: who has it, and why") % {"case": case.reference},
        "case": case,
        "came_from": came_from(request),
        "routing": made,
        "candidates": _weighed(made) if made else [],
        "handovers": case.reassignments.select_related("team", "investigator", "before", "by"),
        "assign_form": offered if can_change and offered.hands else None,
        "can_undo": can_change and reassignment.can_be_undone(case, user),
        "step_back_form": StepBackForm(auto_id="conflict_%s") if may_act else None,
        "may_try_rules": access.may_read_rules(user),
    }
    return render(request, "admin/complaints/case/hands.html", context, status=status)


def _weighed(made: Routing) -> list[tuple[str, dict[str, Any]]]:
    """Name and counts of each candidate of a routing."""
    uids = [one["uid"] for one in made.candidates]
    names = {str(member.uid): name_of(member) for member in StaffMember.objects.filter(uid__in=uids)}
    return [(names.get(one["uid"], "?"), one) for one in made.candidates]


def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Assign the case.

    Then return to this page, or to the index of the desk if the user no longer sees the case.
    """
    if request.method != "POST":
        return HttpResponseRedirect(reverse("admin:case_hands", args=[pk]))
    if said := once.before(request):
        return _assigned(request, pk, said)
    case, user = case_to_act_on(request, pk), reader(request)
    if request.POST.get("seen") not in (None, hands_of(case)):  # show the form again with the present assignment
        refuse(request, lifecycle.changed_meanwhile())
        anew = AssignForm({**request.POST.dict(), "seen": hands_of(case)}, case=case, user=user)
        return _page(request, case, assigning=anew, status=409)
    form = AssignForm(request.POST, case=case, user=user)
    if not form.is_valid():
        return _page(request, case, assigning=form, status=422)
    hands = form.hands[form.cleaned_data["to"]]

    def give_over() -> str:
        made = reassignment.reassign(case, by=user, reason=form.cleaned_data["reason"], **hands)
        if made.investigator:
            return _("The case is now with %(name)s.") % {"name": name_of(made.investigator)}
        return _("The case waits in the queue of %(team)s.") % {"team": made.team}

    try:
        said = once.kept(request, give_over)
    except Refused as refused:
        if not (said := once.before(request)):
            refuse(request, str(refused))
            return _page(request, access.case_or_404(user, pk), assigning=form, status=409)
    return _assigned(request, pk, said)


def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that the reader gave the case away just now."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("admin:case_hands", args=[pk]))
    case, user = case_to_act_on(request, pk), reader(request)

    def put_back() -> str:
        reassignment.undo(case, by=user)
        return _("Undone: the case is where it was before. Both steps are on the ledger.")

    try:
        said = once.before(request) or once.kept(request, put_back)
    except Refused as refused:
        refuse(request, str(refused))
        return _page(request, access.case_or_404(user, pk), status=409)
    return _assigned(request, pk, said)


def _assigned(request: HttpRequest, pk: int, said: str) -> HttpResponseRedirect:
    """Show `said` on the page of the assignment, or on the index if the user no longer sees the case."""
    messages.success(request, said)
    sees = Case.objects.visible_to(reader(request)).filter(pk=pk).exists()
    return HttpResponseRedirect(reverse("admin:case_hands", args=[pk]) if sees else reverse("admin:index"))


def step_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the reader has a conflict of interest in the case. They no longer see it."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("admin:case_hands", args=[pk]))
    case, user = case_to_act_on(request, pk), reader(request)
    form = StepBackForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    declarations.declare(user, by=user, kind=Declaration.Kind.CASE, name=case.reference, reason=why)
    messages.success(
        request, _("Your conflict of interest is recorded: you neither have nor see this case any more.")
    )
    return HttpResponseRedirect(reverse("admin:index"))


VIEWS = {"hands": show, "assign": assign, "undo_assign": undo, "step_back": step_back}
