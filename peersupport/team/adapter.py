"""Where allauth behaves differently here: no sign-up, no client addresses, no hint at who has an account."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.core.internal.ratelimit import RateLimitUsage, cache_lock
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from . import second_factor, session_keys, throttling
from .actions import mails
from .documents.mails import MailKind
from .domain import clients, passwords
from .queries import factors


class TeamAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": gettext_lazy("Wrong e-mail or password."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait five minutes, then try again."),
        "enter_current_password": gettext_lazy("This isn't your current password."),
        "invalid_password_reset": gettext_lazy("This link no longer works."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        return False  # sign-in has no second, JSON form

    def get_client_ip(self, request: HttpRequest) -> str:
        """Identifies the client in rate limits: a keyed hash that changes every day.

        allauth's own raises where a proxy writes less than the settings say, and counts all of `::ffff:` as one client.
        """
        network = clients.network(
            forwarded_for=request.headers.get("X-Forwarded-For", ""),
            remote_address=request.META.get("REMOTE_ADDR", ""),
            proxies=getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0),
        )
        return throttling.daily_hash("client", network)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """allauth's own key is a plain hash of the address: anybody with the roster could recompute it."""
        return throttling.daily_hash("address", super()._get_login_attempts_cache_key(request, **credentials))

    def _rollback_login_failed_rl_usage(self) -> None:
        """A successful sign-in leaves no row: even an empty one would show when it was."""
        super()._rollback_login_failed_rl_usage()
        usage: RateLimitUsage | None = getattr(self, "_login_failed_rl_usage", None)
        for key in [entry.cache_key for entry in usage.usage] if usage else []:
            with cache_lock(key) as is_locked:
                if is_locked and not cache.get(key):
                    cache.delete(key)

    def clean_password(self, password: str, user: AbstractBaseUser | None = None) -> str:
        """Every new password that a form takes."""
        return super().clean_password(passwords.normalized(password), user)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """A deactivated account gets the same answer as a wrong password."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def pre_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse | None:
        """Before a second step: a row of somebody who never comes to it mustn't record the second either."""
        request.session.pop(AUTHENTICATION_METHODS_SESSION_KEY, None)
        return super().pre_login(request, user, **kwargs)

    def post_login(
        self, request: HttpRequest, user: AbstractBaseUser, *, signal_kwargs: dict[str, Any] | None, **kwargs: Any
    ) -> HttpResponse:
        """Put what the steps have carried into the session: only here, after every one of them was passed.

        That is the key that the password unlocked, and the mark that there was a second step.
        """
        carried = signal_kwargs or {}
        if member_key := carried.pop(session_keys.SIGNAL_KEY, None):
            request.session[session_keys.SESSION_KEY] = member_key
        if carried.pop(second_factor.SIGNAL_KEY, False):
            second_factor.mark(request, user_id=user.pk, has_codes_to_keep=factors.has_codes_to_keep(user))  # type: ignore[arg-type]
        request.session.pop(second_factor.CHALLENGE_KEY, None)
        request.session.pop(AUTHENTICATION_METHODS_SESSION_KEY, None)  # it records the exact second
        return super().post_login(request, user, signal_kwargs=signal_kwargs, **kwargs)

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """Queue the mail, so that a mail server that is down does not reveal whether an address is known."""
        mails.queue_link(kind=MailKind.NEW_PASSWORD, email=user.email, link=context["password_reset_url"])  # type: ignore[attr-defined]

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Always at SITE_URL, whatever host name the request used."""
        uidb36, _, token = key.partition("-")
        return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": token})

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("team:me")
