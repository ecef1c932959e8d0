"""Staff and teams, which administrators edit. Nobody is deleted, only deactivated."""

from typing import Any
from zoneinfo import available_timezones

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from complaints.admin.forms import RowsField
from complaints.admin.words import name_of
from complaints.assignment import reassignment
from complaints.models import Absence, StaffMember, Team
from complaints.reference import local_time, workdays
from complaints.staff import access, appointments, role_log, second_factor
from evidence.ledger import Actor

ZONES = sorted(available_timezones())
TIME = forms.TimeInput({"type": "time"}, format="%H:%M")
OWN = ("role", "teams", "is_active")  # fields that people cannot change for themselves


class AdministratorsOnly(admin.ModelAdmin[Any]):
    """Permissions come from `access`, never from Django's model permissions."""

    actions = None

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, titled by its contents and not by “Select … to change”."""
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.may_edit_staff(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.may_edit_staff(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.may_edit_staff(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return access.may_edit_staff(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class TeamForm(forms.ModelForm[Team]):
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Working days"),
        coerce=int,
        choices=list(enumerate(WEEKDAYS.values(), 1)),
        widget=forms.CheckboxSelectMultiple,
    )
    zone = forms.ChoiceField(label=_("Time zone"), choices=[(zone, zone) for zone in ZONES])

    class Meta:
        model = Team
        fields = ("name", "country", "subdivision", "weekdays", "opens", "closes", "zone")
        widgets = {"opens": TIME, "closes": TIME}
        help_texts = {
            "country": _("Two letters, such as CN or US. Empty: no public holiday concerns the team."),
            "subdivision": _("As the calendar of holidays names it, such as CA. Empty: the country’s alone."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A new team begins with the office's country, time zone and working days."""
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            begins = {"country": settings.COUNTRY, "zone": self.instance.zone, "weekdays": self.instance.weekdays}
            self.initial = begins | self.initial

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        country, part = (given.get(name, "").upper() for name in ("country", "subdivision"))
        given |= {"country": country, "subdivision": part}
        if country and not workdays.is_known(country):
            self.add_error("country", _("No calendar of holidays is known for this country."))
        elif part and not workdays.is_known(country, part):
            self.add_error("subdivision", _("No calendar of holidays is known for this part of the country."))
        if given.get("opens") and given.get("closes") and given["opens"] >= given["closes"]:
            self.add_error("closes", _("A team closes after it opens."))
        return given


@admin.register(Team)
class TeamAdmin(AdministratorsOnly):
    form = TeamForm
    list_display = ("name", "members_", "country", "hours")
    readonly_fields = ("members_",)

    def get_queryset(self, request: HttpRequest) -> Any:
        active = StaffMember.objects.filter(is_active=True)
        return super().get_queryset(request).prefetch_related(Prefetch("members", active))

    def get_fieldsets(self, request: HttpRequest, obj: Team | None = None) -> Any:
        return (
            (None, {"fields": ("name", "members_") if obj else ("name",)}),
            (
                _("When the team works"),
                {"fields": ("weekdays", "opens", "closes", "zone", "country", "subdivision")},
            ),
        )

    @admin.display(description=_("members"))
    def members_(self, team: Team) -> str:
        """The members of a team. They are chosen on the pages of the members."""
        return ", ".join(map(name_of, team.members.all())) or "–"

    @admin.display(description=_("hours"))
    def hours(self, team: Team) -> str:
        return f"{team.opens:%H:%M}–{team.closes:%H:%M} {local_time.zone_in_words(team.zone)}"


@admin.register(StaffMember)
class StaffAdmin(AdministratorsOnly, UserAdmin[StaffMember]):
    list_display = ("username", "get_full_name", "role_", "teams_named", "duty", "capacity", "is_active")
    list_filter = ("role", "teams", "is_active")
    fieldsets = (
        (None, {"fields": ("username", "password", "first_name", "last_name", "number", "email")}),
        (_("At the desk"), {"fields": ("role", "teams", "languages", "capacity", "is_active")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "password1", "password2")}),
        (_("At the desk"), {"fields": ("role", "teams", "languages", "capacity")}),
    )
    filter_horizontal = ()
    show_facets = admin.ShowFacets.NEVER

    @admin.display(description=_("role"), ordering="role")
    def role_(self, member: StaffMember) -> str:
        asked = _("asked for: %(role)s") % {"role": member.get_asked_role_display()} if member.asked_role else ""
        return " · ".join(filter(None, [member.get_role_display(), asked])) or "–"

    @admin.display(description=_("teams"))
    def teams_named(self, member: StaffMember) -> str:
        return ", ".join(team.name for team in member.teams.all())

    @admin.display(description=_("today at the desk"), boolean=True)
    def duty(self, member: Any) -> bool:
        return not member.away

    def get_queryset(self, request: HttpRequest) -> Any:
        away = Absence.objects.on(timezone.localdate()).filter(member=OuterRef("pk"))
        return super().get_queryset(request).prefetch_related("teams").annotate(away=Exists(away))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(db_field, request, form_class=RowsField, **kwargs)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only filters that the page offers. Others, such as on the cases of somebody, would reveal cases."""
        return lookup in ("role__exact", "teams__id__exact", "is_active__exact")

    def get_readonly_fields(self, request: HttpRequest, obj: StaffMember | None = None) -> tuple[str, ...]:
        """People cannot give themselves a role or a team, and so cannot give themselves access to evidence."""
        return OWN if obj is not None and obj.pk == request.user.pk else ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "languages":
            return forms.MultipleChoiceField(
                label=_("Languages"),
                choices=settings.LANGUAGES,
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )
        if db_field.name == "teams":
            kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: StaffMember, form: Any, change: bool) -> None:
        """Save a member of staff.

        A new one must change the password at the first sign-in. A role that opens evidence waits for a
        supervisor's confirmation.
        """
        before = ""
        if change:
            row: StaffMember = StaffMember.objects.select_for_update().get(pk=obj.pk)
            before = row.role
            obj = _changed(row, obj, form)
        else:
            obj.is_staff = obj.must_change_password = True
        appointments.defer_role(obj, before, by=at_the_desk(request))
        super().save_model(request, obj, form, change)

    def log_addition(self, request: HttpRequest, obj: StaffMember, message: Any) -> Any:
        """Record the role and teams on the ledger. Django calls this after it has saved the teams."""
        role_log.record(obj, by=_actor(request))
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: StaffMember, message: Any) -> Any:
        if request.path.endswith("/password/"):
            role_log.record_password(obj, by=_actor(request))
            if not second_factor.is_set_up(obj):
                role_log.ask_again(obj, by=_actor(request), asked_by=at_the_desk(request))
        else:
            role_log.record(StaffMember.objects.get(pk=obj.pk), by=_actor(request))
            reassignment.release_stranded(obj)
        return super().log_change(request, obj, message)


def _changed(row: StaffMember, entered: StaffMember, form: Any) -> StaffMember:
    """The present row with the values of the form's fields, and nothing else from the form.

    So nothing is undone that happened while the form was open, such as a new password or a lost second factor.
    """
    for name in form.cleaned_data.keys() - {"password", "teams"}:
        setattr(row, name, getattr(entered, name))
    return row


def at_the_desk(request: HttpRequest) -> StaffMember:
    """The member of staff who sends the form. Raises PermissionDenied."""
    if not isinstance(request.user, StaffMember):
        raise PermissionDenied
    return request.user


def _actor(request: HttpRequest) -> Actor:
    return access.actor(at_the_desk(request))


# Groups have no effect here, and second factors have their own pages.
for model in (Group, EmailAddress, Authenticator):
    admin.site.unregister(model)
