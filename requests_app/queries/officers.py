"""What an officer may see: their own request, and whom they may ask for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils import timezone

from peersupport.sealing import envelope, keyring
from peersupport.sealing.queries import is_all_erased, is_erased
from peersupport.sealing.receipt import Credentials
from peersupport.team.domain.attributes import GENDER_LABELS, LANGUAGE_LABELS
from peersupport.team.domain.states import KIND_LABELS
from peersupport.team.models import Member
from peersupport.team.queries import members as members_queries

from .. import vault
from ..domain.matching import Widening, Yielded, lacks_only_training, would_help
from ..domain.routing import asked, is_oversight_told
from ..domain.states import Author, HandedOn, State, Urgency
from ..models import PlaneKey, Request
from . import availability
from .unsealing import Opened, damage_is_noted, opened, written_in


@dataclass(frozen=True)
class OwnRequest:
    """What the officer sees of their request.

    yielded: what they had asked for and could not have. needs_training: nobody is left only because those who are
    free are not current in the training that it needs. widening: what they had asked for themselves and keeps others
    from being asked; they alone may let either go. next_may_read: they have let whoever accepts next read the thread.
    turn: how many times it was accepted. messages: the number of the last one.
    """

    request_id: UUID
    state: State
    urgency: Urgency
    asked: int
    card: dict[str, Any]
    words: dict[str, Any]
    thread: list[vault.Written]
    is_damaged: bool
    peer: Member | None
    is_answered: bool
    is_closing_suggested: bool
    is_untouched: bool
    seen: int
    seen_by_peer: int
    handed_on: HandedOn | None
    is_oversight_told: bool
    yielded: tuple[Yielded, ...]
    needs_training: bool
    widening: Widening | None
    next_may_read: bool
    turn: int
    messages: int

    @property
    def is_alone(self) -> bool:
        """Whether it waits for one person that they named, and for nobody else."""
        return bool(self.card.get("wanted")) and not self.card["anyone_else"]

    @property
    def gave_way(self) -> bool:
        """Whether something that they had chosen did; how many contacts a peer carries is not theirs to mind."""
        return not {Yielded.UNIT, Yielded.KIND, Yielded.AGENCY}.isdisjoint(self.yielded)

    @property
    def unread(self) -> int:
        return sum(message.author == Author.PEER and message.number > self.seen for message in self.thread)


Choices = Sequence[tuple[int | str, str]]


@dataclass(frozen=True)
class Choosable:
    """What an officer may ask for, as choices of a form: only what somebody who serves could give.

    left_out, left_out_units: whom and which unit they may have left out, also while nobody there can be asked: whoever
    is on leave today may be asked next week.
    """

    names: Choices = ()
    left_out: Choices = ()
    units: Sequence[str] = ()
    left_out_units: Sequence[str] = ()
    languages: Choices = ()
    kinds: Choices = ()
    genders: Choices = ()


class Ended(StrEnum):
    """What is left of a request that a receipt no longer opens."""

    ERASED = "erased"
    CLOSED = "closed"  # its key is being destroyed
    DAMAGED = "damaged"  # it is there, and nobody can open it


def request_with(credentials: Credentials) -> Opened | None:
    """The request that a receipt leads to."""
    row = _row_with(credentials)
    return _own(row, credentials) if row is not None else None


def how_it_ended(credentials: Credentials) -> Ended:
    row = _row_with(credentials)
    if row is not None and not is_erased(row.key_id):
        return Ended.DAMAGED
    return Ended.ERASED if is_all_erased() else Ended.CLOSED


def _row_with(credentials: Credentials) -> Request | None:
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
            return row
    return None


def _own(row: Request, credentials: Credentials) -> Opened | None:
    """The request, if it is sealed to this officer: whoever can write into the table could move a tag."""
    officer_key = envelope.public_key_of(envelope.private_key_from(credentials.seed)).hex()
    with damage_is_noted():
        request = opened(row)
        return request if request is not None and request.routing.officer_key == officer_key else None
    return None


def own_request(credentials: Credentials) -> OwnRequest | None:
    """The officer's request with all they may read. None when it is closed, or never was."""
    request = request_with(credentials)
    if request is None:
        return None
    routing = request.routing
    card, words, thread, is_damaged = _what_the_officer_reads(request, envelope.private_key_from(credentials.seed))
    needs_training, widening = _what_would_help(card, request)
    peer = routing.peer
    return OwnRequest(
        request_id=request.id,
        state=routing.state,
        urgency=routing.urgency,
        asked=len(asked(routing)),
        card=card,
        words=words,
        thread=thread,
        is_damaged=is_damaged,
        peer=Member.objects.select_related("user").get(pk=peer.member_id) if peer else None,
        is_answered=routing.is_answered,
        is_closing_suggested=routing.suggested is not None,
        is_untouched=routing.told_untouched,
        seen=routing.seen_by_officer,
        seen_by_peer=routing.seen_by_peer,
        handed_on=routing.handed_on,
        is_oversight_told=is_oversight_told(routing),
        yielded=tuple(Yielded(code) for code in card.get("yielded", ())),
        needs_training=needs_training,
        widening=widening,
        next_may_read=bool(routing.handover),
        turn=routing.turn,
        messages=routing.messages,
    )


def _what_would_help(card: dict[str, Any], request: Opened) -> tuple[bool, Widening | None]:
    """When nobody is left: whether only the training is missing, and what the officer could let go."""
    if request.routing.state != State.NOBODY or not card:
        return False, None
    known, need = (
        availability.peers(timezone.now(), but_not=request.routing.know_them),
        availability.need_of(card, request.id),
    )
    return lacks_only_training(need, known), would_help(need, known)


def _what_the_officer_reads(
    request: Opened, private_key: bytes
) -> tuple[dict[str, Any], dict[str, Any], list[vault.Written], bool]:
    """Card, words and thread, and whether something of them is damaged."""
    routing = request.routing
    with damage_is_noted():
        content_key = vault.take_key(private_key, routing.officer_envelope, request.id, "content")
        card = vault.open_card(content_key, request.shred_key, request.id, bytes(request.row.card))
        words = vault.open_words(content_key, request.shred_key, request.id, bytes(request.row.words))
        if not routing.thread_officer_envelope:
            return card, words, [], False
        thread_key = vault.take_key(private_key, routing.thread_officer_envelope, request.id, "thread")
        return card, words, written_in(request, thread_key), False
    return {}, {}, [], True


def choosable(now: datetime) -> Choosable:
    """Names, units and the rest of those who serve, for an officer who would rather have or not have some of them."""
    members, everybody = list(members_queries.public_roster(timezone.localdate(now))), list(members_queries.not_ended())
    kinds, genders = {member.kind for member in members}, {member.gender for member in members}
    languages = {code for member in members for code in member.languages}
    return Choosable(
        names=[(member.pk, str(member)) for member in members],
        left_out=[(member.pk, str(member)) for member in everybody],
        units=_units_of(members),
        left_out_units=_units_of(everybody),
        languages=[(code, label) for code, label in LANGUAGE_LABELS.items() if code in languages],
        kinds=[(kind, label) for kind, label in KIND_LABELS.items() if kind in kinds] if len(kinds) > 1 else [],
        genders=[(gender, label) for gender, label in GENDER_LABELS.items() if gender in genders],
    )


def _units_of(members: Iterable[Member]) -> list[str]:
    """Each unit once, however it is written."""
    written = (member.unit.strip() for member in members)
    return sorted({unit.casefold(): unit for unit in written if unit}.values())
