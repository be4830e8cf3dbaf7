"""What an officer left for their peer when they closed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.sealing.queries import is_erased
from peersupport.team.session_keys import unlocked_key

from ..actions import closing_note, transitions
from .desk import LOCKED, own_member

NOT_HERE = "This word is no longer here: you have read it, a week has passed, or your key is a new one since."


@require_permission(Permission.SUPPORT)
@require_POST
def read(request: HttpRequest, word_id: UUID) -> HttpResponse:
    """Shows it, and with that it is gone."""
    private_key = unlocked_key(request)
    if private_key is None:
        messages.warning(request, LOCKED)
        return redirect("requests_app:desk")
    try:
        text, key_id = closing_note.read_last_word(member=own_member(request), word_id=word_id, private_key=private_key)
    except transitions.Gone:
        messages.warning(request, NOT_HERE)
        return redirect("requests_app:desk")
    return render(request, "requests_app/last_word.html", {"text": text, "is_erased": is_erased(key_id)})
