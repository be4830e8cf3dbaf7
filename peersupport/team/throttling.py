"""What a try at a password or a code is counted on, and the answer to whoever tries too often.

A device that is known (peersupport/team/known_devices.py) is counted alone, so that nothing that others do keeps its
owner out. Any other is counted by the account and the network together.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from peersupport.access.returned_fields import typed_texts
from peersupport.core import slow_hashes

from . import day_tags, known_devices
from .actions import tries
from .domain import clients
from .presenters import waiting

View = Callable[..., HttpResponse]
TOO_EARLY = 429


@contextmanager
def sign_in_try(request: HttpRequest, email: str) -> Iterator[tries.Try]:
    """One try at the password of this account, in the line of its device. Raises MustWait, and slow_hashes.Busy.

    It counts as a wrong one until `tries.succeed` says otherwise, and not at all if nobody could look at it.
    """
    counted = on_sign_in(request, email)
    line = slow_hashes.Line.STRANGERS if counted.account else slow_hashes.Line.KNOWN
    attempt = tries.begin(counted, place=request.POST.get("place", ""))
    with slow_hashes.in_line(line), taken_back_if_busy(attempt):
        yield attempt


def on_sign_in(request: HttpRequest, email: str, kind: str = "sign-in") -> tries.Counted:
    """email: as typed; whether anybody has this address makes no difference. kind: which step of signing in."""
    email = email.strip().lower()
    if device := known_devices.device_of(request, email):
        return tries.Counted(day_tags.tag(f"{kind} on device", email, device))
    network = network_of(request)
    return tries.Counted(
        own=day_tags.tag(f"{kind} from network", email, network),
        account=day_tags.tag(f"{kind} at account", email),
        network=day_tags.tag(f"{kind} by network", network),
    )


def network_try(request: HttpRequest, action: str, *, email: str) -> tries.Try:
    """One time that somebody who isn't signed in does this: counted by their network alone, whomever it is about.

    A device that is known for this address is counted by itself. Raises MustWait.
    """
    device = known_devices.device_of(request, email)
    tag = day_tags.tag(f"{action} on device", device) if device else day_tags.tag(action, network_of(request))
    return tries.begin(tries.Counted(tag), place=request.POST.get("place", ""))


def rate_limited(action: str, *, counts_all: bool = False) -> Callable[[View], View]:
    """Decorates a view whose POST requests are slowed down for each signed-in account, wherever they come from.

    A redirect says that the try was right. counts_all: what counts is how often it is done, right or not.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def limited(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.method != "POST":
                return view(request, *args, **kwargs)
            try:
                attempt = own_try(request, action)
            except tries.MustWait as wait:
                return wait_page(request, wait.seconds)
            with taken_back_if_busy(attempt):
                response = view(request, *args, **kwargs)
            if response.status_code == 302 and not counts_all:
                tries.succeed(attempt)
            return response

        return limited

    return decorate


def own_try(request: HttpRequest, action: str) -> tries.Try:
    """One try of somebody who is signed in. Raises MustWait."""
    return tries.begin(_own(request, action))


def forgive(request: HttpRequest, action: str) -> None:
    """The try was right, and the answer to it is a page."""
    tries.forgive(_own(request, action))


@contextmanager
def taken_back_if_busy(attempt: tries.Try) -> Iterator[None]:
    try:
        yield
    except slow_hashes.Busy:
        tries.take_back(attempt)
        raise


def wait_page(request: HttpRequest, seconds: int) -> HttpResponse:
    context = {"sentence": waiting.wait_then_again(seconds), "typed_texts": typed_texts(request)}
    return render(request, "429.html", context, status=TOO_EARLY)


def network_of(request: HttpRequest) -> str:
    """allauth's own raises where a proxy writes less than the settings say, and takes all of `::ffff:` for one."""
    return clients.network(
        forwarded_for=request.headers.get("X-Forwarded-For", ""),
        remote_address=request.META.get("REMOTE_ADDR", ""),
        proxies=getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0),
    )


def _own(request: HttpRequest, action: str) -> tries.Counted:
    return tries.Counted(day_tags.tag(action, request.user.pk or 0))
