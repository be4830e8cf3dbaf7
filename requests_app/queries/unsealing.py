"""Rows of the support plane, opened as far as the keyring alone opens them: where they stand, and no word."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import QuerySet

from peersupport.sealing import envelope, keyring

from .. import vault
from ..domain.routing import Routing
from ..domain.states import Author
from ..models import Message, Request

log = logging.getLogger("peersupport.requests")


@dataclass(frozen=True)
class Opened:
    """A request with its routing open; its words are not."""

    row: Request
    shred_key: bytes
    routing: Routing

    @property
    def id(self) -> UUID:
        return self.row.id


def opened(row: Request) -> Opened | None:
    """The request with its routing; None when its key is gone, which is what erased means."""
    try:
        shred_key = keyring.get(row.key_id)
    except keyring.KeyMissing:
        return None
    return Opened(row, shred_key, vault.open_routing(shred_key, row.id, bytes(row.routing)))


def open_requests(rows: QuerySet[Request] | None = None) -> Iterator[Opened]:
    """All that can be opened: one damaged row keeps nobody else waiting."""
    for row in (Request.objects.all() if rows is None else rows).defer("words"):
        with damage_is_noted():
            request = opened(row)
            if request is not None:
                yield request


@contextmanager
def damage_is_noted() -> Iterator[None]:
    """Goes on after what does not open: the log says that something is damaged, and nothing more."""
    try:
        yield
    except envelope.CannotOpen:
        log.error("something on the support plane is damaged and was passed over")


def written_in(request: Opened, thread_key: bytes) -> list[vault.Written]:
    """The messages of a thread in their order."""
    rows = Message.objects.filter(request_id=request.id)
    written = [vault.open_message(thread_key, request.shred_key, request.id, row.id, bytes(row.body)) for row in rows]
    before = request.routing.written_before
    marked = [replace(one, is_earlier=one.author == Author.PEER and one.number <= before) for one in written]
    return sorted(marked, key=lambda message: message.number)
