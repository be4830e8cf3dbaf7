"""Two planes, kept apart at the door: anonymous pages know no session, no cookie and no account."""

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve

from .public_routes import ANONYMOUS, SIGNING_IN
from .same_origin import is_from_here, page_before, written_in

SESSION_KEY = re.compile("[a-z0-9]{32}")
Answer = Callable[[HttpRequest], HttpResponse]
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class PlaneMiddleware:
    """Decides, before anything else runs, whether this page is an anonymous one. Unknown addresses are."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            request.view_name = resolve(request.path_info).view_name  # type: ignore[attr-defined]
        except Resolver404:
            request.view_name = None  # type: ignore[attr-defined]
        request.is_anonymous_page = (  # type: ignore[attr-defined]
            request.view_name is None or request.view_name in ANONYMOUS  # type: ignore[attr-defined]
        )
        return self.get_response(request)


class _StaffOnly:
    """Steps aside on anonymous pages, in front of one of Django's own middleware classes."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.is_anonymous_page:  # type: ignore[attr-defined]
            return self.get_response(request)  # type: ignore[attr-defined]
        return super().__call__(request)  # type: ignore[misc]

    def process_view(self, request, view, args, kwargs):  # type: ignore[no-untyped-def]
        if request.is_anonymous_page:
            return None
        inherited = getattr(super(), "process_view", None)
        return inherited(request, view, args, kwargs) if inherited else None


class StaffSessionMiddleware(_StaffOnly, SessionMiddleware):
    def process_request(self, request: HttpRequest) -> None:
        """A cookie that can be no session of ours is none: some databases refuse to look for it."""
        if not SESSION_KEY.fullmatch(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        super().process_request(request)


class StaffCsrfMiddleware(_StaffOnly, CsrfViewMiddleware):
    pass


class StaffAuthenticationMiddleware(_StaffOnly, AuthenticationMiddleware):
    pass


class StaffMessageMiddleware(_StaffOnly, MessageMiddleware):
    pass


class StaffLoginRequiredMiddleware(_StaffOnly, LoginRequiredMiddleware):
    """The short list alone decides: a view cannot open itself with a decorator."""

    def process_view(self, request, view, args, kwargs):  # type: ignore[no-untyped-def]
        if request.is_anonymous_page or request.view_name in SIGNING_IN or request.user.is_authenticated:
            return None
        if request.method in READING:
            return self.handle_no_permission(request, view)
        if written := written_in(request):
            context = {"written": written, "page": page_before(request)}
            return render(request, "account/signed_out.html", context, status=403)
        return redirect(settings.LOGIN_URL)  # what is only pressed cannot be come back to


class SameOriginMiddleware:
    """Guards the forms of anonymous pages, which have no cookie to guard: only this site may post to them."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_writing = request.method not in READING
        if request.is_anonymous_page and is_writing and not is_from_here(request):  # type: ignore[attr-defined]
            return render(request, "403.html", status=403)
        return self.get_response(request)


class NoStoreMiddleware:
    """No page is kept by a browser or a proxy; static files are served before this runs."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
