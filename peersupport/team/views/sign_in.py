"""allauth's views, extended by what a member's key needs besides the password."""

from typing import TYPE_CHECKING, Any

from allauth.account import views
from allauth.account.forms import UserTokenForm
from allauth.account.internal.decorators import login_stage_required
from allauth.mfa.internal.constants import LoginStageKey
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from peersupport.core import slow_hashes
from peersupport.core.http import FORM_METHODS

from .. import asking_again, passkeys, pending_sign_in, second_factor, session_ends, throttling
from ..actions import factors, mails, sessions, tries
from ..documents.mails import MailKind
from ..forms.factors import CodeForm
from ..forms.sign_in import ForgotPasswordForm, PasswordChangeForm, PasswordResetForm, SignInForm
from ..presenters import factors as presenter
from ..presenters import waiting
from ..presenters.recovery_code import Occasion, around
from ..queries import factors as queries
from .access import signed_in, submit

if TYPE_CHECKING:
    from allauth.account.stages import LoginStage


class SignInView(views.LoginView):
    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Whoever types a password begins anew, even where somebody else is between the two steps."""
        if request.method == "POST" and pending_sign_in.is_there(request):
            pending_sign_in.forget(request)
        return super().dispatch(request, *args, **kwargs)

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
        was_signed_in = request.user.is_authenticated
        response = super().post(request, *args, **kwargs)
        if was_signed_in:
            messages.success(request, _("You're signed out."))
        session_ends.forget(request, response)
        return response


class ChangePasswordView(views.PasswordChangeView):
    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        response = super().form_valid(form)
        asking_again.confirm(self.request, response)  # a new password voids what was confirmed before
        return response


@method_decorator(login_not_required, name="dispatch")
class ForgotPasswordView(views.PasswordResetView):
    def form_valid(self, form: ForgotPasswordForm) -> HttpResponse:
        if not form.users:
            mails.take_as_long(kind=MailKind.NEW_PASSWORD, email=form.cleaned_data["email"].lower())
        return super().form_valid(form)


class ChooseNewPasswordView(views.PasswordResetFromKeyView):
    def dispatch(self, request: HttpRequest, uidb36: str, key: str, **kwargs: object) -> HttpResponse:
        """The link is looked at each time. The library's own way writes its secret, readable, into a session's row."""
        self.key = key
        link = UserTokenForm({"uidb36": uidb36, "key": key})
        is_good = link.is_valid()
        self.reset_user: Any = link.reset_user if is_good else None
        if not is_good:
            return self.render_to_response(self.get_context_data(token_fail=True))
        if request.user.is_authenticated and request.user != self.reset_user:
            self.logout()
        return super(views.PasswordResetFromKeyView, self).dispatch(request, uidb36, key, **kwargs)

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
forgot_password = ForgotPasswordView.as_view()
forgot_password_sent = views.password_reset_done
choose_new_password = ChooseNewPasswordView.as_view()
new_password_chosen = views.password_reset_from_key_done


@require_http_methods(FORM_METHODS)
@sensitive_post_parameters()
@login_stage_required(stage=LoginStageKey.MFA_AUTHENTICATE.value, redirect_urlname="account_login")
def second_step(request: HttpRequest) -> HttpResponse:
    """After the password. A wrong answer may be put right, at growing intervals."""
    stage: LoginStage = request._login_stage  # type: ignore[attr-defined]
    own = queries.factors_of(stage.login.user)  # type: ignore[arg-type]
    if not (own.count and pending_sign_in.is_valid(stage.login)):
        return pending_sign_in.end(request)
    is_passkey = "credential" in request.POST
    form = CodeForm(None if is_passkey else request.POST or None, field=presenter.code_field(has_app=bool(own.app)))
    if request.method == "POST":
        answer = _by_passkey(request, stage, own) if is_passkey else _by_code(request, stage, form, own)
        if answer:
            return answer
    context = {
        "form": form, "is_refused": is_passkey, "options": "", "site": passkeys.site_origin(),
        "leaves_by_sign_out": True,  # Exit would leave the accepted password behind
    }  # fmt: skip
    if own.passkeys:
        context["options"] = _asked_of_passkeys(request, own)
    return render(request, "account/second_step.html", context)


def _asked_of_passkeys(request: HttpRequest, own: queries.Factors) -> str:
    """The same challenge until it is answered, so that this page can be open twice."""
    pending = request.session.get(second_factor.CHALLENGE_KEY, "")
    options, challenge = passkeys.ask_for(own.passkeys, challenge=pending)
    if challenge != pending:
        request.session[second_factor.CHALLENGE_KEY] = challenge
    return passkeys.as_json(options)


def _by_passkey(request: HttpRequest, stage: "LoginStage", own: queries.Factors) -> HttpResponse | None:
    """Not counted: nobody guesses one. The challenge is used up by any answer."""
    challenge = request.session.pop(second_factor.CHALLENGE_KEY, "")
    is_signed = passkeys.is_signed(request.POST["credential"], own.passkeys, challenge=challenge)
    is_first = is_signed and factors.use_challenge(challenge=challenge, now=timezone.now())
    return _passed(stage) if is_first else None


def _by_code(request: HttpRequest, stage: "LoginStage", form: CodeForm, own: queries.Factors) -> HttpResponse | None:
    user, used = stage.login.user, list[factors.Used]()
    if not form.is_valid():
        return None
    try:
        attempt = tries.begin(throttling.on_sign_in(request, user.email, "second step"))  # type: ignore[union-attr]
    except tries.MustWait as wait:
        form.add_error("code", waiting.wait_then_code(wait.seconds, has_app=bool(own.app)))
        return None
    typed, now = form.cleaned_data["code"], timezone.now()
    if not submit(form, lambda: used.append(factors.use_code(user=user, typed=typed, now=now))):  # type: ignore[arg-type]
        factors.tell_of_wrong_codes(user_id=user.pk, number=attempt.number)  # type: ignore[union-attr]
        return None
    tries.succeed(attempt)
    if used[0].backup_codes_left is not None:
        messages.warning(request, presenter.after_backup_code(used[0].backup_codes_left))
    return _passed(stage)


def _passed(stage: "LoginStage") -> HttpResponse:
    stage.login.signal_kwargs = {**(stage.login.signal_kwargs or {}), second_factor.SIGNAL_KEY: True}
    return stage.exit()
