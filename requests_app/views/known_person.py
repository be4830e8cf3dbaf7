from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission

from ..actions import peer, transitions
from .desk import TAKEN, own_member

HANDED_ON = "It goes to somebody else. They read that a peer handed it on, and not who. Please keep it to yourself."


@require_permission(Permission.SUPPORT)
@require_POST
def know_this_person(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One press, before or after accepting."""
    try:
        peer.know_this_person(member=own_member(request), request_id=request_id)
    except transitions.Gone:
        messages.warning(request, TAKEN)
    else:
        messages.success(request, HANDED_ON)
    return redirect("requests_app:desk")
