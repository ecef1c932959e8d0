"""Conflicts of interest at the desk. Everybody declares their own; supervisors and administrators also others'."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from complaints.admin.words import name_of
from complaints.assignment import declarations
from complaints.models import Declaration, StaffMember
from complaints.refusal import Refused
from complaints.staff import access

from .absences import MemberField

Kind = Declaration.Kind


class DeclarationForm(forms.ModelForm[Declaration]):
    user: StaffMember  # the reader
    member = MemberField(
        label=gettext_lazy("Who"), queryset=StaffMember.objects.filter(is_active=True).order_by("username")
    )

    class Meta:
        model = Declaration
        fields = ("member", "kind", "name", "reason")
        help_texts = {
            "name": gettext_lazy("A part of the name is enough where it is plain who is meant."),
            "reason": gettext_lazy("Needed where you declare for somebody else."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "member" in self.fields:
            self.fields["member"].initial = self.user
            if not access.may_declare_for_others(self.user):
                self.fields["member"].queryset = StaffMember.objects.filter(pk=self.user.pk)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                declarations.checked(by=self.user, **given)
            except Refused as why:
                self.add_error(None, str(why))
        return given


@admin.register(Declaration)
class DeclarationAdmin(admin.ModelAdmin[Declaration]):
    form = DeclarationForm
    list_display = ("who", "kind", "name", "by", "declared_at", "ended_at")
    list_display_links = None
    list_select_related = ("member", "declared_by")
    list_filter = ("kind",)
    show_facets = admin.ShowFacets.NEVER
    actions = ("end",)

    @admin.display(description=gettext_lazy("who"), ordering="member__username")
    def who(self, declared: Declaration) -> str:
        return name_of(declared.member)

    @admin.display(description=gettext_lazy("declared by"))
    def by(self, declared: Declaration) -> str:
        return name_of(declared.declared_by)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Declaration]:
        """The reader's own declarations; for supervisors and administrators also those of others.

        Declarations about a borrower or case that the reader may not know are left out.
        """
        user, found = request.user, super().get_queryset(request)
        if not access.may_read_declarations(user):
            return found.filter(member=user.pk)
        telling = Q(kind__in=(Kind.BORROWER, Kind.CASE), conflicts__case__in=user.conflicts.values("case"))
        return found.exclude(Q(pk__in=Declaration.objects.filter(telling).values("pk")) & ~Q(member=user))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type("Own", (form,), {"user": request.user})

    def save_model(self, request: HttpRequest, obj: Declaration, form: Any, change: bool) -> None:
        obj.pk = declarations.declare(by=form.user, **form.cleaned_data).pk

    def log_addition(self, request: HttpRequest, obj: Declaration, message: Any) -> Any:
        """Write no entry in Django's own log, because the ledger has one."""

    @admin.action(description=gettext_lazy("End the chosen declarations"))
    def end(self, request: HttpRequest, queryset: QuerySet[Declaration]) -> None:
        if not access.may_end_declarations(request.user):
            raise PermissionDenied
        ended = 0
        for declared in queryset:
            try:
                declarations.end(declared, by=request.user)
                ended += 1
            except Refused as why:
                messages.error(request, str(why))
        if ended:
            sentence = ngettext("%(n)d declaration has ended.", "%(n)d declarations have ended.", ended)
            messages.success(request, sentence % {"n": ended})

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) if access.may_end_declarations(request.user) else {}

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Conflicts of interest"), **(extra_context or {})})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        title = {"title": _("Declare a conflict of interest")}
        return super().add_view(request, form_url, {**title, **(extra_context or {})})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.has_role(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Declaration | None = None) -> bool:
        return access.has_role(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.has_role(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Declaration | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Declaration | None = None) -> bool:
        return False
