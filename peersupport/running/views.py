from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from peersupport.access.permissions import Role

from . import health, waiting


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For a supervisor or a load balancer: 200 only when a request could be sent, offered and noticed."""
    report = health.report()
    return JsonResponse(report, status=200 if health.is_well(report) else 503)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person who has signed in."""
    if request.user.roles == {Role.MEMBER}:  # type: ignore[union-attr]
        return redirect("requests_app:desk")
    found = waiting.home_for(request.user, timezone.localdate())  # type: ignore[arg-type]
    return render(request, "running/home.html", {"home": found})
