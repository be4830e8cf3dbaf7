"""allauth's sign-in forms, with our own labels, and unlocking the member's key beside the password."""

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from allauth.account import forms as allauth_forms
from allauth.account.models import Login
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from peersupport.core import slow_hashes
from peersupport.sealing.envelope import CannotOpen

from .. import key_pair, known_devices, pending_sign_in, session_ends, session_keys, throttling
from ..actions import keys, tries
from ..models import MemberKey, User
from ..presenters import waiting
from ..queries import member_keys
from .base import PageForm, SamePasswordTwice

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PASSWORD_HINT = _("At least 12 characters. A short sentence is easy to remember and hard to guess.")
NO_MATCH = _("These two passwords don't match. Type the new password twice.")


def set_labels(form: forms.Form, **labels: "StrOrPromise") -> None:
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].widget.attrs.pop("placeholder", None)


class SignInForm(allauth_forms.LoginForm):
    """place: of somebody who was told to wait; without it others could take their turn."""

    is_own_device = forms.BooleanField(
        label=_("This is my own device"),
        required=False,
        help_text=_(
            "For a phone or computer that nobody else uses. For 90 days you can sign in here at once, even while "
            "someone else tries passwords."
        ),
    )
    place = forms.CharField(required=False, widget=forms.HiddenInput)
    status = 200
    _login: Login

    shift = forms.BooleanField(label=_("This is my own phone: keep me signed in for my shift"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_labels(self, login=_("Your e-mail address"), password=_("Your password"))
        self.fields["login"].widget.attrs["autocomplete"] = "username"
        self.fields["is_own_device"].initial = known_devices.known_user(self.request) is not None
        self.fields["shift"].help_text = ngettext(
            "For members. You stay signed in until you sign out, for %(hours)d hour at most. “Accept” then asks each "
            "time who is there, by password or passkey.",
            "For members. You stay signed in until you sign out, for %(hours)d hours at most. “Accept” then asks each "
            "time who is there, by password or passkey.",
            settings.SHIFT_HOURS,
        ) % {"hours": settings.SHIFT_HOURS}
        if not settings.SHIFT_HOURS:
            del self.fields["shift"]

    def clean(self) -> dict[str, Any]:
        """Who is too early, or comes when too many sign in at once, reads so and keeps the address."""
        try:
            return super().clean() or {}
        except tries.MustWait as wait:
            self._put_place(wait.place)
            self.status = throttling.TOO_EARLY
            raise forms.ValidationError(waiting.wait_then_sign_in(wait.seconds)) from None
        except slow_hashes.Busy:
            self.status = slow_hashes.STATUS
            raise forms.ValidationError(waiting.many_are_signing_in()) from None

    def _put_place(self, place: str) -> None:
        data = self.data.copy()  # type: ignore[has-type]
        data["place"] = place
        self.data = data

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Unlock the key here: a second authentication step, where there is one, no longer has the password."""
        with suppress(CannotOpen):  # of a damaged key, with which they may sign in all the same
            keys.normalize_password(user_id=self.user.pk, password=self.cleaned_data["password"])
        self.user.refresh_from_db(fields=["password", "session_generation"])  # the session is bound to both
        split_key, shift_end = self._unlock(), self._shift_end(request)
        self._login.signal_kwargs = {
            session_keys.SIGNAL_KEY: split_key and split_key.session_half,
            session_ends.SIGNAL_KEY: shift_end and shift_end.isoformat(),
            known_devices.SIGNAL_KEY: self.cleaned_data["is_own_device"] or bool(shift_end),
        }
        pending_sign_in.begin(self._login)
        response = super().login(request, redirect_url)
        if shift_end and session_ends.is_shift(request):
            request.session.set_expiry(shift_end)  # the library has just set it to when the browser is closed
        # The server keeps no copy, so the browser gets its half before a second step too, or it would be lost.
        if split_key and (request.user.is_authenticated or pending_sign_in.is_there(request)):
            session_keys.set_cookie(response, split_key, until=shift_end)
        return response

    def _shift_end(self, request: HttpRequest) -> datetime | None:
        """Until when they stay signed in on their own phone; None if they don't, or may not."""
        if not self.cleaned_data.get("shift"):
            return None
        if session_ends.may_last_a_shift(self.user):
            return session_ends.shift_end(timezone.now())
        messages.warning(
            request,
            gettext("Staying signed in for a shift is for members without another role. Yours ends as always."),
        )
        return None

    def _unlock(self) -> session_keys.SplitKey | None:
        key = member_keys.current_key_of(self.user)
        if key is None:
            return None
        try:
            private_key = key_pair.open_by_password(key.pair, self.cleaned_data["password"])
        except CannotOpen:
            return None
        return session_keys.split(private_key, self.user.pk)


class ForgotPasswordForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_labels(self, email=_("Your e-mail address"))


class CannotGetInForm(PageForm):
    """place: of somebody who was told to wait."""

    email = forms.EmailField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    place = forms.CharField(required=False, widget=forms.HiddenInput)

    def must_wait(self, wait: tries.MustWait) -> None:
        """Say so, and keep the address."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["place"] = wait.place
        self.data = data
        self.add_error(None, waiting.wait_then_say_so(wait.seconds))


class PasswordChangeForm(SamePasswordTwice, allauth_forms.ChangePasswordForm):
    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_labels(
            self,
            oldpassword=_("Your current password"),
            password1=_("New password"),
            password2=_("Same password again"),
        )
        self.fields["oldpassword"].help_text = ""
        self.fields["password1"].help_text = PASSWORD_HINT

    def save(self) -> None:
        data = self.cleaned_data
        keys.change_password(user_id=self.user.pk, old=data["oldpassword"], new=data["password1"])
        self.user.refresh_from_db()


class PasswordResetForm(SamePasswordTwice, allauth_forms.ResetPasswordKeyForm):
    """After a forgotten password. A member's key is kept with the recovery code, or replaced."""

    recovery_code = forms.CharField(
        label=_("Your recovery code"),
        required=False,
        max_length=500,
        help_text=_("The eight words you printed or wrote down. With them, you keep your key."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    has_no_code = forms.BooleanField(
        label=_("I no longer have it"),
        required=False,
        help_text=(
            _(
                "You get a new key, and a coordinator confirms it. You can no longer read your open contacts; "
                "they go to someone else."
            )
        ),
    )
    new_recovery_code: str | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_labels(self, password1=_("New password"), password2=_("Same password again"))
        self.fields["password1"].help_text = PASSWORD_HINT
        self.key = member_keys.current_key_of(self.user) if self.user else None
        if self.key is None:
            del self.fields["recovery_code"], self.fields["has_no_code"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.key is not None:
            typed, has_no_code = data.get("recovery_code", ""), data.get("has_no_code", False)
            data["recovery_code"] = self._working_code(self.key, typed, has_no_code)
        return data

    def _working_code(self, key: MemberKey, typed: str, has_no_code: bool) -> str:
        if typed:
            try:
                key_pair.open_by_recovery_code(key.pair, typed)
            except CannotOpen:
                if not has_no_code:
                    self.add_error(
                        "recovery_code", _("These words don't open your key. Check them against your paper.")
                    )
            else:
                return typed
        elif not has_no_code:
            self.add_error("recovery_code", _("Type your recovery code, or check the box if you no longer have it."))
        return ""

    def save(self) -> None:
        data = self.cleaned_data
        self.new_recovery_code = keys.reset_password(
            user_id=self.user.pk, password=data["password1"], recovery_code=data.get("recovery_code", "")
        )
        self.user.refresh_from_db()
