"""The office's admin site: who may use it, and the links on its left side."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any, cast

from django.contrib.admin import AdminSite
from django.core.cache import cache as kept_counts
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import URLPattern, URLResolver, reverse
from django.utils.decorators import method_decorator
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from complaints.cases import queues
from complaints.models import CallBack, SavedQueue, StaffMember
from complaints.oversight import alarms
from complaints.staff import access, conflicts

from . import staff_session

CASES = "admin:complaints_case_changelist"
CALLS = "admin:complaints_callback_changelist"
APPOINTMENTS = "admin:complaints_appointment_changelist"
COUNTS_KEPT = 5  # seconds


def _counts_key(user: StaffMember) -> str:
    return f"desk-counts:{user.pk}"


class Desk(AdminSite):
    site_header = site_title = _("Holdfast desk")
    index_title = _("Desk")
    site_url = "/"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return access.has_role(request.user)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Tell browsers to keep no page, Django's own included: each shows the counts of its reader's queues.

        What is sent without a valid sign-in is kept for its writer.
        """
        from . import unsent  # needs the applications loaded, which load this file

        shown = unsent.kept_over_sign_in(self, super().admin_view(view))

        @wraps(shown)
        def counted_anew(request: HttpRequest, *address: Any, **named: Any) -> Any:
            response = shown(request, *address, **named)
            if request.method == "POST" and isinstance(request.user, StaffMember):
                kept_counts.delete(_counts_key(request.user))
            return response

        return counted_anew

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The first page of `portal.desk.signin`."""
        from . import signin  # needs the applications loaded, which load this file

        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        here = {"app_path": request.get_full_path()}
        ask = signin.Password.as_view(extra_context={**self.each_context(request), **here})
        return cast(HttpResponse, ask(request))

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Django's page, on which wrong old passwords count."""
        from . import new_password  # as above

        where = reverse("admin:password_change_done")
        change = new_password.Change.as_view(success_url=where, extra_context=self.each_context(request))
        return cast(HttpResponse, change(request))

    def get_urls(self) -> list[URLPattern | URLResolver]:
        from complaints.admin.office import appointments  # as above

        from . import signin  # as above

        return [*signin.urls(self.admin_view), *appointments.urls(self.admin_view), *super().get_urls()]

    def index(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The overview of the reader's work; for administrators, who see no case, the list of staff."""
        from complaints.admin.queue import overview  # as above

        if not access.may_read_cases(request.user):
            return HttpResponseRedirect(reverse("admin:complaints_staffmember_changelist"))
        return overview.show(request)

    def app_index(  # type: ignore[override]
        self, request: HttpRequest, app_label: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:index"))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Empty: no page lists applications, and computing the list costs two queries a page."""
        return []

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """The context of every page. Counts and alarms are lazy, and queried only if a template shows them."""
        context, user = super().each_context(request), cast(StaffMember, request.user)  # or somebody outside
        counts = cache(lambda: self._counts(user))
        context["session_left"] = SimpleLazyObject(lambda: staff_session.seconds_left(request.session))
        if access.may_read_cases(user):
            context["queues"] = SimpleLazyObject(lambda: self._queues(request, user, counts()))
            context["saved_queues"] = SimpleLazyObject(lambda: self._saved(request, user, counts()))
        context["rooms"] = SimpleLazyObject(lambda: self._rooms(request, counts))
        if access.hears_alarms(user):
            context["alarms"] = SimpleLazyObject(lambda: alarms.sounding(user))
            context["oldest_check"] = SimpleLazyObject(alarms.oldest_check)
        return context

    def _counts(self, user: StaffMember) -> dict[str, int]:
        """How many cases wait in each queue, also the saved ones, and how many appointments for those who confirm
        them. It is kept for a few seconds, until the next step of the user."""
        from complaints.admin.filters import SieveForm  # as above

        def count() -> dict[str, int]:
            asked: dict[str, Any] = {}
            if access.may_confirm_roles(user):
                asked["appointments"] = StaffMember.objects.exclude(asked_role="").values("pk")
            for queue in SavedQueue.objects.offered_to(user):
                sieve = SieveForm(QueryDict(queue.query), user=user)
                if sieve.is_valid() and not sieve.asked.words:  # a search is not counted on every page
                    asked[f"saved{queue.pk}"] = sieve.asked.cases(user)
            return queues.counts(user, **asked)

        return kept_counts.get_or_set(_counts_key(user), count, COUNTS_KEPT) or {}

    def _rooms(self, request: HttpRequest, counts: Callable[[], dict[str, int]]) -> list[dict[str, Any]]:
        """The links to the other lists that the reader may open, with the number that waits in some of them."""
        user = request.user
        rooms = [
            (_("Call-backs"), "callback", access.may_call_back(user)),
            (_("Deadlines"), "clock", access.may_read_cases(user)),
            (_("Measures and redress"), "undertaking", access.may_read_cases(user)),
            (_("Routing rules"), "routingrule", access.may_read_rules(user)),
            (_("Absences"), "absence", access.may_plan_absences(user)),
            (_("Conflicts of interest"), "declaration", access.has_role(user)),
            (_("Appointments"), "appointment", access.may_read_appointments(user)),
            (_("Staff"), "staffmember", access.may_edit_staff(user)),
            (_("Teams"), "team", access.may_edit_staff(user)),
        ]
        open_to = [(label, reverse(f"admin:complaints_{name}_changelist")) for label, name, may in rooms if may]
        waiting: dict[str, int] = (
            {reverse(CALLS): len(conflicts.calls_for(user, CallBack.objects.waiting()))}
            if access.may_call_back(user)
            else {}
        )
        if access.may_confirm_roles(user):
            waiting[reverse(APPOINTMENTS)] = counts()["appointments"]
        return [
            {"label": label, "url": url, "chosen": request.path.startswith(url), "count": waiting.get(url)}
            for label, url in open_to
        ]

    def _queues(self, request: HttpRequest, user: StaffMember, counts: dict[str, int]) -> list[dict[str, Any]]:
        """The links to the reader's queues, with the number of cases in each."""
        chosen = request.GET.get("queue", "") if request.path == reverse(CASES) else ""
        return [
            {
                "label": queue.label,
                "count": queues.capped(counts[queue.name]),
                "query": f"queue={queue.name}",
                "chosen": queue.name == chosen,
            }
            for queue in queues.offered(user)
        ]

    def _saved(self, request: HttpRequest, user: StaffMember, counts: dict[str, int]) -> list[dict[str, Any]]:
        """The links to the reader's saved queues, with the number of cases in each."""
        chosen = request.GET.get("saved", "") if request.path == reverse(CASES) else ""
        return [
            {
                "label": queue.name,
                "query": f"saved={queue.pk}",
                "chosen": str(queue.pk) == chosen,
                "count": queues.capped(found) if (found := counts.get(f"saved{queue.pk}")) is not None else "",
            }
            for queue in SavedQueue.objects.offered_to(user)
        ]
