"""What an officer may see: their own request, and the choices they have when they ask."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from peersupport.core import single_row
from peersupport.sealing import envelope, installation, keyring, receipt
from peersupport.sealing.queries import is_all_erased, is_erased
from peersupport.sealing.receipt import Credentials
from peersupport.team.models import Member

from .. import vault
from ..domain.card import Card, Words
from ..domain.half_hours import half_hour_of, minute_of
from ..domain.matching import Waiver, waivable
from ..domain.routing import Routing, lose_peer
from ..domain.states import Author, Recusal, RequestState, Urgency
from ..message_vault import ThreadMessage
from ..models import PlaneKey, Request
from . import matching
from .unsealing import (
    Content,
    UnsealedRequest,
    content_key_of_officer,
    content_of,
    damage_logged,
    thread_key_of_officer,
    unseal,
)


@dataclass(frozen=True)
class OwnRequest:
    """What the officer sees of their request.

    is_offered: whether it is offered to anybody now. is_late: whether nobody goes on asking, because no worker runs.
    waivers: what they could waive so that others are asked too. Only they may.
    next_may_read: whether they let whoever accepts next read the thread. last_could_read: whether they let the peer
    who accepted last, which says nothing about the next one. is_earlier_thread_lost: what they let this peer read was
    damaged.
    turn: how many times it was accepted. messages: the number of the last one. seen*: of the last one seen.
    is_sent_again: whether they sent it again after two members had taken it for no real request.
    is_marked_read: whether it is noted already that they have seen it in this half hour, with all messages.
    """

    request_id: UUID
    state: RequestState
    urgency: Urgency
    is_offered: bool
    is_late: bool
    card: Card | None
    words: Words | None
    thread: tuple[ThreadMessage, ...]
    is_damaged: bool
    peer: Member | None
    is_answered: bool
    is_closing_suggested: bool
    is_untouched: bool
    seen: int
    seen_by_peer: int
    recusal: Recusal | None
    is_oversight_notified: bool
    waivers: tuple[Waiver, ...]
    next_may_read: bool
    last_could_read: bool
    is_earlier_thread_lost: bool
    turn: int
    messages: int
    is_sent_again: bool
    is_marked_read: bool

    @property
    def unread(self) -> int:
        return sum(message.author == Author.PEER and message.number > self.seen for message in self.thread)


class Ending(StrEnum):
    """Why a receipt no longer opens its request."""

    ERASED = "erased"
    CLOSED = "closed"  # its key is being destroyed
    DAMAGED = "damaged"  # its row is there, and nobody can open it


def credentials_of(words: Sequence[str]) -> Credentials:
    """What seven words stand for: those of an earlier secret or version where it is these that lead to a request."""
    credentials, _row = _found(words)
    return credentials


def opened_by(words: Sequence[str]) -> tuple[Credentials, UnsealedRequest | None]:
    """What seven words stand for, and the request that they lead to, without what was written in it."""
    credentials, row = _found(words)
    return credentials, _unseal_own(row, credentials) if row is not None else None


def request_of(credentials: Credentials) -> UnsealedRequest | None:
    """The request that a receipt leads to; None when it is closed, damaged, or never was."""
    row = _look_up(credentials, Request.objects.all())
    return _unseal_own(row, credentials) if row is not None else None


def ending_of(credentials: Credentials) -> Ending:
    """Raises KeyringUnavailable where nobody can say, such as with another installation's keyring."""
    installation.is_noted()
    row = _look_up(credentials, _without_content())
    if row is not None and not is_erased(row.key_id):
        return Ending.DAMAGED
    return Ending.ERASED if is_all_erased() else Ending.CLOSED


def _found(words: Sequence[str]) -> tuple[Credentials, Request | None]:
    possible = [
        receipt.credentials(secret, words, version) for version in (2, 1) for secret in keyring.known("credentials")
    ]
    for credentials in possible:
        if (row := _look_up(credentials, _without_content())) is not None:
            return credentials, row
    return possible[0], None


def _without_content() -> QuerySet[Request]:
    return Request.objects.defer("card", "words")


def _look_up(credentials: Credentials, rows: QuerySet[Request]) -> Request | None:
    """That of these rows which the receipt finds. Tries again if the plane key was renewed in between."""
    tried = None
    while (plane := single_row.read(PlaneKey, "key_id")) is not None and plane[0] != tried:
        (tried,) = plane
        with suppress(keyring.KeyMissing):
            tag = vault.lookup_tag(keyring.get(tried), credentials.locator)
            if (row := next(iter(rows.filter(tag=tag)), None)) is not None:
                return row
    return None


def _unseal_own(row: Request, credentials: Credentials) -> UnsealedRequest | None:
    """None unless it is sealed to this officer: somebody who can write into the table could move a tag."""
    officer_key = envelope.public_key_of(envelope.private_key_from(credentials.seed)).hex()
    with damage_logged():
        request = unseal(row)
        return request if request is not None and request.routing.officer_key == officer_key else None
    return None


def own_request(credentials: Credentials) -> OwnRequest | None:
    """The officer's request with everything they may read. None when it is closed, or never was."""
    request, now = request_of(credentials), timezone.now()
    if request is None:
        return None
    content, routing = _unseal_for_officer(request, credentials), request.routing
    peer = _peer(routing)
    if peer is None and routing.peer is not None:
        routing = lose_peer(routing)
    return OwnRequest(
        request_id=request.id,
        state=routing.state,
        urgency=routing.urgency,
        is_offered=bool(routing.offered_to),
        is_late=routing.is_late(minute_of(now)),
        card=content.card,
        words=content.words,
        thread=content.thread,
        is_damaged=content.is_damaged,
        peer=peer,
        is_answered=routing.is_answered,
        is_closing_suggested=routing.closing_suggested is not None,
        is_untouched=routing.notified_untouched,
        seen=routing.seen_by_officer,
        seen_by_peer=routing.seen_by_peer,
        recusal=routing.recusal,
        is_oversight_notified=routing.is_oversight_notified,
        waivers=waivable(matching.need_of(content.card, request.id, now)) if content.card else (),
        next_may_read=bool(routing.thread_key_for_next),
        last_could_read=bool(routing.earlier_messages),
        is_earlier_thread_lost=routing.is_earlier_thread_lost,
        turn=routing.turn,
        messages=routing.messages,
        is_sent_again=routing.is_sent_again,
        is_marked_read=(routing.officer_read, routing.seen_by_officer) == (half_hour_of(now), routing.messages),
    )


def _peer(routing: Routing) -> Member | None:
    """Who accepted it. None, too, where a backup brought back a time in which they weren't here; see the sweep."""
    return Member.objects.select_related("user").filter(pk=routing.peer.member_id).first() if routing.peer else None


def _unseal_for_officer(request: UnsealedRequest, credentials: Credentials) -> Content:
    with damage_logged():
        keys = content_key_of_officer(request, credentials), thread_key_of_officer(request, credentials)
        return content_of(request, *keys)
    return Content(is_damaged=True)
