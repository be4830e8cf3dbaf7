"""How a peer brings a contact to its end. What the officer has written meanwhile is read first."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.sealing.queries import is_erased
from peersupport.team.session_keys import unlocked_key

from ..actions import peer, transitions
from ..forms.messages import fresh_message, number_on
from ..queries import members
from .desk import own_member, show_contact

OWN = require_permission(Permission.SUPPORT)


@OWN
@require_POST
def suggest_closing(request: HttpRequest, request_id: UUID) -> HttpResponse:
    return _ended(request, request_id, peer.suggest_closing) or redirect("requests_app:contact", request_id)


@OWN
@require_POST
def close(request: HttpRequest, request_id: UUID) -> HttpResponse:
    ended = _said(request, "Closed.", peer.close_as_peer)
    return _ended(request, request_id, ended) or redirect("requests_app:tally")


@OWN
@require_POST
def discard(request: HttpRequest, request_id: UUID) -> HttpResponse:
    ended = _said(request, "Closed, with nothing to count.", peer.discard_as_peer)
    return _ended(request, request_id, ended) or redirect("requests_app:desk")


def in_words(key_id: str) -> str:
    """What may be said of what has ended."""
    return "It is erased." if is_erased(key_id) else "Its key is being destroyed; that is done within minutes."


def _said(request: HttpRequest, sentence: str, end: Callable[..., str]) -> Callable[..., None]:
    return lambda **which: messages.success(request, f"{sentence} {in_words(end(**which))}")


def _ended(request: HttpRequest, request_id: UUID, end: Callable[..., object]) -> HttpResponse | None:
    """None when it is done; else the contact with what has come since the page was opened."""
    member = own_member(request)
    try:
        end(member=member, request_id=request_id, seen=number_on(request.POST, "seen"))
    except transitions.Gone as error:
        raise Http404 from error
    except transitions.Unread:
        private_key = unlocked_key(request)
        if private_key is None:
            return render(request, "requests_app/locked.html", status=403)
        found = members.contact_for(member, request_id, private_key)
        return show_contact(request, found, fresh_message(), is_unread_first=True)
    return None
