from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from peersupport.access.permissions import Role

from ..presenters.home import home_for


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person who has signed in."""
    if request.user.roles == {Role.MEMBER}:  # type: ignore[union-attr]
        return redirect("requests_app:desk")
    return render(request, "dashboard/home.html", {"home": home_for(request.user, timezone.localdate())})  # type: ignore[arg-type]
