"""Requests, unsealed as far as the keyring alone allows: their routing, but nothing that anybody wrote."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import QuerySet

from peersupport.sealing import envelope, keyring

from .. import vault
from ..domain.card import Card, Words
from ..domain.routing import Routing
from ..domain.states import Author
from ..models import Message, Request
from ..vault import ContentKey, RowKey, ThreadKey, ThreadMessage

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
    """What was written in a request. Where any of it is damaged, all of it is left out."""

    card: Card | None = None
    words: Words | None = None
    thread: tuple[ThreadMessage, ...] = ()
    is_damaged: bool = False


def unseal(row: Request) -> UnsealedRequest | None:
    """None when its key is gone, which is what erased means. Raises CannotOpen when the row is damaged."""
    try:
        key = RowKey(row.id, keyring.get(row.key_id))
    except keyring.KeyMissing:
        return None
    return UnsealedRequest(row, key, vault.open_routing(key, bytes(row.routing)))


def open_requests(rows: QuerySet[Request] | None = None) -> Iterator[UnsealedRequest]:
    """All requests that can be unsealed. A damaged row is logged and skipped, so that it holds up nobody else."""
    for row in (Request.objects.all() if rows is None else rows).defer("words"):
        with damage_logged():
            request = unseal(row)
            if request is not None:
                yield request


@contextmanager
def damage_logged() -> Iterator[None]:
    """Log that something is damaged, without saying what, and go on after the block."""
    try:
        yield
    except envelope.CannotOpen:
        log.error("something on the support plane is damaged and was passed over")


def card_of(request: UnsealedRequest, content_key: ContentKey) -> Card:
    """Raises CannotOpen when it is damaged."""
    return vault.open_card(content_key, bytes(request.row.card))


def content_of(request: UnsealedRequest, content_key: ContentKey, thread_key: ThreadKey | None) -> Content:
    """All that these keys open; damage is logged."""
    with damage_logged():
        words = vault.open_words(content_key, bytes(request.row.words))
        return Content(card_of(request, content_key), words, thread_of(request, thread_key) if thread_key else ())
    return Content(is_damaged=True)


def thread_of(request: UnsealedRequest, thread_key: ThreadKey) -> tuple[ThreadMessage, ...]:
    """The messages of a request's thread, in order. Raises CannotOpen when one is damaged."""
    rows = Message.objects.filter(request_id=request.id)
    messages = [vault.open_message(thread_key, row.id, bytes(row.body)) for row in rows]
    last = request.routing.messages_of_earlier_turns
    marked = [replace(each, is_earlier=each.author == Author.PEER and each.number <= last) for each in messages]
    return tuple(sorted(marked, key=lambda message: message.number))
