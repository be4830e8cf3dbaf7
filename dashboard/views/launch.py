"""The launch checklist on a page of its own, and the press that launches the program."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission

from .. import actions
from ..presenters.launch_checklist import launch_checklist
from ..queries import launch as queries


@require_permission(Permission.MANAGE_TEAM)
@require_safe
def checklist(request: HttpRequest) -> HttpResponse:
    """The coordinator comes back to it any day after the launch; before, it is on their home."""
    shown = launch_checklist(queries.checklist(timezone.now()))
    return render(request, "dashboard/launch_checklist.html", {"checklist": shown})


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def launch(request: HttpRequest) -> HttpResponse:
    try:
        actions.launch(by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("The program is open. From now on, people can ask for support."))
    except actions.NotReady:
        messages.warning(request, _("Not yet. Something on the checklist is missing; see below."))
    return redirect("dashboard:home")
