"""Where allauth behaves differently here: no sign-up, no client addresses, no hint at who has an account."""

from datetime import datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from . import asking_again, known_devices, second_factor, session_ends, session_keys, throttling
from .actions import mails, tries
from .documents.mails import MailKind
from .domain import passwords
from .queries import factors


class TeamAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("Wrong e-mail or password."),
        "enter_current_password": gettext_lazy("This isn't your current password."),
        "invalid_password_reset": gettext_lazy("This link no longer works."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        return False  # sign-in has no second, JSON form

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """throttling.py counts tries: allauth would count them in the cache, and refuse for minutes."""

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        """Every new password that a form takes."""
        return super().clean_password(passwords.normalized(password), user)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """A deactivated account gets the same answer as a wrong password. Raises MustWait, and slow_hashes.Busy."""
        with throttling.sign_in_try(request, credentials.get("email", "")) as attempt:
            user = super().authenticate(request, **credentials)
            if user is None or not user.is_active:
                return None
            tries.succeed(attempt)
            return user

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        """Before a second step: a row of somebody who never comes to it mustn't record the second either."""
        request.session.pop(AUTHENTICATION_METHODS_SESSION_KEY, None)
        return super().pre_login(request, user, **kwargs)

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, *, signal_kwargs: dict[str, Any] | None, **kwargs: Any
    ) -> HttpResponse:
        """Put what the steps have carried into the session: only here, after every one of them was passed.

        That is the key that the password unlocked, the mark that there was a second step, and until when the person
        stays signed in on their own phone.
        """
        carried = signal_kwargs or {}
        if key := carried.pop(session_keys.SIGNAL_KEY, None):
            request.session[session_keys.SESSION_KEY] = key
        if carried.pop(second_factor.SIGNAL_KEY, False):
            second_factor.mark(request, user_id=user.pk, has_codes_to_keep=factors.has_codes_to_keep(user))  # type: ignore[arg-type]
        request.session.pop(second_factor.CHALLENGE_KEY, None)
        shift_end = carried.pop(session_ends.SIGNAL_KEY, None)
        is_own_device = carried.pop(known_devices.SIGNAL_KEY, False)
        session_ends.begin(request, until=datetime.fromisoformat(shift_end) if shift_end else None)
        request.session.pop(AUTHENTICATION_METHODS_SESSION_KEY, None)  # it records the exact second
        response = super().post_login(request, user, signal_kwargs=signal_kwargs, **kwargs)
        asking_again.confirm(request, response)
        if is_own_device:
            known_devices.remember(request, response, user)  # type: ignore[arg-type]
        return response

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """Queue the mail, so that a mail server that is down does not reveal whether an address is known."""
        mails.queue_anybodys_link(
            kind=MailKind.NEW_PASSWORD,
            email=user.email,  # type: ignore[attr-defined]
            link=context["password_reset_url"],
            is_counted=not known_devices.device_of(context["request"], user.email),  # type: ignore[attr-defined]
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Always at SITE_URL, whatever host name the request used."""
        uidb36, _, token = key.partition("-")
        return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": token})

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("team:me")
