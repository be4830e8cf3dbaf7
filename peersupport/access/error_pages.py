"""Error pages, for a bad address and for a broken page: they read no cookie, set none, and never raise.

Django's own error pages renew the CSRF cookie, on anonymous pages too.
"""

import logging
import sys
from contextlib import suppress

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import escape, linebreaks
from django.utils.translation import gettext_lazy

from peersupport.core import full_disk

from .returned_fields import typed_texts

DISK_IS_FULL = 507  # RFC 4918
logger = logging.getLogger("peersupport.access")
PLAIN_TEXT = gettext_lazy(
    "Something broke, and it wasn't you. If it can't wait, call or text 988. "
    "If someone is in immediate danger, call 911."
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Rendered without the request: nothing in it can be trusted here."""
    if isinstance(exception, RequestDataTooBig):  # nothing of it has been read, so nothing can be given back
        return HttpResponse(render_to_string("413.html"), status=413)
    return HttpResponse(render_to_string("400.html"), status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def refused_form(request: HttpRequest) -> HttpResponse:
    """A form that didn't come from a page of this site, or can't show that it did."""
    return render(request, "403.html", {"typed_texts": typed_texts(request)}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's CSRF token doesn't match: signed in again in another tab, or a form of another site."""
    return render(request, "403_csrf.html", {"typed_texts": typed_texts(request)}, status=403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Must not raise, whatever else is broken: the web server would log the error, with what somebody typed."""
    typed = _typed_texts_if_readable(request)
    status, template = _status_and_template(sys.exception())
    try:
        context = {"typed_texts": typed, "was_sent": request.method == "POST"}
        response = HttpResponse(render_to_string(template, context), status=status)
    except Exception:
        logger.exception("the page for a server error is broken too")
        # HTML, because the padding is an HTML comment: as plain text it would be read.
        plain = "\n\n".join([str(PLAIN_TEXT), *map(escape, typed)])
        response = HttpResponse(linebreaks(plain), status=status)
    with suppress(Exception):  # set by a view that has more to do with the page that takes its place
        request.after_error_page(response)  # type: ignore[attr-defined]
    return response


def _status_and_template(error: BaseException | None) -> tuple[int, str]:
    if full_disk.is_cause(error):
        return DISK_IS_FULL, "507.html"
    return (503, "database_away.html") if is_database_away(error) else (500, "500.html")


def is_database_away(error: BaseException | None) -> bool:
    """Whether PostgreSQL is stopped, is starting, or ended the connection: then it isn't the program that broke."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    code = getattr(error.__cause__, "sqlstate", "none of PostgreSQL's")
    return _is_cut_off() if code is None else code.startswith(("08", "57P"))


def _is_cut_off() -> bool:
    """Without a code the server had no part in it: over a good connection, the driver refused what it can't send."""
    return getattr(connection.connection, "closed", True)


def _typed_texts_if_readable(request: HttpRequest) -> list[str]:
    try:
        return typed_texts(request)
    except Exception:
        logger.exception("the posted form cannot be read either")
        return []
