"""allauth's views, extended by what a member's key needs besides the password."""

from allauth.account import views
from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import asking_again, session_ends, throttling
from ..actions import sessions
from ..forms.sign_in import ForgotPasswordForm, PasswordChangeForm, PasswordResetForm
from ..presenters.recovery_code import Occasion, around
from .access import signed_in


class SignOutView(views.LogoutView):
    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        session_ends.forget(request, response)
        return response


class ChangePasswordView(views.PasswordChangeView):
    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        response = super().form_valid(form)
        asking_again.confirm(self.request, response)  # a new password voids what was confirmed before
        return response


class ForgotPasswordView(views.PasswordResetView):
    def form_valid(self, form: ForgotPasswordForm) -> HttpResponse:
        email = form.cleaned_data["email"].lower()
        return throttling.count_attempt(self.request, "new_password_for", email) or super().form_valid(form)


class ChooseNewPasswordView(views.PasswordResetFromKeyView):
    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        response = super().form_valid(form)
        # After choosing a new password, nobody has to wait because of too many attempts at the old one.
        get_adapter()._delete_login_attempts_cached_email(self.request, email=self.reset_user.email)
        if form.new_recovery_code:
            context = {"code": form.new_recovery_code, "around": around(Occasion.NEW_KEY)}
            return render(self.request, "team/recovery_code.html", context)
        return response


@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """Here too: what a person expects of the word, whichever browser it was that they no longer have."""
    sessions.end_all(user_id=signed_in(request).pk)
    logout(request)
    messages.success(request, _("You're signed out everywhere."))
    response = redirect("account_login")
    session_ends.forget(request, response)
    return response


sign_in = views.login
sign_out = SignOutView.as_view()
change_password = throttling.rate_limited("own_password")(ChangePasswordView.as_view())
forgot_password = ForgotPasswordView.as_view()
forgot_password_sent = views.password_reset_done
choose_new_password = ChooseNewPasswordView.as_view()
new_password_chosen = views.password_reset_from_key_done
