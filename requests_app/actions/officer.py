"""What an officer does: ask, write, send on, close."""

import logging
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from peersupport.program import form_tokens
from peersupport.sealing import envelope, keyring
from peersupport.sealing.receipt import Credentials, credentials, derive_words
from stats import actions as stats
from stats import queries as stats_queries
from stats.refusals import Refused

from .. import queries, routing, vault
from ..matching import Need, Peer, lacks_only_training
from ..models import Message, Request, SpentMark
from ..queries import Opened
from ..routing import Routing, slot_of
from ..states import Author, State, Urgency
from .last_word import leave_last_word
from .steps import (
    HALF_DAY,
    Card,
    Gone,
    append,
    ask,
    erase,
    hold_own,
    keep,
    made_possible,
    owe_tally,
    placed,
    places_for,
    plane_key,
    tell_members,
)

log = logging.getLogger("peersupport.requests")


class AlreadySent(Exception):
    """This form was sent before, and its receipt is not shown again."""


@dataclass(frozen=True)
class Typed:
    """What an officer typed and chose. All but the urgency may be empty."""

    urgency: Urgency
    concern: str = ""
    message: str = ""
    contact: str = ""
    wanted: int | None = None
    anyone_else: bool = True
    not_these: tuple[int, ...] = ()
    not_unit: str = ""
    other_agency: bool = False
    supervisor_ok: bool = False
    language: str = ""
    kind: str = ""
    gender: str = ""

    @property
    def is_alone(self) -> bool:
        """Whether it is for one person and nobody else."""
        return self.wanted is not None and not self.anyone_else

    def card(self) -> Card:
        """What a peer who is asked may see."""
        return {name: value for name, value in asdict(self).items() if name not in {"message", "contact"}}

    def words(self) -> dict[str, object]:
        """What only the peer who accepts may see."""
        return {"message": self.message, "contact": self.contact}


@dataclass(frozen=True)
class Sent:
    """A request that is under way: its receipt, and how many peers have been asked.

    needs_training: nobody has, only because those who are free are not current in the training that it needs.
    """

    words: tuple[str, ...]
    urgency: Urgency
    asked: int
    needs_training: bool = False


def send(*, token: str, typed: Typed) -> Sent:
    """Seals a request and asks the first peers. The same form with the same words is the same request.

    Raises StaleForm, and AlreadySent when it was sent over an hour ago or is closed.
    """
    now = timezone.now()
    nonce, text = form_tokens.nonce_of(token, "ask"), vault.as_bytes(asdict(typed))
    words = derive_words(keyring.lasting("receipt"), nonce, text)
    creds = credentials(keyring.lasting("credentials"), words)
    mark = vault.spent_mark(keyring.lasting("spent"), nonce, text)
    if SpentMark.objects.filter(pk=mark).exists():
        return _sent_before(words, creds, now)
    # All that takes its time comes first: the key waits for a disk, and others wait for this transaction.
    shred_key_id, known = keyring.create(), queries.peers(now)
    request, need = _sealed(typed, creds, shred_key_id, known, now)
    with transaction.atomic():
        request.row.tag = vault.tag(plane_key(now), creds.locator)  # locks: two presses come one after the other
        is_first = not SpentMark.objects.filter(pk=mark).exists()
        if is_first:
            SpentMark.objects.create(mark=mark, half_day=int(now.timestamp()) // HALF_DAY)
            request.row.save(force_insert=True)
            request = ask(request, request.routing, known, now)
    if not is_first:
        keyring.destroy(shred_key_id)
        return _sent_before(words, creds, now)
    return Sent(words, typed.urgency, len(routing.asked(request.routing)), lacks_only_training(need, known))


def write_as_officer(*, creds: Credentials, token: str, text: str) -> None:
    """Adds a message to the officer's thread. The same press twice writes once. Raises StaleForm and Gone."""
    nonce = form_tokens.nonce_of(token, "write")
    with transaction.atomic():
        request = hold_own(creds)
        if request.routing.state != State.ACCEPTED or request.routing.peer is None:
            raise Gone
        private_key = envelope.private_key_from(creds.seed)
        thread_key = vault.take_key(private_key, request.routing.thread_officer_envelope, request.id, "thread")
        if append(request, thread_key, Author.OFFICER, nonce, text):
            tell_members([request.routing.peer.member_id], urgent=request.routing.urgency == Urgency.NOW)


def mark_read_by_officer(*, creds: Credentials) -> None:
    with transaction.atomic():
        request = hold_own(creds)
        keep(
            request,
            replace(
                request.routing,
                officer_read=slot_of(timezone.now()),
                seen_by_officer=request.routing.messages,
            ),
        )


def try_again(*, creds: Credentials, yield_training: bool = False, next_may_read: bool = False) -> Sent:
    """The officer's press: asks peers anew, after nobody was left or the peer could not go on. Raises Gone.

    yield_training: also those who are not current in the training that the concern needs; this press alone lets
    that go. next_may_read: whoever accepts next reads what was written in the thread before.
    """
    now = timezone.now()
    with transaction.atomic():
        request = hold_own(creds)
        if request.routing.state in {State.NOBODY, State.PEER_LOST}:
            content_key = _content_key(request, creds)
            if next_may_read:
                request = _handed_over(request, creds, content_key)
            card = _card(request, content_key)
            request = _asked_anew(request, card, content_key, now, yield_training=yield_training)
        return Sent((), request.routing.urgency, len(routing.asked(request.routing)))


def let_next_read(*, creds: Credentials) -> None:
    """While others are being asked: whoever accepts reads what was written before. Raises Gone."""
    with transaction.atomic():
        request = hold_own(creds)
        if request.routing.state == State.ACCEPTED or not request.routing.thread_officer_envelope:
            raise Gone
        _handed_over(request, creds, _content_key(request, creds))


def change_peer(*, creds: Credentials, next_may_read: bool) -> Sent:
    """Gives it to somebody else, with no reason asked; whoever had it is not asked again. Raises Gone.

    Unless the next one may read it, the thread is erased with this press.
    """
    now = timezone.now()
    with transaction.atomic():
        request = hold_own(creds)
        peer = request.routing.peer
        if request.routing.state != State.ACCEPTED or peer is None:
            raise Gone
        content_key = _content_key(request, creds)
        card = _card(request, content_key)
        request = _handed_over(request, creds, content_key) if next_may_read else _without_thread(request)
        if request.routing.is_answered:
            owe_tally(peer.member_id, request.routing, timezone.localdate(now))
        tell_members([peer.member_id], urgent=False)
        request = replace(request, routing=routing.release_peer(request.routing))
        card = {**card, "not_these": [*card["not_these"], peer.member_id]}
        request = _asked_anew(request, card, content_key, now)
        return Sent((), request.routing.urgency, len(routing.asked(request.routing)))


def close_as_officer(*, creds: Credentials, last_word: str = "", feedback: str = "") -> str:
    """Erases the request; gives the id of the key that must be gone before anybody says "erased". Raises Gone.

    Where a peer had it, they are left the last word, and the feedback is counted at once.
    """
    now = timezone.now()
    with transaction.atomic():
        request = hold_own(creds)
        peer = request.routing.peer
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


def _sent_before(words: tuple[str, ...], creds: Credentials, now: datetime) -> Sent:
    request = queries.request_with(creds)
    if request is None or slot_of(now) - request.routing.asked > 1:
        raise AlreadySent
    own = queries.own_request(creds)
    needs_training = own is not None and own.needs_training
    return Sent(words, request.routing.urgency, len(routing.asked(request.routing)), needs_training)


def _asked_anew(
    request: Opened, card: Card, content_key: bytes, now: datetime, *, yield_training: bool = False
) -> Opened:
    """Sealed to those who could take it now, and asked of the first of them."""
    known = queries.peers(now, but_not=request.routing.know_them)
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


def _sealed(
    typed: Typed, creds: Credentials, shred_key_id: str, known: list[Peer], now: datetime
) -> tuple[Opened, Need]:
    """A request that is not saved yet, all but the tag by which it is found; and what it needs."""
    request_id, content_key, shred_key = uuid4(), envelope.new_key(), keyring.get(shred_key_id)
    officer_key = envelope.public_key_of(envelope.private_key_from(creds.seed))
    card, need = made_possible(typed.card(), request_id, known)
    slot = slot_of(now)
    places = places_for(need, known, content_key, request_id, now)
    route = Routing(
        state=State.OFFERED,
        urgency=typed.urgency,
        asked=slot,
        touched=slot,
        officer_read=slot,
        locator=creds.locator.hex(),
        officer_key=officer_key.hex(),
        officer_envelope=vault.hand_key(officer_key, content_key, request_id, "content"),
    )
    row = Request(
        id=request_id,
        key_id=shred_key_id,
        routing=vault.seal_routing(shred_key, request_id, route),
        card=vault.seal_card(content_key, shred_key, request_id, card),
        words=vault.seal_words(content_key, shred_key, request_id, typed.words()),
    )
    return Opened(row, shred_key, placed(route, places, need)), need
