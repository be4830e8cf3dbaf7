"""What an officer does once they are back: write, have it offered again, change the peer, close."""

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import Error, transaction
from django.utils import timezone

from peersupport.core import full_disk
from peersupport.core.errors import Refused
from peersupport.core.sqlite import reserve
from peersupport.program import form_tokens
from peersupport.sealing import envelope
from peersupport.sealing.receipt import Credentials
from stats import actions as stats
from stats import queries as stats_queries

from .. import vault
from ..domain import routing
from ..domain.card import Card, waive
from ..domain.half_hours import half_hour_of
from ..domain.matching import Waiver
from ..domain.routing import Recipient, Routing
from ..domain.states import Author, RequestState, Urgency
from ..queries import matching
from ..queries.unsealing import UnsealedRequest, card_of, content_key_of_officer, thread_key_of_officer, turn_key
from ..vault import ContentKey
from . import closing_note, notify, offers, recipients, request_rows, threads
from .erasure import add_pending_tally, erase
from .request_rows import PeerChanged, RequestUnavailable
from .submission import Submitted

log = logging.getLogger("peersupport.requests")


def write(*, creds: Credentials, token: str, text: str, turn: int | None = None) -> None:
    """Add a message to the officer's thread. The same press twice writes once.

    turn: the turn on the page where this was typed, so that nothing reaches another peer. Raises StaleForm,
    RequestUnavailable and PeerChanged.
    """
    nonce = form_tokens.nonce_of(token, threads.TOKEN_PURPOSE)
    with transaction.atomic():
        request = request_rows.lock_own(creds)
        if request.routing.state != RequestState.ACCEPTED or request.routing.peer is None:
            raise RequestUnavailable
        if turn not in {None, request.routing.turn}:
            raise PeerChanged
        thread_key = thread_key_of_officer(request, creds)
        if thread_key is None:
            raise RequestUnavailable
        key = turn_key(request, content_key_of_officer(request, creds), thread_key)
        if threads.append(request, key, Author.OFFICER, nonce, text):
            notify.members(
                [request.routing.peer.member_id], urgent=request.routing.urgency == Urgency.NOW, now=timezone.now()
            )


def mark_read(*, creds: Credentials, seen: int) -> None:
    """seen: the number of the last message on the page. One that came a moment later is still new."""
    with transaction.atomic():
        request = request_rows.lock_own(creds)
        route = request.routing
        seen = max(route.seen_by_officer, min(seen, route.messages))
        request_rows.save(request, replace(route, officer_read=half_hour_of(timezone.now()), seen_by_officer=seen))


def offer_again(
    *,
    creds: Credentials,
    waiver: Waiver | None = None,
    next_may_read: bool = False,
    turn: int | None = None,
) -> Submitted:
    """Offer it to peers again: nobody was left, the peer couldn't continue, or members took it for no real request.

    Raises RequestUnavailable.

    waiver: what the officer waives by this press. next_may_read: whoever accepts next may read the thread so far, if it
    is still the thread of this turn.
    """
    with transaction.atomic():
        request, now = request_rows.lock_own(creds), timezone.now()  # after the wait for the lock: a week may end in it
        if request.routing.state in {RequestState.NOBODY, RequestState.PEER_LOST, RequestState.SET_ASIDE}:
            content_key = content_key_of_officer(request, creds)
            if next_may_read and turn == request.routing.turn:
                request = threads.share(request, creds, content_key)
            card = _card_of(request, content_key)
            # The peer they named couldn't take it.
            unable = {card.wanted} if waiver == Waiver.NAMED and card.wanted is not None else set()
            card = waive(card, waiver) if waiver else card
            request = _reseal_and_offer(request, card, content_key, creds, now, passed_over=unable)
        return _submitted(request)


def share_thread(*, creds: Credentials, turn: int) -> None:
    """While it is offered to others: let whoever accepts read the thread so far.

    Raises RequestUnavailable and PeerChanged.
    """
    with transaction.atomic():
        request = request_rows.lock_own(creds)
        if turn != request.routing.turn:
            raise PeerChanged
        if request.routing.state == RequestState.ACCEPTED or not request.routing.thread_officer_envelope:
            raise RequestUnavailable
        threads.share(request, creds, content_key_of_officer(request, creds))


def change_peer(*, creds: Credentials, next_may_read: bool, turn: int) -> Submitted:
    """Offer it to somebody else; the peer who had it isn't offered it again. No reason is asked.

    Unless the next peer may read the thread, it is deleted. turn: the turn on the page, so that a second press takes
    it away from nobody else. Raises RequestUnavailable and PeerChanged.
    """
    with transaction.atomic():
        request, now = request_rows.lock_own(creds), timezone.now()
        peer = request.routing.peer
        if request.routing.state != RequestState.ACCEPTED or peer is None:
            raise RequestUnavailable
        if turn != request.routing.turn:
            raise PeerChanged
        content_key = content_key_of_officer(request, creds)
        card = _card_of(request, content_key)
        request = threads.share(request, creds, content_key) if next_may_read else threads.delete(request)
        if request.routing.is_answered:  # else there is nothing for them to see or to tally
            add_pending_tally(peer.member_id, request.routing, timezone.localdate(now))
            notify.members([peer.member_id], urgent=False, now=now)
        request = replace(request, routing=routing.take_back_from_peer(request.routing))
        card = replace(card, excluded_members=card.excluded_members | {peer.member_id})
        return _submitted(_reseal_and_offer(request, card, content_key, creds, now))


@dataclass(frozen=True)
class Closed:
    """key_id: the key that must be gone before anybody says "erased"."""

    key_id: str
    has_left_note: bool


def close(*, creds: Credentials, note: str = "", feedback: str = "", turn: int | None = None) -> Closed:
    """Erase the request, on a full disk too.

    Where a peer had it, the closing note is left to them, and the feedback counts at once. turn: the turn on the page
    where the note was typed. Raises RequestUnavailable, and PeerChanged rather than leave the note to another peer.
    """
    try:
        return _close(creds, note, feedback, turn)
    except Error as error:
        if not (full_disk.is_cause(error) and reserve.give_back()):
            raise
        log.exception("the database's disk is full; what is kept free for erasing is used")
        return _close(creds, note, feedback, turn)


def _close(creds: Credentials, note: str, feedback: str, turn: int | None) -> Closed:
    now = timezone.now()
    with transaction.atomic():
        request = request_rows.lock_own(creds)
        peer = request.routing.peer
        if peer and note and turn not in {None, request.routing.turn}:
            raise PeerChanged
        erase(request, now, is_counted=False)
        if peer:
            _leave_tally(peer, request.routing, now)
        has_left_note = peer is not None and bool(note) and closing_note.add(peer, note, now)
        if peer and feedback:
            _count_feedback(feedback, now)
        if peer:
            notify.members([peer.member_id], urgent=False, now=now)
    return Closed(request.row.key_id, has_left_note=has_left_note)


def _leave_tally(peer: Recipient, route: Routing, now: datetime) -> None:
    """A keyring whose disk is full must not keep anybody from erasing: then this contact isn't counted."""
    try:
        add_pending_tally(peer.member_id, route, timezone.localdate(now))
    except OSError:
        log.exception("no tally could be left of a contact")


def _count_feedback(code: str, now: datetime) -> None:
    """A year that takes no counts must not keep anybody from closing."""
    year = stats_queries.current_period(timezone.localdate(now)).year
    try:
        with transaction.atomic():
            stats.count_feedback(year=year, code=code)
    except Refused as refusal:
        log.error(f"feedback was not counted: {refusal.code}")


def _reseal_and_offer(
    request: UnsealedRequest,
    card: Card,
    content_key: ContentKey,
    creds: Credentials,
    now: datetime,
    *,
    passed_over: Collection[int] = (),
) -> UnsealedRequest:
    """Seal it to the peers who could take it now, and offer it to the first. passed_over: members to skip once."""
    peers = matching.serving_peers(now, excluding={*request.routing.recused, *passed_over})
    card, need = recipients.relax_card(card, request.id, peers, now)
    officer_key = envelope.public_key_of(envelope.private_key_from(creds.seed))
    request.row.card = sealed_card = vault.seal_card(content_key, card, officer_key)
    request.row.save(update_fields=["card"])
    sealed_to = recipients.recipients_for(need, peers, content_key, now)
    route = recipients.with_recipients(request.routing, sealed_to, need)
    route = replace(route, touched=half_hour_of(now), card_hash=vault.hash_of(sealed_card))
    if route.state == RequestState.SET_ASIDE:  # it takes its turn, or a flood could be sent again with one press each
        return request_rows.save(request, routing.send_again(route))
    return offers.offer(request, route, peers, now)


def _card_of(request: UnsealedRequest, content_key: ContentKey) -> Card:
    """Raises RequestUnavailable where it is damaged: nobody knows whom it may be offered to."""
    try:
        return card_of(request, content_key)
    except envelope.CannotOpen as error:
        raise RequestUnavailable from error


def _submitted(request: UnsealedRequest) -> Submitted:
    is_in_line = request.routing.state == RequestState.IN_LINE
    return Submitted((), request.routing.urgency, bool(request.routing.offered_to), is_in_line)
