"""The second factor of a session: who has one, and the mark of a session that has passed it.

The mark is set in two places: where a sign-in ends whose second step was passed, and where somebody adds the first
factor of their account. It names the account, so that it counts for no other.
"""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from .domain.second_factor import Step, step
from .models import User

SIGNAL_KEY = "second_factor"  # in the data that allauth carries from the second step to the end of the sign-in
SESSION_KEY = "second_factor"
CODES_KEY = "backup_codes_to_keep"
CHALLENGE_KEY = "passkey_challenge"  # of the second step; never of somebody who is signed in
# Backup codes alone are no second factor.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def enrolled(user: User) -> bool:
    """Whether this account has an app or a passkey."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def is_offered(user: User) -> bool:
    """Whether the home says that there is such a thing: where none is required, to those who have none."""
    return not settings.SECOND_FACTOR_IS_REQUIRED and not enrolled(user)


def has_passed(request: HttpRequest) -> bool:
    return request.user.is_authenticated and request.session.get(SESSION_KEY) == request.user.pk


def mark(request: HttpRequest, *, user_id: int, has_codes_to_keep: bool) -> None:
    request.session[SESSION_KEY] = user_id
    request.session.pop(CODES_KEY, None)
    if has_codes_to_keep:
        request.session[CODES_KEY] = True


def codes_are_kept(request: HttpRequest) -> None:
    if request.session.get(CODES_KEY):  # and nothing is written where there is nothing to change
        del request.session[CODES_KEY]


def step_of(request: HttpRequest) -> Step:
    """Of somebody who has signed in. Asks the database only for a session without the mark."""
    passed = has_passed(request)
    return step(
        is_required=settings.SECOND_FACTOR_IS_REQUIRED,
        has_passed=passed,
        is_enrolled=passed or enrolled(request.user),  # type: ignore[arg-type]
        has_codes_to_keep=CODES_KEY in request.session,
    )
