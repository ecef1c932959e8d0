"""Absences, and the page that assigns the cases of somebody absent to others."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from complaints.admin.forms import DAY, Text, WrittenForm
from complaints.admin.words import name_of, with_load
from complaints.assignment import reassignment, routing
from complaints.models import Absence, Case, StaffMember
from complaints.staff import access


class MemberField(forms.ModelChoiceField[StaffMember]):
    def label_from_instance(self, member: Any) -> str:
        return name_of(member)


class AbsenceForm(forms.ModelForm[Absence]):
    member = MemberField(
        label=gettext_lazy("Staff member"),
        queryset=StaffMember.objects.filter(is_active=True).order_by("username"),
    )

    class Meta:
        model = Absence
        fields = ("member", "begins", "until")
        widgets = {"begins": DAY, "until": DAY}
        help_texts = {"until": gettext_lazy("The last day away. Empty: nobody knows yet.")}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        begins, until = given.get("begins"), given.get("until")
        if begins and until and until < begins:
            self.add_error("until", _("The last day cannot be before the first."))
        return given


class PairsField(forms.MultipleChoiceField):
    """A choice a row; rows that are left as they are send nothing."""

    def to_python(self, value: Any) -> list[str]:
        return super().to_python([one for one in value or () if one])


class BalanceForm(WrittenForm):
    """Who gets each case, and why. A pair of a case and a person is chosen as "12:3"."""

    offers = PairsField(
        required=True,
        error_messages={
            "required": gettext_lazy("Choose who gets at least one case."),
            "invalid_choice": gettext_lazy("A case or a person is no longer to be chosen. Look again."),
        },
    )
    reason = Text(
        label=gettext_lazy("Why"),
        max_length=500,
        help_text=gettext_lazy("It is recorded with each case. The borrower never sees it."),
    )

    def __init__(self, *args: Any, offers: list[reassignment.Offer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent = self.data.getlist("offers") if isinstance(self.data, QueryDict) else None
        self.to = {_key(one.case, who.member): (one.case, who.member) for one in offers for who in one.others}
        self.fields["offers"].choices = [(key, key) for key in self.to]  # type: ignore[attr-defined]
        self.rows = [(one.case, one.to, list(self._options(one, sent))) for one in offers]

    def _options(self, offer: reassignment.Offer, sent: list[str] | None) -> Iterator[tuple[str, str, bool]]:
        """Value, label and whether it is chosen, of each person for the case."""
        for who in offer.others:
            key = _key(offer.case, who.member)
            yield key, _beside(who), key in sent if sent is not None else who.member == offer.to


def _key(case: Case, member: StaffMember) -> str:
    return f"{case.pk}:{member.pk}"


def _beside(one: routing.Candidate) -> str:
    """A person's name with the number of cases, the languages, and why they would not be chosen."""
    known = dict(settings.LANGUAGES)
    parts = [
        with_load(one),
        _(", ").join(str(known.get(code, code)) for code in one.member.languages),
        str(routing.WHY[one.hindrance]) if one.hindrance else "",
    ]
    return " · ".join(filter(None, parts))


@admin.register(Absence)
class AbsenceAdmin(admin.ModelAdmin[Absence]):
    form = AbsenceForm
    list_display = ("who", "begins", "until", "cases")
    list_select_related = ("member",)
    actions = None

    @admin.display(description=gettext_lazy("staff member"), ordering="member__username")
    def who(self, absence: Absence) -> str:
        return name_of(absence.member)

    @admin.display(description=gettext_lazy("open cases"))
    def cases(self, absence: Absence) -> SafeString:
        address = reverse("admin:absence_balance", args=[absence.member_id])
        return format_html('<a href="{}">{}</a>', address, _("Share them among the others"))

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return self.list_display if access.may_balance(request.user) else self.list_display[:-1]

    def get_urls(self) -> list[URLPattern]:
        balanced = self.admin_site.admin_view(balance)
        return [path("<int:pk>/balance/", balanced, name="absence_balance"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Absences"), **(extra_context or {})})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.may_plan_absences(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Absence | None = None) -> bool:
        return access.may_plan_absences(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.may_plan_absences(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Absence | None = None) -> bool:
        return access.may_plan_absences(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Absence | None = None) -> bool:
        """False: nobody deletes an absence. To end one early, change its last day."""
        return False


def balance(request: HttpRequest, pk: int) -> HttpResponse:
    """Show where the open cases of somebody would go. A POST assigns them."""
    user = request.user
    if not access.may_balance(user):
        raise PermissionDenied
    member = get_object_or_404(StaffMember, pk=pk)
    offers = reassignment.offers(member, by=user)
    form = BalanceForm(request.POST or None, offers=offers)
    if request.method == "POST" and form.is_valid():
        chosen = [form.to[key] for key in form.cleaned_data["offers"]]
        done, refused = reassignment.balance(member, by=user, reason=form.cleaned_data["reason"], chosen=chosen)
        for why in refused:
            messages.error(request, why)
        messages.success(request, _sentence(done))
        return HttpResponseRedirect(request.path)
    context = {
        **admin.site.each_context(request),
        "title": _("The open cases of %(name)s") % {"name": name_of(member)},
        "form": form,
    }
    status = 422 if form.is_bound else 200
    return render(request, "admin/complaints/absence/balance.html", context, status=status)


def _sentence(done: int) -> str:
    return ngettext("%(n)d case was reassigned.", "%(n)d cases were reassigned.", done) % {"n": done}
