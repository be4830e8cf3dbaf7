"""allauth's views, extended by what a member's key needs besides the password."""

from allauth.account import views
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from peersupport.core import slow_hashes

from .. import asking_again, session_ends, throttling
from ..actions import sessions, tries
from ..forms.sign_in import PasswordChangeForm, PasswordResetForm, SignInForm
from ..presenters import waiting
from ..presenters.recovery_code import Occasion, around
from .access import signed_in


class SignInView(views.LoginView):
    def form_valid(self, form: SignInForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except slow_hashes.Busy:
            form.add_error(None, waiting.many_are_signing_in())
            form.status = slow_hashes.STATUS
            return self.form_invalid(form)

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = form.status
        response._has_been_logged = True  # a flood isn't an error of the program
        return response


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


class ChooseNewPasswordView(views.PasswordResetFromKeyView):
    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        response = super().form_valid(form)
        tries.forgive(throttling.on_sign_in(self.request, self.reset_user.email))
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


sign_in = SignInView.as_view()
sign_out = SignOutView.as_view()
change_password = throttling.rate_limited("own_password")(ChangePasswordView.as_view())
forgot_password = views.password_reset
forgot_password_sent = views.password_reset_done
choose_new_password = ChooseNewPasswordView.as_view()
new_password_chosen = views.password_reset_from_key_done
