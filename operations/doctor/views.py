"""The operator's page of all checks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission

from . import checks, presenters


@require_permission(Permission.SEE_HEALTH)
@require_http_methods(["GET", "HEAD", "POST"])
def health(request: HttpRequest) -> HttpResponse:
    """What can be checked at once; with the button, what calls somebody and sends a mail too."""
    is_all = request.method == "POST"
    lines = presenters.lines(checks.run(calls=is_all, sends_mail=is_all))
    shown = {"lead": presenters.lead(lines), "sections": presenters.sections(lines), "is_all": is_all}
    return render(request, "operations/health.html", shown)
