"""Routing rules.

Supervisors, administrators and auditors read them; the first two edit them; nobody deletes them.
"""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from complaints.assignment import conditions as conditions_
from complaints.assignment import rule_log
from complaints.models import RoutingRule
from complaints.reference import regions
from complaints.reference.choices import ORGANISATIONS
from complaints.reference.conduct import KINDS
from complaints.staff import access

from . import dry_run, rehearsal

CONDITIONS = (
    *("conduct", "min_severity", "region", "language"),
    *("lender", "platform", "agency", "organisation"),
)
STEP = 10  # distance between the order numbers of two rules, so that another fits between them


class RuleForm(forms.ModelForm[RoutingRule]):
    conduct = forms.MultipleChoiceField(
        label=_("Any of these kinds of conduct"),
        choices=[(kind.code, kind.label) for kind in KINDS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("any")), *settings.LANGUAGES], required=False
    )

    region = forms.MultipleChoiceField(
        label=_("The borrower lives in one of"),
        widget=forms.SelectMultiple(attrs={"size": 8}),
        required=False,
    )

    class Meta:
        model = RoutingRule
        fields = ("order", "name", "active", "team", *CONDITIONS)
        error_messages = {"order": {"unique": _("Another rule has this place already. Choose a free one.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "region" in self.fields:
            self.fields["region"].choices = regions.choices(self.instance.region)  # type: ignore[attr-defined]
        if self.instance.pk is None and "order" in self.fields:
            last = RoutingRule.objects.aggregate(last=Max("order"))["last"] or 0
            self.fields["order"].initial = last + STEP


@admin.register(RoutingRule)
class RuleAdmin(admin.ModelAdmin[RoutingRule]):
    form = RuleForm
    change_form_template = "admin/complaints/routingrule/change_form.html"
    change_list_template = "admin/complaints/routingrule/list.html"
    list_display = ("order", "name", "takes", "team", "version", "active")
    list_display_links = ("name",)
    list_select_related = ("team",)
    ordering = ("order",)
    actions = None
    fieldsets = (
        (None, {"fields": ("order", "name", "active", "team")}),
        (
            _("Takes a case when all its conditions are met"),
            {
                "fields": CONDITIONS,
                "description": _(
                    "The first active rule that matches decides. A rule without conditions takes every case."
                ),
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: RoutingRule | None = None) -> Any:
        """Without a condition on regions where there is none to choose."""
        first, (title, options) = super().get_fieldsets(request, obj)
        shown = [name for name in CONDITIONS if name != "region" or regions.choices(obj.region if obj else ())]
        return [first, (title, {**options, "fields": shown})]

    @admin.display(description=_("takes"))
    def takes(self, rule: RoutingRule) -> str:
        """The rule's conditions in words."""
        organisations = [(conditions_.CONDITIONS[name], getattr(rule, name)) for name in ORGANISATIONS]
        kinds, languages = len(rule.conduct), dict(settings.LANGUAGES)
        conditions = [
            ngettext("%(n)d kind of conduct", "%(n)d kinds of conduct", kinds) % {"n": kinds} if kinds else "",
            gettext("at least “%(severity)s”") % {"severity": rule.get_min_severity_display()}
            if rule.min_severity
            else "",
            _(", ").join(map(regions.name, rule.region)),
            str(languages.get(rule.language, rule.language)),
            *(f"{label} “{named}”" for label, named in organisations if named),
            f"“{rule.organisation}”" if rule.organisation else "",
        ]
        return " · ".join(filter(None, conditions)) or gettext("every case")

    def get_urls(self) -> list[URLPattern]:
        trying = self.admin_site.admin_view(dry_run.show)
        rehearsing = self.admin_site.admin_view(self.rehearse)
        return [
            path("try/", trying, name="routing_try"),
            path("rehearse/", rehearsing, name="routing_rehearse"),
            path("<int:pk>/rehearse/", rehearsing, name="routing_rehearse_saved"),
            *super().get_urls(),
        ]

    def rehearse(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """What the rule in the form would change, saved or not. Nothing is saved."""
        if request.method != "POST":
            page = reverse("admin:complaints_routingrule_changelist")
            return HttpResponseRedirect(f"{page}{pk}/change/" if pk else f"{page}add/")
        rule = get_object_or_404(RoutingRule, pk=pk) if pk else None
        return rehearsal.show(request, RuleForm(request.POST, instance=rule))

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Routing rules"), **(extra_context or {})})

    def save_model(self, request: HttpRequest, obj: RoutingRule, form: Any, change: bool) -> None:
        """Save a new version and record it on the ledger. Earlier routings keep naming the version they used."""
        user = request.user
        if not access.may_edit_rules(user):
            raise PermissionDenied
        with transaction.atomic():
            if change:
                obj.version = RoutingRule.objects.select_for_update().get(pk=obj.pk).version + 1
            obj.save()
            rule_log.record(obj, by=access.actor(user))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.may_read_rules(request.user)

    def has_view_permission(self, request: HttpRequest, obj: RoutingRule | None = None) -> bool:
        return access.may_read_rules(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return access.may_edit_rules(request.user)

    def has_change_permission(self, request: HttpRequest, obj: RoutingRule | None = None) -> bool:
        return access.may_edit_rules(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: RoutingRule | None = None) -> bool:
        return False
