"""What a member does with offers and contacts: accept, decline, recuse, write, suggest closing, close."""

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from peersupport.program import form_tokens
from peersupport.sealing import envelope, keyring
from peersupport.team.domain.states import KeyState
from peersupport.team.models import Member

from .. import vault
from ..domain import routing
from ..domain.card import Card
from ..domain.half_hours import half_hour_of
from ..domain.matching import may_be_offered
from ..domain.preferences import week_of
from ..domain.routing import Routing
from ..domain.states import Author
from ..models import MatchingPreferences
from ..queries import matching, members
from ..queries.team_now import team_now
from ..queries.unsealing import UnsealedRequest, card_of
from ..vault import ContentKey, ThreadKey
from . import offers, request_rows, threads
from .erasure import erase
from .request_rows import RequestUnavailable

log = logging.getLogger("peersupport.requests")


class AcceptOutcome(StrEnum):
    """What became of pressing Accept."""

    ACCEPTED = "accepted"
    TAKEN = "taken"  # somebody else was first, or it was closed or passed on
    NOT_ELIGIBLE = "not_eligible"  # the rules no longer let this member take it; it has been passed on
    DAMAGED = "damaged"  # it doesn't open with this member's key, or isn't as the officer sent it


def accept(*, member: Member, request_id: UUID, private_key: bytes) -> AcceptOutcome:
    """Give the request to this member, if it is still offered to them."""
    now = timezone.now()
    try:
        with transaction.atomic():
            request_rows.serialize_member(member)  # two presses at once must not pass the cap
            request = request_rows.lock(request_id)
            recipient = request.routing.offered_recipient(member.pk)
            if recipient is None:
                return AcceptOutcome.TAKEN
            content_key = vault.open_content_key(request.key, private_key, recipient.envelope)
            if member.key_state == KeyState.UNVERIFIED:  # until the four words are compared: nobody loses it over that
                return AcceptOutcome.NOT_ELIGIBLE
            if not _is_eligible(card_of(request, content_key), member, request.id, now):
                offers.pass_on(request, {member.pk}, now)
                return AcceptOutcome.NOT_ELIGIBLE
            request_rows.save(request, _accepted(request, member, content_key, private_key, now))
            return AcceptOutcome.ACCEPTED
    except RequestUnavailable:
        return AcceptOutcome.TAKEN
    except envelope.CannotOpen:
        log.error("a request that was offered can't be opened")
        return AcceptOutcome.DAMAGED


def decline(*, member: Member, request_id: UUID) -> None:
    """Pass the request on. Nothing stores that this member declined. Raises RequestUnavailable where it is closed."""
    with transaction.atomic():
        request = request_rows.lock(request_id)
        if request.routing.offered_recipient(member.pk):
            offers.pass_on(request, {member.pk}, timezone.now())


def recuse(*, member: Member, request_id: UUID) -> None:
    """Pass the request on because this member may know the officer, before or after accepting it.

    The officer reads that a peer did so, and this member isn't offered the request again. Raises RequestUnavailable
    for a request that was neither offered to this member nor is theirs.
    """
    now = timezone.now()
    with transaction.atomic():
        request = request_rows.lock(request_id)
        is_offered = request.routing.offered_recipient(member.pk) is not None
        request = replace(request, routing=routing.recuse(request.routing, member.pk))
        if request.routing.is_contact_of(member.pk):
            offers.take_back_from_peer(request, now)
        elif is_offered:
            offers.pass_on(request, {member.pk}, now)
        else:
            raise RequestUnavailable


def write(*, member: Member, request_id: UUID, private_key: bytes, token: str, text: str) -> None:
    """Add a message of the accepting peer. The same press twice writes once.

    Raises StaleForm and RequestUnavailable.
    """
    nonce = form_tokens.nonce_of(token, threads.TOKEN_PURPOSE)
    with transaction.atomic():
        request = request_rows.lock_contact(member, request_id)
        try:
            key = members.turn_key_of_peer(request, private_key)
        except envelope.CannotOpen as error:
            raise RequestUnavailable from error
        threads.append(request, key, Author.PEER, nonce, text)


def mark_read(*, member: Member, request_id: UUID, seen: int) -> None:
    """seen: the number of the last message on the page. One that came a moment later is still unread."""
    with transaction.atomic():
        request = request_rows.lock_contact(member, request_id)
        route = request.routing
        request_rows.save(request, replace(route, seen_by_peer=max(route.seen_by_peer, min(seen, route.messages))))


def suggest_closing(*, member: Member, request_id: UUID, seen: int | None = None) -> None:
    """Ask the officer whether it can be closed. Without an answer it closes by itself after seven days.

    Raises RequestUnavailable, and UnreadMessages where the officer has written since the page was shown.
    """
    with transaction.atomic():
        request = request_rows.lock_contact_if_read(member, request_id, seen)
        if request.routing.closing_suggested is None:
            request_rows.save(request, replace(request.routing, closing_suggested=half_hour_of(timezone.now())))


def close(*, member: Member, request_id: UUID, seen: int | None = None) -> str:
    """Erase the contact; returns the id of the key that must be gone before anybody says "erased".

    Raises RequestUnavailable, and UnreadMessages rather than erase what this peer hasn't read.
    """
    with transaction.atomic():
        request = request_rows.lock_contact_if_read(member, request_id, seen)
        erase(request, timezone.now())
    return request.row.key_id


def discard(*, member: Member, request_id: UUID, seen: int | None = None) -> str:
    """Erase what was no real request, such as a test or a joke, with nothing to tally. Otherwise as `close`."""
    with transaction.atomic():
        request = request_rows.lock_contact_if_read(member, request_id, seen)
        erase(request, timezone.now(), is_counted=False)
    return request.row.key_id


def set_matching_preferences(*, member_id: int, not_now: Collection[str], experiences: Collection[str]) -> None:
    """Save what this member tells only the matching: concerns to be asked about later, and lived experience."""
    with transaction.atomic():
        week = week_of(timezone.localdate())  # after the wait for the database, in which a week may end
        preferences = matching.preferences_of(member_id).changed(not_now=not_now, experiences=experiences, week=week)
        sealed = vault.seal_preferences(keyring.lasting("matching"), member_id, preferences)
        MatchingPreferences.objects.update_or_create(member_id=member_id, defaults={"body": sealed})


def _accepted(
    request: UnsealedRequest, member: Member, content_key: ContentKey, private_key: bytes, now: datetime
) -> Routing:
    """The routing with this member as its peer, and a new thread key sealed to both sides."""
    thread_key = ThreadKey(request.key, envelope.new_key())
    return routing.accept(
        request.routing,
        member.pk,
        thread_officer_envelope=vault.seal_thread_key_to(_officer_key(request, content_key), thread_key),
        thread_peer_envelope=vault.seal_thread_key_to(envelope.public_key_of(private_key), thread_key),
        shared=threads.start(request, content_key, thread_key),
        times=team_now(now).times,
        now=timezone.localtime(now),
    )


def _officer_key(request: UnsealedRequest, content_key: ContentKey) -> bytes:
    """The officer's public key. Raises CannotOpen unless routing and card name the same one."""
    in_routing = bytes.fromhex(request.routing.officer_key)
    in_card = vault.officer_key_in_card(content_key, bytes(request.row.card))
    if in_card not in {None, in_routing}:
        raise envelope.CannotOpen
    return in_routing


def _is_eligible(card: Card, member: Member, request_id: UUID, now: datetime) -> bool:
    """Whether the rules still let this member take the request."""
    peer = next((peer for peer in matching.serving_peers(now) if peer.member_id == member.pk), None)
    return peer is not None and may_be_offered(matching.need_of(card, request_id, now), peer)
