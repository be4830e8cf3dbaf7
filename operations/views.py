"""The health check."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from . import health
from .doctor import arrival


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """For a process manager or a load balancer: 200 if data, keys and worker are ready (see health.is_well)."""
    report = health.recent_report()
    return JsonResponse(report | arrival.told(request), status=200 if health.is_well(report) else 503)
