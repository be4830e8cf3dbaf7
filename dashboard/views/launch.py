"""The coordinator's press that opens the program. The checklist itself stands on their home."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission

from .. import actions


@require_permission(Permission.MANAGE_TEAM)
@require_POST
def open_program(request: HttpRequest) -> HttpResponse:
    try:
        actions.open_program(by=request.user)  # type: ignore[arg-type]
        messages.success(request, "The program is open. From now on somebody can ask for support.")
    except actions.NotReady:
        messages.warning(request, "Not yet: something of the checklist is missing. See below.")
    return redirect("dashboard:home")
