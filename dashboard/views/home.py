from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission, Role

from ..queries import home as home_queries
from ..queries.launch import going_live


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person who has signed in."""
    if request.user.roles == {Role.MEMBER}:  # type: ignore[union-attr]
        return redirect("requests_app:desk")
    found = home_queries.home_for(request.user, timezone.localdate())  # type: ignore[arg-type]
    return render(request, "dashboard/home.html", {"home": found})


@require_permission(Permission.MANAGE_TEAM)
@require_safe
def what_holds(request: HttpRequest) -> HttpResponse:
    """The checklist of going live, as it stands on any later day."""
    return render(request, "dashboard/what_holds.html", {"checklist": going_live()})
