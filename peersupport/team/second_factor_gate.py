"""Before the second factor, a session opens nothing but what adds one, and signing out."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from peersupport.access.public_routes import SIGN_IN_ROUTES
from peersupport.access.returned_fields import typed_texts
from peersupport.access.same_origin import previous_page

from . import second_factor, session_ends
from .domain.second_factor import Step

# Addresses that add a factor to the account, or change one.
FACTOR_ROUTES = frozenset(
    {
        "team:second_factor",
        "team:add_app",
        "team:add_passkey",
        "team:rename_passkey",
        "team:remove_factor",
        "team:backup_codes",
        "team:keep_backup_codes",
    }
)
OPEN = {
    Step.TO_ENROLL: frozenset({"team:second_factor", "team:add_app", "team:add_passkey"}),
    Step.TO_KEEP_CODES: frozenset({"team:second_factor", "team:backup_codes", "team:keep_backup_codes"}),
    Step.TO_SIGN_IN_AGAIN: frozenset[str](),
}


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> HttpResponse | None:
        if not _is_behind_the_gate(request):
            return None
        step = second_factor.step_of(request)
        if step is Step.THROUGH or request.view_name in OPEN[step]:  # type: ignore[attr-defined]
            return None
        if step is Step.TO_SIGN_IN_AGAIN:
            return _sign_in_again(request)
        if typed := typed_texts(request):
            return render(
                request, "team/factors/typed.html", {"typed_texts": typed, "leaves_by_sign_out": True}, status=403
            )
        return redirect("team:second_factor")


def _is_behind_the_gate(request: HttpRequest) -> bool:
    """Where nobody needs a factor, only what changes one is: a session that hasn't passed mustn't add its own."""
    name = request.view_name  # type: ignore[attr-defined]
    if request.is_anonymous_page or name in SIGN_IN_ROUTES or not request.user.is_authenticated:  # type: ignore[attr-defined]
        return False
    return settings.SECOND_FACTOR_IS_REQUIRED or name in FACTOR_ROUTES


def _sign_in_again(request: HttpRequest) -> HttpResponse:
    context = {"typed_texts": typed_texts(request), "page": previous_page(request)}
    logout(request)
    if context["typed_texts"]:
        response = render(request, "account/signed_out.html", context, status=403)
    else:
        response = redirect("account_login")
    session_ends.forget(request, response)
    return response
