"""What each side may see. Open requests are few: whoever looks opens their routing one by one."""

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from peersupport.program import vocabulary
from peersupport.sealing import envelope, keyring
from peersupport.sealing.receipt import Credentials
from peersupport.team import queries as team
from peersupport.team.models import Member
from peersupport.team.states import KIND_LABELS
from training import queries as training

from . import vault
from .matching import Peer
from .models import Boundary, LastWord, Message, PlaneKey, Request, TallyOwed
from .routing import Routing, is_overdue
from .states import Author, Standing, State, Urgency

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


@dataclass(frozen=True)
class Offer:
    """What a peer who is asked may see: the card, and nothing of the words."""

    request_id: UUID
    urgency: Urgency
    card: dict[str, Any]


@dataclass(frozen=True)
class Contact:
    """What a peer sees of a request they have accepted."""

    request_id: UUID
    urgency: Urgency
    card: dict[str, Any]
    words: dict[str, Any]
    thread: list[vault.Written]
    is_damaged: bool
    is_closing_suggested: bool


@dataclass(frozen=True)
class OwnRequest:
    """What the officer sees of their request."""

    request_id: UUID
    state: State
    urgency: Urgency
    asked: int
    words: dict[str, Any]
    thread: list[vault.Written]
    is_damaged: bool
    peer: Member | None
    is_closing_suggested: bool
    is_untouched: bool
    seen: int
    seen_by_peer: int

    @property
    def unread(self) -> int:
        return sum(message.author == Author.PEER and message.number > self.seen for message in self.thread)


@dataclass(frozen=True)
class Owed:
    """A contact that its peer has not counted yet."""

    id: UUID
    member_id: int
    year: int
    response: str
    drop_on: date


@dataclass(frozen=True)
class WaitingSummary:
    """How many wait, and what of: numbers only."""

    waiting: int
    overdue: int
    nobody_left: int
    on_call: int
    serving: int
    at_cap: int


Choices = Sequence[tuple[int | str, str]]


@dataclass(frozen=True)
class Choosable:
    """What an officer may ask for, as choices of a form: only what somebody who serves could give."""

    names: Choices = ()
    units: Sequence[str] = ()
    languages: Choices = ()
    kinds: Choices = ()
    genders: Choices = ()


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
        with _damage_is_noted():
            request = opened(row)
            if request is not None:
                yield request


def request_with(credentials: Credentials) -> Opened | None:
    """The request that a receipt leads to."""
    for _ in range(2):  # once more if the week's key was renewed in between
        plane = PlaneKey.objects.filter(pk=1).first()
        if plane is None:
            return None
        try:
            tag = vault.tag(keyring.get(plane.key_id), credentials.locator)
        except keyring.KeyMissing:
            continue
        row = Request.objects.filter(tag=tag).first()
        if row is not None:
            return _own(row, credentials)
    return None


def _own(row: Request, credentials: Credentials) -> Opened | None:
    """The request, if it is sealed to this officer: whoever can write into the table could move a tag."""
    officer_key = envelope.public_key_of(envelope.private_key_from(credentials.seed)).hex()
    with _damage_is_noted():
        request = opened(row)
        return request if request is not None and request.routing.officer_key == officer_key else None
    return None


def own_request(credentials: Credentials) -> OwnRequest | None:
    """The officer's request with all they may read. None when it is closed, or never was."""
    request = request_with(credentials)
    if request is None:
        return None
    routing = request.routing
    words, thread, is_damaged = _what_the_officer_reads(request, envelope.private_key_from(credentials.seed))
    peer = routing.peer
    return OwnRequest(
        request_id=request.id,
        state=routing.state,
        urgency=routing.urgency,
        asked=len([place for place in routing.places if place.standing == Standing.OFFERED]),
        words=words,
        thread=thread,
        is_damaged=is_damaged,
        peer=Member.objects.select_related("user").get(pk=peer.member_id) if peer else None,
        is_closing_suggested=routing.suggested is not None,
        is_untouched=routing.told_untouched,
        seen=routing.seen_by_officer,
        seen_by_peer=routing.seen_by_peer,
    )


def _what_the_officer_reads(request: Opened, private_key: bytes) -> tuple[dict[str, Any], list[vault.Written], bool]:
    """Words and thread, and whether something of them is damaged."""
    routing = request.routing
    with _damage_is_noted():
        content_key = vault.take_key(private_key, routing.officer_envelope, request.id, "content")
        words = vault.open_words(content_key, request.shred_key, request.id, bytes(request.row.words))
        if not routing.thread_officer_envelope:
            return words, [], False
        thread_key = vault.take_key(private_key, routing.thread_officer_envelope, request.id, "thread")
        return words, _thread(request, thread_key), False
    return {}, [], True


def offers_for(member: Member, private_key: bytes) -> list[Offer]:
    """The requests this member has been asked to take."""
    found = [_offer(request, member, private_key) for request in open_requests()]
    return sorted(
        (offer for offer in found if offer),
        key=lambda offer: (list(Urgency).index(offer.urgency), offer.request_id),
    )


def contacts_of(member: Member) -> list[Opened]:
    """The open contacts of a member, without their words."""
    return [request for request in open_requests() if request.routing.holds_contact(member.pk)]


def contact_for(member: Member, request_id: UUID, private_key: bytes) -> Contact:
    """One contact with its words and thread. Raises Http404 for any that is not this member's."""
    row, request = Request.objects.filter(pk=request_id).first(), None
    with _damage_is_noted():
        request = opened(row) if row else None
    if request is None or not request.routing.holds_contact(member.pk):
        raise Http404
    routing = request.routing
    card, words, thread, is_damaged = _what_the_peer_reads(request, private_key)
    return Contact(
        request_id=request.id,
        urgency=routing.urgency,
        card=card,
        words=words,
        thread=thread,
        is_damaged=is_damaged,
        is_closing_suggested=routing.suggested is not None,
    )


def _what_the_peer_reads(
    request: Opened, private_key: bytes
) -> tuple[dict[str, Any], dict[str, Any], list[vault.Written], bool]:
    """Card, words and thread, and whether something of them is damaged. Raises Http404 for another's key."""
    routing = request.routing
    try:
        content_key = vault.take_key(private_key, routing.peer.envelope if routing.peer else "", request.id, "content")
        thread_key = vault.take_key(private_key, routing.thread_peer_envelope, request.id, "thread")
    except envelope.CannotOpen as error:  # sealed to a key this member no longer has
        raise Http404 from error
    with _damage_is_noted():
        card = vault.open_card(content_key, request.shred_key, request.id, bytes(request.row.card))
        words = vault.open_words(content_key, request.shred_key, request.id, bytes(request.row.words))
        return card, words, _thread(request, thread_key), False
    return {}, {}, [], True


def owed_by(member: Member) -> list[Owed]:
    """The contacts this member has still to count."""
    return [owed for owed in owed_tallies() if owed.member_id == member.pk]


def owed_tallies() -> Iterator[Owed]:
    for row in TallyOwed.objects.all():
        with _damage_is_noted(), suppress(keyring.KeyMissing):
            raw = vault.open_owed(keyring.get(row.key_id), row.id, bytes(row.body))
            yield Owed(row.id, raw["member"], raw["year"], raw["response"], date.fromisoformat(raw["drop_on"]))


def last_words_for(member: Member) -> list[UUID]:
    """The last words that wait for this member, none of them opened."""
    return [word_id for word_id, (member_id, _) in last_words() if member_id == member.pk]


def last_words() -> Iterator[tuple[UUID, tuple[int, date]]]:
    """For whom each is, and the last day it waits."""
    for row in LastWord.objects.all():
        with _damage_is_noted(), suppress(keyring.KeyMissing):
            member_id, drop_on = vault.open_last_word_header(keyring.get(row.key_id), row.id, bytes(row.body))
            yield row.id, (member_id, date.fromisoformat(drop_on))


def boundaries_of(member: Member) -> frozenset[str]:
    row = Boundary.objects.filter(pk=member.pk).first()
    return _boundary(row, keyring.lasting("matching")) if row else frozenset()


def _boundary(row: Boundary, secret: bytes) -> frozenset[str]:
    with _damage_is_noted():
        return vault.open_boundary(secret, row.pk, bytes(row.body))
    return frozenset(vocabulary.CONCERN.codes)  # nobody is asked about what they may have set to "not now"


def peers(now: datetime) -> list[Peer]:
    """Everyone who serves, as matching sees them; a constant number of queries and one look at each open request."""
    today = timezone.localdate(now)
    subjects = training.subjects_held(today)
    on_call = team.on_call_at(now)
    secret = keyring.lasting("matching")
    limits = {row.pk: _boundary(row, secret) for row in Boundary.objects.all()}
    load = Counter(
        request.routing.peer.member_id
        for request in open_requests()
        if request.routing.peer and request.routing.counts_for_cap(now)
    )
    return [
        Peer(
            member_id=member.pk,
            unit=member.unit,
            agency=member.agency,
            is_supervisor=member.is_supervisor or member.user.is_coordinator,
            is_on_call=member.pk in on_call,
            open_contacts=load[member.pk],
            cap=member.cap,
            subjects=subjects.get(member.pk, frozenset()),
            not_now=limits.get(member.pk, frozenset()),
        )
        for member in team.serving(today)
    ]


def waiting_summary(now: datetime) -> WaitingSummary:
    """For those who keep the program running: how many wait and of what, never who or what about."""
    routings = [request.routing for request in open_requests()]
    known = peers(now)
    return WaitingSummary(
        waiting=sum(routing.state == State.OFFERED for routing in routings),
        overdue=sum(is_overdue(routing, now) for routing in routings),
        nobody_left=sum(routing.state == State.NOBODY for routing in routings),
        on_call=sum(peer.is_on_call for peer in known),
        serving=len(known),
        at_cap=sum(peer.open_contacts >= peer.cap for peer in known),
    )


def choosable(now: datetime) -> Choosable:
    """Names, units and the rest of those who serve, for an officer who would rather have or not have some of them."""
    members = list(team.public_roster(timezone.localdate(now)))
    units = {member.unit.strip().casefold(): member.unit.strip() for member in members if member.unit.strip()}
    kinds = {member.kind for member in members}
    return Choosable(
        names=[(member.pk, str(member)) for member in members],
        units=sorted(units.values()),
        kinds=[(kind, label) for kind, label in KIND_LABELS.items() if kind in kinds] if len(kinds) > 1 else [],
    )


def _offer(request: Opened, member: Member, private_key: bytes) -> Offer | None:
    place = request.routing.place_of(member.pk)
    if request.routing.state != State.OFFERED or place is None or place.standing != Standing.OFFERED:
        return None
    try:
        content_key = vault.take_key(private_key, place.envelope, request.id, "content")
        card = vault.open_card(content_key, request.shred_key, request.id, bytes(request.row.card))
    except envelope.CannotOpen:  # sealed to a key this member no longer has; the sweep asks the next one
        return None
    return Offer(request.id, request.routing.urgency, card)


@contextmanager
def _damage_is_noted() -> Iterator[None]:
    """Goes on after what does not open: the log says that something is damaged, and nothing more."""
    try:
        yield
    except envelope.CannotOpen:
        log.error("something on the support plane is damaged and was passed over")


def _thread(request: Opened, thread_key: bytes) -> list[vault.Written]:
    rows = Message.objects.filter(request_id=request.id)
    written = [vault.open_message(thread_key, request.shred_key, request.id, row.id, bytes(row.body)) for row in rows]
    return sorted(written, key=lambda message: message.number)


def unread_by_peer(request: Opened) -> bool:
    return request.routing.messages > request.routing.seen_by_peer
