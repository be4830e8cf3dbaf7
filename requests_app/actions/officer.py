"""What an officer does once they are back: write, send on, close."""

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from peersupport.core.errors import Refused
from peersupport.program import form_tokens
from peersupport.sealing import envelope
from peersupport.sealing.receipt import Credentials
from stats import actions as stats
from stats import queries as stats_queries

from .. import vault
from ..domain import routing
from ..domain.matching import WIDER, Widening
from ..domain.routing import slot_of
from ..domain.states import Author, State, Urgency
from ..models import Message
from ..queries import availability
from ..queries.unsealing import Opened
from .closing_note import leave_last_word
from .submission import Sent
from .transitions import (
    Card,
    Gone,
    GoneOn,
    append,
    ask,
    erase,
    hold_own,
    keep,
    made_possible,
    owe_tally,
    placed,
    places_for,
    tell_members,
)

log = logging.getLogger("peersupport.requests")


def write_as_officer(*, creds: Credentials, token: str, text: str, turn: int | None = None) -> None:
    """Adds a message to the officer's thread. The same press twice writes once.

    turn: whose it was on the page where this was typed, so that nothing reaches another peer. Raises StaleForm, Gone
    and GoneOn.
    """
    nonce = form_tokens.nonce_of(token, "write")
    with transaction.atomic():
        request = hold_own(creds)
        if request.routing.state != State.ACCEPTED or request.routing.peer is None:
            raise Gone
        if turn not in {None, request.routing.turn}:
            raise GoneOn
        private_key = envelope.private_key_from(creds.seed)
        thread_key = vault.take_key(private_key, request.routing.thread_officer_envelope, request.id, "thread")
        if append(request, thread_key, Author.OFFICER, nonce, text):
            tell_members([request.routing.peer.member_id], urgent=request.routing.urgency == Urgency.NOW)


def mark_read_by_officer(*, creds: Credentials, seen: int) -> None:
    """seen: the last message on the page that was shown; one that came a moment later is still new."""
    with transaction.atomic():
        request = hold_own(creds)
        route = request.routing
        seen = max(route.seen_by_officer, min(seen, route.messages))
        keep(request, replace(route, officer_read=slot_of(timezone.now()), seen_by_officer=seen))


def try_again(
    *,
    creds: Credentials,
    yield_training: bool = False,
    widening: Widening | None = None,
    next_may_read: bool = False,
    turn: int | None = None,
) -> Sent:
    """The officer's press: asks peers anew, after nobody was left or the peer could not go on. Raises Gone.

    yield_training: also those who are not current in the training that the concern needs; this press alone lets
    that go. widening: lets go what they had asked for themselves. next_may_read: whoever accepts next reads what was
    written in the thread before, if it is still the thread of this turn.
    """
    now = timezone.now()
    with transaction.atomic():
        request = hold_own(creds)
        if request.routing.state in {State.NOBODY, State.PEER_LOST}:
            content_key = _content_key(request, creds)
            if next_may_read and turn == request.routing.turn:
                request = _handed_over(request, creds, content_key)
            card = _card(request, content_key)
            cannot = {card["wanted"]} if widening == Widening.NAMED else set()  # has been asked, and could not
            card = {**card, **(WIDER[widening] if widening else {})}
            request = _asked_anew(request, card, content_key, now, yield_training=yield_training, cannot=cannot)
        return Sent((), request.routing.urgency, len(routing.asked(request.routing)))


def let_next_read(*, creds: Credentials, turn: int) -> None:
    """While others are being asked: whoever accepts reads what was written before. Raises Gone and GoneOn."""
    with transaction.atomic():
        request = hold_own(creds)
        if turn != request.routing.turn:
            raise GoneOn
        if request.routing.state == State.ACCEPTED or not request.routing.thread_officer_envelope:
            raise Gone
        _handed_over(request, creds, _content_key(request, creds))


def change_peer(*, creds: Credentials, next_may_read: bool, turn: int) -> Sent:
    """Gives it to somebody else, with no reason asked; whoever had it is not asked again. Raises Gone and GoneOn.

    Unless the next one may read it, the thread is erased with this press. turn: whose it was on the page, so that a
    second press takes it away from nobody else.
    """
    now = timezone.now()
    with transaction.atomic():
        request = hold_own(creds)
        peer = request.routing.peer
        if request.routing.state != State.ACCEPTED or peer is None:
            raise Gone
        if turn != request.routing.turn:
            raise GoneOn
        content_key = _content_key(request, creds)
        card = _card(request, content_key)
        request = _handed_over(request, creds, content_key) if next_may_read else _without_thread(request)
        if request.routing.is_answered:  # else nothing waits for them any more
            owe_tally(peer.member_id, request.routing, timezone.localdate(now))
            tell_members([peer.member_id], urgent=False)
        request = replace(request, routing=routing.release_peer(request.routing))
        card = {**card, "not_these": [*card["not_these"], peer.member_id]}
        request = _asked_anew(request, card, content_key, now)
        return Sent((), request.routing.urgency, len(routing.asked(request.routing)))


def close_as_officer(*, creds: Credentials, last_word: str = "", feedback: str = "", turn: int | None = None) -> str:
    """Erases the request; gives the id of the key that must be gone before anybody says "erased". Raises Gone.

    Where a peer had it, they are left the last word, and the feedback is counted at once. turn: whose it was on the
    page where the word was typed; raises GoneOn rather than leave it to another.
    """
    now = timezone.now()
    with transaction.atomic():
        request = hold_own(creds)
        peer = request.routing.peer
        if peer and last_word and turn not in {None, request.routing.turn}:
            raise GoneOn
        erase(request, now)
        if peer and last_word:
            leave_last_word(peer, last_word, now)
        if peer and feedback:
            _count_feedback(feedback, now)
        if peer:
            tell_members([peer.member_id], urgent=False)
    return request.row.key_id


def _count_feedback(code: str, now: datetime) -> None:
    """A year that takes no counts keeps nobody from closing."""
    year = stats_queries.current_period(timezone.localdate(now)).year
    try:
        with transaction.atomic():
            stats.count_feedback(year=year, code=code)
    except Refused as refusal:
        log.error(f"feedback was not counted: {refusal.code}")


def _asked_anew(
    request: Opened,
    card: Card,
    content_key: bytes,
    now: datetime,
    *,
    yield_training: bool = False,
    cannot: Collection[int] = (),
) -> Opened:
    """Sealed to those who could take it now, and asked of the first of them. cannot: these are passed over once."""
    known = availability.peers(now, but_not={*request.routing.know_them, *cannot})
    card, need = made_possible(card, request.id, known, yield_training=yield_training)
    request.row.card = vault.seal_card(content_key, request.shred_key, request.id, card)
    request.row.save(update_fields=["card"])
    places = places_for(need, known, content_key, request.id, now)
    return ask(request, replace(placed(request.routing, places, need), touched=slot_of(now)), known, now)


def _content_key(request: Opened, creds: Credentials) -> bytes:
    private_key = envelope.private_key_from(creds.seed)
    return vault.take_key(private_key, request.routing.officer_envelope, request.id, "content")


def _card(request: Opened, content_key: bytes) -> Card:
    return vault.open_card(content_key, request.shred_key, request.id, bytes(request.row.card))


def _handed_over(request: Opened, creds: Credentials, content_key: bytes) -> Opened:
    """The thread's key goes along under the content key. The officer alone can do that: they hold both."""
    handed = request.routing.thread_officer_envelope
    if not handed:
        return request
    thread_key = vault.take_key(envelope.private_key_from(creds.seed), handed, request.id, "thread")
    handover = vault.hand_over(content_key, request.shred_key, request.id, thread_key)
    return keep(request, replace(request.routing, handover=handover))


def _without_thread(request: Opened) -> Opened:
    Message.objects.filter(request_id=request.id).delete()
    return keep(request, replace(request.routing, thread_officer_envelope="", handover="", messages=0))
