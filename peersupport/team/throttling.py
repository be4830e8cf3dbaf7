"""How often somebody may try: counted under a keyed hash that is another one tomorrow, by no name and no number.

What is counted stands in the shared cache with its second: by account it would be a diary of who signs in when.
"""

from collections.abc import Callable
from functools import wraps

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

View = Callable[..., HttpResponse]


def stands_for(kind: str, what: str) -> str:
    return salted_hmac(f"{kind} of {timezone.localdate()}", what, algorithm="sha256").hexdigest()


def too_many(request: HttpRequest, action: str, what: str) -> HttpResponse | None:
    """The page that says so, or nothing. How many they may be stands in ACCOUNT_RATE_LIMITS."""
    return ratelimit.consume_or_429(request, action=action, key=stands_for(action, what))


def counted(action: str) -> Callable[[View], View]:
    """What is posted to the page is counted for the account that is signed in, from wherever it comes."""

    def decorate(view: View) -> View:
        @wraps(view)
        def found(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            return too_many(request, action, str(request.user.pk)) or view(request, *args, **kwargs)

        return found

    return decorate
