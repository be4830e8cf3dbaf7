from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from peersupport.access.permissions import Role
from peersupport.team import second_factor
from peersupport.team.presenters import factors, own_page
from peersupport.team.queries import lifting

from ..presenters import home as presenter
from ..queries import sources
from ..queries.home import home_figures


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person who has signed in."""
    if request.user.roles == {Role.MEMBER}:  # type: ignore[union-attr]
        return redirect("requests_app:desk")
    registered = sources.registered_todos(request.user.roles, timezone.localdate())  # type: ignore[union-attr]
    shown = presenter.home(home_figures(request.user, timezone.now()), registered)  # type: ignore[arg-type]
    note = factors.turn_on() if second_factor.is_offered(request.user) else None  # type: ignore[arg-type]
    lift_notes = own_page.notes_of_lift(is_under_way=lifting.open_lift_of(request.user) is not None)  # type: ignore[arg-type]
    return render(request, "dashboard/home.html", {"home": shown, "factor_note": note, "lift_notes": lift_notes})
