"""A member's open contact: its thread, and how the member brings it to its end."""

import logging
from collections.abc import Callable
from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from peersupport.core.http import FORM_METHODS
from peersupport.program import form_tokens
from peersupport.sealing.queries import is_erased
from peersupport.team.models import Member
from peersupport.team.session_keys import unlocked_key
from peersupport.team.views.access import own_member

from ..actions import peer
from ..actions.request_rows import RequestUnavailable, UnreadMessages
from ..actions.threads import TOKEN_PURPOSE
from ..domain.states import Author
from ..forms.messages import FAILURES, NOT_SENT, REFRESH_BUTTON, MessageForm, new_message_form, posted_number
from ..presenters.contact import (
    closed_sentence,
    closing_sentence,
    concern_sentence,
    damage_text,
    unavailable_sentence,
)
from ..presenters.messages import shown_messages
from ..queries import members
from ..queries.members import Contact
from .access import members_only

log = logging.getLogger("peersupport.requests")


@members_only
@require_http_methods(FORM_METHODS)
def contact(request: HttpRequest, request_id: UUID) -> HttpResponse:
    member, private_key = own_member(request), unlocked_key(request)
    if private_key is None:
        return render(request, "requests_app/locked.html", status=403 if request.method == "POST" else 200)
    opened = members.contact_for(member, request_id, private_key)
    if opened is None:
        return _unavailable(request)
    if REFRESH_BUTTON in request.POST:
        return _show(request, opened, new_message_form(request.POST.get("text", "")))
    form = MessageForm(request.POST) if request.method == "POST" else new_message_form()
    try:
        if form.is_bound and form.is_valid() and _write(member, request_id, private_key, form):
            return redirect("requests_app:contact", request_id)
    except RequestUnavailable:
        return _unavailable(request)
    return _show(request, opened, form)


@members_only
@require_POST
def suggest_closing(request: HttpRequest, request_id: UUID) -> HttpResponse:
    return _end(request, request_id, peer.suggest_closing) or redirect("requests_app:contact", request_id)


@members_only
@require_POST
def close(request: HttpRequest, request_id: UUID) -> HttpResponse:
    close = _with_message(request, peer.close, is_counted=True)
    return _end(request, request_id, close) or redirect("requests_app:tally")


@members_only
@require_POST
def discard(request: HttpRequest, request_id: UUID) -> HttpResponse:
    discard = _with_message(request, peer.discard, is_counted=False)
    return _end(request, request_id, discard) or redirect("requests_app:desk")


def _end(request: HttpRequest, request_id: UUID, act: Callable[..., object]) -> HttpResponse | None:
    """None when it is done; else the contact again, with what the officer has written since the page was opened."""
    member = own_member(request)
    try:
        act(member=member, request_id=request_id, seen=posted_number(request.POST, "seen"))
    except RequestUnavailable as error:
        raise Http404 from error
    except UnreadMessages:
        private_key = unlocked_key(request)
        if private_key is None:
            return render(request, "requests_app/locked.html", status=403)
        opened = members.contact_for(member, request_id, private_key)
        if opened is None:
            raise Http404 from None
        return _show(request, opened, new_message_form(), is_unread_first=True)
    return None


def _with_message(request: HttpRequest, act: Callable[..., str], *, is_counted: bool) -> Callable[..., None]:
    """The same action, which then says that the contact has ended, and whether it is erased already."""

    def act_and_say(**which: object) -> None:
        key_id = act(**which)
        messages.success(request, closed_sentence(is_counted=is_counted, is_erased=is_erased(key_id)))

    return act_and_say


def _show(request: HttpRequest, opened: Contact, form: MessageForm, *, is_unread_first: bool = False) -> HttpResponse:
    # The officer may have closed it a moment ago, or the mark can't be saved: the page is shown all the same.
    with suppress(RequestUnavailable, *FAILURES):
        if request.method != "HEAD":  # it shows nothing
            peer.mark_read(member=own_member(request), request_id=opened.request_id, seen=opened.messages)
    context = {
        "contact": opened,
        "form": form,
        "is_unread_first": is_unread_first,
        "is_empty": opened.is_empty,
        "damage": damage_text(opened),
        "thread": shown_messages(opened.words, opened.thread, own=Author.PEER, other=_("Officer")),
        "concern": concern_sentence(opened.card.concern if opened.card else ""),
        "closing": closing_sentence(is_suggested=opened.is_closing_suggested),
    }
    return render(request, "requests_app/contact.html", context)


def _unavailable(request: HttpRequest) -> HttpResponse:
    """Closed, passed on, or never this member's: the page doesn't say which. It keeps what was typed."""
    has_tallies = bool(members.pending_tallies_of(own_member(request)))
    context = {
        "typed": request.POST.get("text", ""),
        "lead": unavailable_sentence(has_tallies=has_tallies),
        "has_tallies": has_tallies,
    }
    return render(request, "requests_app/contact_unavailable.html", context, status=404)


def _write(member: Member, request_id: UUID, private_key: bytes, form: MessageForm) -> bool:
    """Whether the message is in the thread now; if not, the form says why and keeps the text."""
    token, text = form.cleaned_data["token"], form.cleaned_data["text"]
    try:
        peer.write(member=member, request_id=request_id, private_key=private_key, token=token, text=text)
    except form_tokens.StaleForm:
        form_tokens.renew(form, TOKEN_PURPOSE)
        return False
    except FAILURES:
        log.exception("what a peer typed could not be sent")
        form.add_error(None, NOT_SENT)
        return False
    return True
