"""Requests, unsealed as far as the program by itself can: their routing, but nothing that anybody wrote."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import QuerySet

from peersupport.sealing import envelope, keyring
from peersupport.sealing.receipt import Credentials

from .. import message_vault, vault
from ..domain.card import Card, Words
from ..domain.half_hours import HALF_HOUR
from ..domain.routing import Routing
from ..domain.states import Author
from ..message_vault import ThreadMessage, TurnKey
from ..models import Message, Request
from ..vault import ContentKey, RowKey, ThreadKey

log = logging.getLogger("peersupport.requests")


@dataclass(frozen=True)
class UnsealedRequest:
    """A request with its shred key and its routing; card, words and thread are still sealed."""

    row: Request
    key: RowKey
    routing: Routing

    @property
    def id(self) -> UUID:
        return self.row.id


@dataclass(frozen=True)
class Content:
    """What was written in a request, as far as it opens. A thread opens whole or not at all."""

    card: Card | None = None
    words: Words | None = None
    thread: tuple[ThreadMessage, ...] = ()
    is_damaged: bool = False


def unseal(row: Request) -> UnsealedRequest | None:
    """None when its key is gone, which is what erased means. Raises CannotOpen when the row is damaged."""
    try:
        key = vault.row_key(row.id, row.key_id)
    except keyring.KeyMissing:
        return None
    return UnsealedRequest(row, key, vault.open_routing(key, bytes(row.routing), bytes(row.stamp)))


def open_requests(rows: QuerySet[Request] | None = None) -> Iterator[UnsealedRequest]:
    """All requests of these rows that can be unsealed; of all there are, unless told which.

    For what takes more of each than outlines.open_now() remembers. A damaged row is logged and skipped, so that it
    holds up nobody else.
    """
    for row in (Request.objects.all() if rows is None else rows).defer("words"):
        with damage_logged():
            request = unseal(row)
            if request is not None:
                yield request


def is_any_from_before(seconds: float) -> bool:
    """Whether a request is open that was submitted before this (epoch seconds), as far as key or routing say so.

    A key's file says nothing earlier than the request, but may say something later: copying it can date it anew.
    """
    for row in Request.objects.only("key_id", "stamp", "routing"):
        if keyring.made_at(row.key_id) < seconds:
            return True
        with suppress(envelope.CannotOpen):
            request = unseal(row)
            if request is not None and request.routing.submitted * HALF_HOUR.total_seconds() < seconds:
                return True
    return False


def unreadable() -> int:
    """How many open requests the program can't open: damaged, or the host secret is not the one they lie under."""
    count = 0
    for row in Request.objects.only("key_id", "stamp", "routing"):
        try:
            unseal(row)
        except envelope.CannotOpen:
            count += 1
    return count


@contextmanager
def damage_logged() -> Iterator[None]:
    """Log that something is damaged, and go on after the block."""
    try:
        yield
    except envelope.CannotOpen:
        log_damage()


def log_damage() -> None:
    """Without saying what is damaged."""
    log.error("something on the support plane is damaged and was passed over")


def content_key_of_officer(request: UnsealedRequest, creds: Credentials) -> ContentKey:
    """The content key as the officer has it. Raises CannotOpen when it was damaged in format 1."""
    if creds.version == 1:
        private_key = envelope.private_key_from(creds.seed)
        return vault.open_content_key(request.key, private_key, request.routing.officer_envelope)
    return vault.content_key_from_seed(request.key, creds.seed)


def thread_key_of_officer(request: UnsealedRequest, creds: Credentials) -> ThreadKey | None:
    """None while there is no thread. Raises CannotOpen when it is damaged."""
    sealed = request.routing.thread_officer_envelope
    return vault.open_thread_key(request.key, envelope.private_key_from(creds.seed), sealed) if sealed else None


def turn_key(
    request: UnsealedRequest, content_key: ContentKey, thread_key: ThreadKey, *, turn: int | None = None
) -> TurnKey:
    """What opens the messages of the current turn, or of another."""
    may_be_format_1 = vault.is_format_1(content_key, bytes(request.row.words))
    at = request.routing.turn if turn is None else turn
    return message_vault.turn_key(content_key, thread_key, at, may_be_format_1=may_be_format_1)


def card_of(request: UnsealedRequest, content_key: ContentKey) -> Card:
    """Raises CannotOpen when it is damaged, or an earlier one that was put back."""
    if vault.hash_of(bytes(request.row.card)) != request.routing.card_hash:
        raise envelope.CannotOpen
    return vault.open_card(content_key, bytes(request.row.card))


def content_of(request: UnsealedRequest, content_key: ContentKey, thread_key: ThreadKey | None) -> Content:
    """All that these keys open; damage is logged."""
    content = Content(is_damaged=True)
    with damage_logged():
        content = replace(content, card=card_of(request, content_key))
        content = replace(content, words=vault.open_words(content_key, bytes(request.row.words)))
        key = turn_key(request, content_key, thread_key) if thread_key else None
        return replace(content, thread=thread_of(request, key) if key else (), is_damaged=False)
    return content


def thread_of(request: UnsealedRequest, key: TurnKey) -> tuple[ThreadMessage, ...]:
    """The messages of a request's thread, in order. Raises CannotOpen when anything in it is damaged or missing."""
    last = request.routing.messages_of_earlier_turns
    return tuple(
        replace(message, is_earlier=message.author == Author.PEER and message.number <= last)
        for message in messages_of(request, key).values()
    )


def messages_of(request: UnsealedRequest, key: TurnKey) -> dict[UUID, ThreadMessage]:
    """The messages by id, in order. Raises CannotOpen, as thread_of."""
    rows = Message.objects.filter(request_id=request.id).values_list("pk", "body")
    bodies = [(id_, bytes(body)) for id_, body in rows]
    return message_vault.open_thread(key, bodies, messages=request.routing.messages, link=request.routing.link)
