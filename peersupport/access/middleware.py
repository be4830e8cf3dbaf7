"""Keeps the two planes apart: anonymous pages run without session, cookies and account."""

import re
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware, LoginRequiredMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.middleware.csrf import REASON_NO_REFERER, CsrfViewMiddleware, RejectRequest
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve

from peersupport.core import few_at_once, plane, slow_hashes

from . import error_pages
from .body_limits import ANYBODYS_BYTES, STAFF_BYTES, UPLOAD_ROUTES
from .public_routes import ANONYMOUS_ROUTES, FORMLESS_ROUTES, MONITORS_ROUTE, SIGN_IN_ROUTES
from .returned_fields import typed_texts
from .same_origin import Source, is_from_another_site, is_same_origin, previous_page, source_of

SESSION_KEY = re.compile("[a-z0-9]{32}")
GetResponse = Callable[[HttpRequest], HttpResponse]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})  # RFC 9110
SKIPPED_BYTES, SKIPPED_AT_ONCE = 64 * 1024 * 1024, 64 * 1024


class PlaneMiddleware:
    """Decides before anything else runs whether the page is anonymous. Unknown addresses are."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            request.view_name = resolve(request.path_info).view_name  # type: ignore[attr-defined]
        except Resolver404:
            request.view_name = None  # type: ignore[attr-defined]
        request.is_anonymous_page = (  # type: ignore[attr-defined]
            request.view_name is None or request.view_name in ANONYMOUS_ROUTES  # type: ignore[attr-defined]
        )
        is_anonymous = request.is_anonymous_page and request.view_name != MONITORS_ROUTE  # type: ignore[attr-defined]
        plane.enter(anonymous=is_anonymous)
        if not is_anonymous:
            return self.get_response(request)
        with few_at_once.place():
            return self.get_response(request)


class _StaffOnly:
    """Skips one of Django's own middleware classes on anonymous pages."""

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
        """Ignore a cookie that can't be a session key of ours: some databases raise an error when they look it up."""
        if not SESSION_KEY.fullmatch(request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")):
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
        super().process_request(request)


class StaffCsrfMiddleware(_StaffOnly, CsrfViewMiddleware):
    """Django's, token and all, with this site's own rule for where a form came from: a proxy rewrites Origin."""

    def process_view(self, request, view, args, kwargs):  # type: ignore[no-untyped-def]
        is_checked = request.method not in SAFE_METHODS and not getattr(request, "_dont_enforce_csrf_checks", False)
        if is_checked and not request.is_anonymous_page and not is_same_origin(request):
            return error_pages.refused_form(request)
        return super().process_view(request, view, args, kwargs)

    def _origin_verified(self, request: HttpRequest) -> bool:
        return True  # process_view has looked at it

    def _check_referer(self, request: HttpRequest) -> None:
        """Over TLS something has to say that the form came from here."""
        if source_of(request) is not Source.THIS_SITE:
            raise RejectRequest(REASON_NO_REFERER)


class StaffAuthenticationMiddleware(_StaffOnly, AuthenticationMiddleware):
    pass


class StaffMessageMiddleware(_StaffOnly, MessageMiddleware):
    pass


class StaffLoginRequiredMiddleware(_StaffOnly, LoginRequiredMiddleware):
    """Only the list of public routes decides: a view can't exempt itself with a decorator."""

    def process_view(self, request, view, args, kwargs):  # type: ignore[no-untyped-def]
        if request.is_anonymous_page or request.view_name in SIGN_IN_ROUTES or request.user.is_authenticated:
            return None
        if request.method in SAFE_METHODS:
            return self.handle_no_permission(request, view)
        if typed := typed_texts(request):
            context = {"typed_texts": typed, "page": previous_page(request)}
            return render(request, "account/signed_out.html", context, status=403)
        return redirect(settings.LOGIN_URL)  # a bare button has nothing to give back


class SameOriginMiddleware:
    """Protects the forms of anonymous pages, which have no CSRF cookie: only this site may post to them."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_unsafe = request.method not in SAFE_METHODS
        if request.is_anonymous_page and is_unsafe and not is_same_origin(request):  # type: ignore[attr-defined]
            return error_pages.refused_form(request)
        return self.get_response(request)


class WholeBodyMiddleware:
    """Reads a form before anything else does, if a page here takes it, and only if all of it has arrived.

    A server that hands on a chunked body hands on an empty one, and half a body when the line breaks. Making a form of
    a body costs far more than its way here, so that what nobody will look at isn't made one.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in SAFE_METHODS:
            return self.get_response(request)
        if _has_no_length(request):
            return render(request, "411.html", status=411)
        is_anonymous: bool = request.is_anonymous_page  # type: ignore[attr-defined]
        refusal = _refused_body(request, ANYBODYS_BYTES) if is_anonymous else None
        response = refusal or self.get_response(request)
        _skip_body(request)
        return response

    def process_view(self, request, view, args, kwargs):  # type: ignore[no-untyped-def]
        """On staff's pages, once it is known who asks: a stranger's form is as short there as elsewhere."""
        if request.is_anonymous_page or request.method in SAFE_METHODS:
            return None
        return _refused_body(request, STAFF_BYTES if request.user.is_authenticated else ANYBODYS_BYTES)


def _refused_body(request: HttpRequest, most_bytes: int) -> HttpResponse | None:
    """The page to answer with unless the form has arrived; None, too, where nobody is going to read one."""
    view_name = request.view_name  # type: ignore[attr-defined]
    if request.method != "POST" or view_name in FORMLESS_ROUTES | {None} or is_from_another_site(request):
        return None
    has_files = view_name in UPLOAD_ROUTES and request.content_type == "multipart/form-data"
    try:
        if not has_files and int(request.META["CONTENT_LENGTH"]) > most_bytes:
            raise RequestDataTooBig
        _ = request.POST
    except (UnreadablePostError, RequestDataTooBig) as error:
        return error_pages.bad_request(request, error)
    return None


def _has_no_length(request: HttpRequest) -> bool:
    is_chunked = "Transfer-Encoding" in request.headers
    return is_chunked or (request.method == "POST" and not request.META.get("CONTENT_LENGTH", "").isdigit())


def _skip_body(request: HttpRequest) -> None:
    """Read what nobody wants: a browser that is cut off while it sends shows an error of its own and not our answer."""
    with suppress(UnreadablePostError):
        for _ in range(SKIPPED_BYTES // SKIPPED_AT_ONCE):
            if not request.read(SKIPPED_AT_ONCE):
                return


class BusyMiddleware:
    """Answers where too many passwords are looked at at once. Nothing was written, and what was typed is given back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, slow_hashes.Busy):
            return None
        response = render(request, "503.html", {"typed_texts": typed_texts(request)}, status=slow_hashes.STATUS)
        response._has_been_logged = True  # type: ignore[attr-defined]  # a flood isn't an error of the program
        return response


class NoStoreMiddleware:
    """No browser or proxy stores a page; static files are served before this runs."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        return response
