"""allauth's pages, with what a member's key asks for beside the password."""

from allauth.account import views
from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from . import session_keys, throttling
from .forms.sign_in import ForgotPasswordForm, PasswordResetForm


class SignOutView(views.LogoutView):
    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        answer = super().post(request, *args, **kwargs)
        session_keys.drop(request, answer)
        return answer


class ForgotPasswordView(views.PasswordResetView):
    def form_valid(self, form: ForgotPasswordForm) -> HttpResponse:
        email = form.cleaned_data["email"].lower()
        return throttling.too_many(self.request, "new_password_for", email) or super().form_valid(form)


class ChooseNewPasswordView(views.PasswordResetFromKeyView):
    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        answer = super().form_valid(form)
        # Who has just chosen a new password need not wait because the old one was tried too often.
        get_adapter()._delete_login_attempts_cached_email(self.request, email=self.reset_user.email)
        if form.new_recovery_code:
            return render(self.request, "team/recovery_code.html", {"code": form.new_recovery_code, "is_new_key": True})
        return answer


sign_in = views.login
sign_out = SignOutView.as_view()
change_password = throttling.counted("own_password")(views.password_change)
forgot_password = ForgotPasswordView.as_view()
forgot_password_sent = views.password_reset_done
choose_new_password = ChooseNewPasswordView.as_view()
new_password_chosen = views.password_reset_from_key_done
