"""When there is nothing to show, or a page fails: calm answers that read no cookie, set none and never raise.

Django's own answers to these renew the cookie that guards forms, on anonymous pages too.
"""

import logging

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from .same_origin import written_in

log = logging.getLogger("peersupport.access")
PLAIN = "Something broke, and it was not you. If it cannot wait, call or text 988. In immediate danger, call 911."


def not_readable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Without the request, of which nothing can be trusted here."""
    return HttpResponse(render_to_string("400.html"), status=400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_sure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's CSRF token does not fit: signed in anew in another tab, or a form of somebody else's."""
    return render(request, "403_csrf.html", {"written": written_in(request)}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def something_broke(request: HttpRequest) -> HttpResponse:
    """Whatever else is broken: what is raised here the web server would write down, with what somebody typed."""
    written = _still_readable(request)
    try:
        return HttpResponse(render_to_string("500.html", {"written": written}), status=500)
    except Exception:
        log.exception("the page for a broken server is broken too")
        plain = "\n\n".join([PLAIN, *written])
        return HttpResponse(plain, status=500, content_type="text/plain; charset=utf-8")


def _still_readable(request: HttpRequest) -> list[str]:
    try:
        return written_in(request)
    except Exception:
        log.exception("what was written cannot be read either")
        return []
