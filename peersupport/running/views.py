from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission, Role

from . import health, waiting
from .going_live import going_live


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


@require_permission(Permission.MANAGE_TEAM)
@require_safe
def what_holds(request: HttpRequest) -> HttpResponse:
    """The checklist of going live, as it stands on any later day."""
    return render(request, "running/what_holds.html", {"checklist": going_live()})
