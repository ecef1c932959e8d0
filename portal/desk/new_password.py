"""The page on which a signed-in member changes their password. It asks for the old one, and counts wrong ones."""

from typing import Any

from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.views import PasswordChangeView
from django.core.exceptions import ValidationError
from django.http import HttpResponse

from complaints.staff import old_password

from .signin import Credentials


class OldAndNew(AdminPasswordChangeForm):
    must_wait = False

    def clean_old_password(self) -> str:
        typed: str = self.cleaned_data["old_password"]
        try:
            right = old_password.is_right(self.user, typed)
        except old_password.TooManyMisses:
            self.must_wait = True
            raise ValidationError(Credentials.error_messages["wait"], code="wait") from None
        if not right:
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return typed


class Change(PasswordChangeView):
    """Status 429 while wrong passwords make the member wait."""

    form_class = OldAndNew

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=429 if form.must_wait else 200)
