"""Signing in to the desk: first the password, then the second factor, then a new password if one is due.

Only after the last step is the member signed in; until then `request.user` is anonymous. The session has the
progress under the key `signing_in`, for ten minutes.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import login, logout
from django.contrib.auth.forms import SetPasswordForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.models import StaffMember
from complaints.staff import access, role_log, second_factor
from complaints.typesetting import qr as codes

from . import staff_session, unsent

KEY = "signing_in"
SECONDS = 600
BACKEND = "django.contrib.auth.backends.ModelBackend"

Page = Callable[..., HttpResponse]


class Credentials(AdminAuthenticationForm):
    """Only staff with a role may sign in. A superuser without a role may not."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        "no_role": _("This account has no role at the desk. Ask an administrator for one."),
        "wait": _("That was wrong too often. Please wait: a minute at first, longer after each further miss."),
    }

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if not access.may_sign_in(user):
            raise ValidationError(self.error_messages["no_role"], code="no_role")

    def get_invalid_login_error(self) -> ValidationError:
        if getattr(self.request, "axes_locked_out", False):
            return ValidationError(self.error_messages["wait"], code="wait")
        return super().get_invalid_login_error()


class Password(LoginView):
    """The first page. A right password leads to the next page, but does not sign in."""

    template_name = "admin/login.html"
    authentication_form = Credentials

    def form_valid(self, form: Any) -> HttpResponse:
        member: StaffMember = form.get_user()
        self.request.session.cycle_key()
        self.request.session[KEY] = {
            "member": member.pk,
            "matches": member.get_session_auth_hash(),
            "until": int(time.time()) + SECONDS,
            "next": self.get_success_url(),
            "shown": False,
        }
        return redirect("admin:sign_in")


class Code(forms.Form):
    """A code of six digits, or a recovery code."""

    code = forms.CharField(
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )

    def refuse(self, sentence: Any) -> None:
        self.add_error("code", sentence)


class OwnPassword(SetPasswordForm):  # type: ignore[type-arg]
    """A member's new password, in place of one that an administrator set."""

    def clean_new_password1(self) -> str:
        new: str = self.cleaned_data["new_password1"]
        if self.user.check_password(new):
            raise ValidationError(_("This is the password you were given. Choose another."))
        return new

    def save(self, commit: bool = True) -> StaffMember:
        """Save these two columns only, because somebody may be changing others at the same time."""
        member = cast(StaffMember, self.user)
        member.set_password(self.cleaned_data["new_password1"])
        member.must_change_password = False
        member.save(update_fields=["password", "must_change_password"])
        return member


WRONG = _("This code is not right, or it was used already. Wait for the next one and try again.")


def member_signing_in(request: HttpRequest) -> StaffMember | None:
    """The member whose password this browser sent within the last ten minutes, and who has not finished signing
    in."""
    on_the_way = request.session.get(KEY)
    if not on_the_way or time.time() > on_the_way["until"]:
        return None
    member = StaffMember.objects.filter(pk=on_the_way["member"]).first()
    right = member and access.may_sign_in(member) and member.get_session_auth_hash() == on_the_way["matches"]
    return member if right else None


def during_sign_in(*, shown: bool) -> Callable[[Page], Page]:
    """Decorator for pages of the sign-in, before or after (`shown`) the second factor. The page gets the member.

    Other requests are redirected to `go_on`.
    """

    def decorate(page: Page) -> Page:
        @never_cache
        @wraps(page)
        def view(request: HttpRequest) -> HttpResponse:
            member = member_signing_in(request)
            if member is None or request.session[KEY]["shown"] is not shown:
                return redirect("admin:sign_in")
            return page(request, member)

        return view

    return decorate


@never_cache
@require_safe
def go_on(request: HttpRequest) -> HttpResponse:
    """Redirect to the next page of the sign-in, or sign in and redirect to the desk."""
    member = member_signing_in(request)
    if member is None:
        request.session.pop(KEY, None)
        return redirect("admin:index" if request.user.is_authenticated else "admin:login")
    if not request.session[KEY]["shown"]:
        return redirect("admin:sign_in_code" if second_factor.is_set_up(member) else "admin:sign_in_set_up")
    if member.must_change_password:
        return redirect("admin:sign_in_password")
    if not access.has_role(member):
        return page(request, "waiting", role=member.get_asked_role_display())
    return _begin_session(request, member)


def _begin_session(request: HttpRequest, member: StaffMember) -> HttpResponse:
    """Sign the member in. No other function does."""
    where = request.session.pop(KEY)["next"]
    login(request, member, backend=BACKEND)
    staff_session.begin(request.session)
    unsent.after_sign_in(request, member)
    return HttpResponseRedirect(where)


@require_http_methods(["GET", "POST"])
@during_sign_in(shown=False)
def code(request: HttpRequest, member: StaffMember) -> HttpResponse:
    if not second_factor.is_set_up(member):
        return redirect("admin:sign_in")
    form = Code(request.POST or None)
    if form.is_valid():
        try:
            if second_factor.accepts(member, form.cleaned_data["code"]):
                return _second_factor_shown(request)
            form.refuse(WRONG)
        except second_factor.TooManyMisses:
            form.refuse(Credentials.error_messages["wait"])
            return page(request, "code", form=form, status=429)
        except second_factor.Unreadable:
            form.refuse(second_factor.Unreadable.sentence)
            return page(request, "code", form=form, status=503)
    demo = second_factor.code_now(member) if settings.DEMO else ""
    return page(request, "code", form=form, demo_code=demo)


@require_http_methods(["GET", "POST"])
@during_sign_in(shown=False)
def set_up(request: HttpRequest, member: StaffMember) -> HttpResponse:
    """Set up the second factor: show the secret, check a code from the phone, show the recovery codes once."""
    if second_factor.is_set_up(member):
        return redirect("admin:sign_in")
    secret = request.session[KEY].setdefault("secret", second_factor.fresh_secret())
    request.session.modified = True
    form = Code(request.POST or None)
    if form.is_valid():
        if codes := second_factor.set_up(member, secret, form.cleaned_data["code"]):
            _second_factor_shown(request)
            return page(request, "recovery_codes", codes=codes)
        form.refuse(WRONG)
    demo = second_factor.code_of(secret, int(time.time()) // 30) if settings.DEMO else ""
    return page(request, "set_up", form=form, key=" ".join(_in_fours(secret)), demo_code=demo)


def _in_fours(text: str) -> list[str]:
    return [text[at : at + 4] for at in range(0, len(text), 4)]


def _second_factor_shown(request: HttpRequest) -> HttpResponse:
    request.session[KEY].pop("secret", None)
    request.session[KEY]["shown"] = True
    request.session.modified = True
    request.session.cycle_key()
    return redirect("admin:sign_in")


@require_safe
@during_sign_in(shown=False)
def qr(request: HttpRequest, member: StaffMember) -> HttpResponse:
    """The secret as a QR code (SVG)."""
    secret = request.session[KEY].get("secret", "")
    if not secret:
        return redirect("admin:sign_in")
    picture = codes.for_screen(second_factor.address(member, secret))
    return HttpResponse(picture, content_type="image/svg+xml")


@require_http_methods(["GET", "POST"])
@during_sign_in(shown=True)
def password(request: HttpRequest, member: StaffMember) -> HttpResponse:
    if not member.must_change_password:
        return redirect("admin:sign_in")
    form = OwnPassword(member, request.POST or None)
    if form.is_valid():
        request.session[KEY]["matches"] = form.save().get_session_auth_hash()
        request.session.modified = True
        return redirect("admin:sign_in")
    return page(request, "password", form=form)


@never_cache
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out, or give up signing in."""
    logout(request)
    return redirect("admin:login")


@never_cache
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    """A member's own page: new recovery codes, and signing out everywhere."""
    member = request.user
    assert isinstance(member, StaffMember)  # noqa: S101 (the desk lets nobody else in)
    form = Code(request.POST if "renew" in request.POST else None)
    del form.fields["code"].widget.attrs["autofocus"]
    status = 200
    if form.is_valid():
        try:
            if second_factor.accepts(member, form.cleaned_data["code"]):
                codes = second_factor.renew_recovery_codes(member)
                return page(request, "recovery_codes", codes=codes, renewed=True)
            form.refuse(WRONG)
        except second_factor.Unreadable:
            form.refuse(second_factor.Unreadable.sentence)
            status = 503
        except second_factor.TooManyMisses:
            form.refuse(Credentials.error_messages["wait"])
            status = 429
    if "everywhere" in request.POST:
        role_log.end_sessions(member)
        return leave(request)
    left = second_factor.recovery_codes_left(member)
    return page(request, "own", form=form, left=left, status=status)


def page(request: HttpRequest, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), **context}
    return render(request, f"admin/sign_in/{name}.html", context, status=status)


def urls(admin_view: Callable[[Any], Any]) -> list[URLPattern]:
    """The URL patterns of the sign-in. Only the last ones need a member who is signed in."""
    return [
        path("logout/", leave, name="logout"),
        path("sign-in/", go_on, name="sign_in"),
        path("sign-in/code/", code, name="sign_in_code"),
        path("sign-in/set-up/", set_up, name="sign_in_set_up"),
        path("sign-in/set-up/qr.svg", qr, name="sign_in_qr"),
        path("sign-in/password/", password, name="sign_in_password"),
        path("own/", admin_view(own), name="own_sign_in"),
        path("stay/", admin_view(staff_session.stay), name="stay"),
        path("unsent/as-typed/", admin_view(unsent.as_typed), name="as_typed"),
        path("unsent/<uuid:key>/forget/", admin_view(unsent.forget), name="unsent_forget"),
    ]
