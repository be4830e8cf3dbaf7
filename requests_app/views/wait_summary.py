from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission

from ..queries import availability


@require_permission(Permission.SEE_WAITING)
@require_safe
def summary(request: HttpRequest) -> HttpResponse:
    """How many wait, and what would help: numbers, and nothing about anybody."""
    return render(request, "requests_app/waiting.html", {"summary": availability.waiting_summary(timezone.now())})
