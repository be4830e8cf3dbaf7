"""The note that an officer left for their peer when they closed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from peersupport.sealing.queries import is_erased
from peersupport.team.session_keys import unlocked_key
from peersupport.team.views.access import own_member

from ..actions import closing_note
from ..presenters.contact import closing_note_sentence
from .access import KEY_LOCKED, members_only

UNAVAILABLE = gettext_lazy("This note is no longer here: you've read it, a week has passed, or you have a new key.")


@members_only
@require_POST
def read(request: HttpRequest, note_id: UUID) -> HttpResponse:
    """Show the note, which is deleted by that."""
    private_key = unlocked_key(request)
    if private_key is None:
        messages.warning(request, KEY_LOCKED)
        return redirect("requests_app:desk")
    try:
        text, key_id = closing_note.read(member=own_member(request), note_id=note_id, private_key=private_key)
    except closing_note.NoteUnavailable:
        messages.warning(request, UNAVAILABLE)
        return redirect("requests_app:desk")
    context = {"text": text, "lead": closing_note_sentence(is_erased=is_erased(key_id))}
    return render(request, "requests_app/closing_note.html", context)
