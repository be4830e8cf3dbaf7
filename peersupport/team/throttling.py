"""Rate limits for attempts at a secret, counted under a keyed hash that changes every day.

The shared cache stores each attempt with its second: counted by account, it would record who signs in when.
"""

from collections.abc import Callable
from functools import wraps

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

View = Callable[..., HttpResponse]


def daily_hash(kind: str, value: str) -> str:
    """A keyed hash that stands for this value today, and for nothing tomorrow."""
    return salted_hmac(f"{kind} of {timezone.localdate()}", value, algorithm="sha256").hexdigest()


def count_attempt(request: HttpRequest, action: str, value: str) -> HttpResponse | None:
    """Count an attempt, and return the error page if there were too many. The limits are in ACCOUNT_RATE_LIMITS."""
    return ratelimit.consume_or_429(request, action=action, key=daily_hash(action, value))


def is_within_limit(request: HttpRequest, action: str, value: str) -> bool:
    """Count an attempt where too many get the same answer as the first, so that nobody learns anything from it."""
    return ratelimit.consume(request, action=action, key=daily_hash(action, value))


def rate_limited(action: str) -> Callable[[View], View]:
    """Decorates a view whose POST requests are limited for each signed-in account, wherever they come from."""

    def decorate(view: View) -> View:
        @wraps(view)
        def limited(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            return count_attempt(request, action, str(request.user.pk)) or view(request, *args, **kwargs)

        return limited

    return decorate
