"""A member's desk: what they are asked, whom they are in contact with, what is left to count."""

import logging
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.presenters import todo as applications_waiting
from peersupport.access.decorators import require_permission
from peersupport.access.permissions import Permission
from peersupport.program import form_tokens
from peersupport.team.domain.schedule import DAYS_AHEAD
from peersupport.team.domain.states import State
from peersupport.team.forms.availability import SOON
from peersupport.team.models import Member
from peersupport.team.queries.availability import ahead, on_call_at, pause_of
from peersupport.team.queries.members import is_serving, member_for
from peersupport.team.queries.service_record import is_to_sign
from peersupport.team.session_keys import unlocked_key
from training.presenters import todo as training_waiting

from ..actions import peer, transitions
from ..forms.messages import FAILURES, LOOKS_AGAIN, NOT_SENT, BoundariesForm, MessageForm, fresh_message
from ..queries import availability, consultations, members

log = logging.getLogger("peersupport.requests")
PAGE = ["GET", "HEAD", "POST"]
LOCKED = "Your key is locked. Sign out and in again to open what was sent to you."
TAKEN = "Somebody else has taken this one, or it was closed. Nothing is left for you to do."
NOT_ABLE = (
    "It has gone on to somebody else: you carry as many contacts as you said you would, "
    "or the training that it needs is no longer current."
)


@require_permission(Permission.SUPPORT)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    member, now = own_member(request), timezone.now()
    private_key = unlocked_key(request)
    context = {
        "member": member,
        **_reachable(member, now),
        "consultation": consultations.asked_by(member),
        "is_to_sign": is_to_sign(member),
        "is_unlocked": private_key is not None,
        "offers": members.offers_for(member, private_key) if private_key else [],
        "contacts": members.contacts_with_cards(member, private_key),
        "owed": members.owed_by(member),
        "last_words": members.last_words_for(member),
        "to_review": applications_waiting.for_reviewer(member.user),
        "training": training_waiting.for_member(member, now),
    }
    return render(request, "requests_app/desk.html", context)


@require_permission(Permission.SUPPORT)
@require_POST
def accept(request: HttpRequest, request_id: UUID) -> HttpResponse:
    private_key = unlocked_key(request)
    if private_key is None:
        messages.warning(request, LOCKED)
        return redirect("requests_app:desk")
    answer = peer.accept(member=own_member(request), request_id=request_id, private_key=private_key)
    if answer == peer.Answer.ACCEPTED:
        return redirect("requests_app:contact", request_id)
    messages.warning(request, TAKEN if answer == peer.Answer.TAKEN else NOT_ABLE)
    return redirect("requests_app:desk")


@require_permission(Permission.SUPPORT)
@require_POST
def decline(request: HttpRequest, request_id: UUID) -> HttpResponse:
    try:
        peer.decline(member=own_member(request), request_id=request_id)
    except transitions.Gone:
        messages.warning(request, TAKEN)
    return redirect("requests_app:desk")


@require_permission(Permission.SUPPORT)
@require_http_methods(PAGE)
def contact(request: HttpRequest, request_id: UUID) -> HttpResponse:
    member, private_key = own_member(request), unlocked_key(request)
    if private_key is None:
        return render(request, "requests_app/locked.html", status=403 if request.method == "POST" else 200)
    try:
        found = members.contact_for(member, request_id, private_key)
    except Http404:
        return _not_here(request)
    if LOOKS_AGAIN in request.POST:
        return show_contact(request, found, fresh_message(request.POST.get("text", "")))
    form = MessageForm(request.POST) if request.method == "POST" else fresh_message()
    try:
        if form.is_bound and form.is_valid() and _write(request, member, request_id, private_key, form):
            return redirect("requests_app:contact", request_id)
    except transitions.Gone:
        return _not_here(request)
    return show_contact(request, found, form)


def show_contact(
    request: HttpRequest, found: members.Contact, form: MessageForm, *, is_unread_first: bool = False
) -> HttpResponse:
    with suppress(transitions.Gone, *FAILURES):  # closed by the officer a moment ago, or cannot be noted: it is shown
        peer.mark_read_by_peer(member=own_member(request), request_id=found.request_id, seen=found.messages)
    context = {"contact": found, "form": form, "is_unread_first": is_unread_first}
    return render(request, "requests_app/contact.html", context)


@require_permission(Permission.SUPPORT)
@require_http_methods(PAGE)
def boundaries(request: HttpRequest) -> HttpResponse:
    member = own_member(request)
    sharing = availability.sharing_of(member)
    form = BoundariesForm(
        request.POST or None, initial={"concerns": sorted(sharing.not_now), "experiences": sorted(sharing.experiences)}
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        peer.set_sharing(member_id=member.pk, not_now=chosen["concerns"], experiences=chosen["experiences"])
        messages.success(request, "Saved. It holds until you change it.")
        return redirect("requests_app:desk")
    return render(request, "requests_app/boundaries.html", {"form": form})


def own_member(request: HttpRequest) -> Member:
    member = member_for(request.user)  # type: ignore[arg-type]
    if member is None:
        raise Http404
    return member


def _reachable(member: Member, now: datetime) -> dict[str, object]:
    """Whether and when they are asked, and what keeps them from it."""
    today, planned = timezone.localdate(now), ahead(now, DAYS_AHEAD)
    return {
        "is_ready": is_serving(member),
        "is_on_leave": member.is_on_leave(today),
        "has_term_ended": member.state == State.DESIGNATED and member.has_term_ended(today),
        "is_on_call": member.pk in on_call_at(now),
        "shifts": planned.hours_of(member),
        "asked_shifts": planned.asked_of(member),
        "pause": pause_of(member, today),
        "soon": SOON.items(),
    }


def _not_here(request: HttpRequest) -> HttpResponse:
    """Closed, gone on to somebody else, or never this member's: which of these is not said. What was typed is."""
    typed = request.POST.get("text", "")
    return render(request, "requests_app/contact_gone.html", {"typed": typed}, status=404)


def _write(request: HttpRequest, member: Member, request_id: UUID, private_key: bytes, form: MessageForm) -> bool:
    """Whether the message is in the thread; if not, the form says why and keeps it."""
    token, text = form.cleaned_data["token"], form.cleaned_data["text"]
    try:
        peer.write_as_peer(member=member, request_id=request_id, private_key=private_key, token=token, text=text)
    except form_tokens.StaleForm:
        form_tokens.renew(form, "write")
        return False
    except FAILURES:
        log.exception("what a peer typed could not be sent")
        form.add_error(None, NOT_SENT)
        return False
    return True
