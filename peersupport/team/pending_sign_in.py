"""Between the password and the second step: what the session holds, and when it no longer counts."""

import time
from typing import cast

from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from . import second_factor, session_keys
from .models import User

SESSION_KEY = "account_login"  # where allauth keeps it
PASSWORD_KEY = "password"  # noqa: S105
HOUR_SECONDS = 3600


def begin(login: Login) -> None:
    """Bind it to the password that was typed. The session's row says neither at which second nor the address."""
    login.email = None  # it stands with the account
    login.initiated_at = float(int(time.time()) // HOUR_SECONDS * HOUR_SECONDS)
    login.state[PASSWORD_KEY] = cast(User, login.user).get_session_auth_hash()


def is_there(request: HttpRequest) -> bool:
    return SESSION_KEY in request.session


def is_valid(login: Login) -> bool:
    """Not once the account was deactivated, or its password changed, since the password was typed."""
    user = cast(User | None, login.user)
    if user is None or not user.is_active:
        return False
    return constant_time_compare(login.state.get(PASSWORD_KEY, ""), user.get_session_auth_hash())


def forget(request: HttpRequest) -> None:
    for key in (SESSION_KEY, second_factor.CHALLENGE_KEY):
        request.session.pop(key, None)


def end(request: HttpRequest, response: HttpResponse | None = None) -> HttpResponse:
    """Drop it, with the member's key that the password unlocked. response: the sign-in page unless given."""
    forget(request)
    response = response or redirect("account_login")
    session_keys.drop(request, response)
    return response
