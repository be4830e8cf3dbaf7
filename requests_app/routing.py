"""Where one request goes: who is asked, in which order, until when. Pure; each step gives a new Routing.

It is stored sealed under the request's shred key, as one blob of one size. Times on it are half-hour slots, with one
exception: how long those may take who were asked for a request that cannot wait half an hour.
"""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from .states import MOVES, PATIENCE, UNREAD_FREES_A_PLACE, Standing, State, Urgency

SLOT = timedelta(minutes=30)


class NotPossible(Exception):
    """The request does not stand where this step starts from."""


@dataclass(frozen=True)
class Place:
    """One peer to whom the content key is sealed. envelope: that sealed key, in hexadecimal."""

    member_id: int
    key_id: int
    envelope: str
    standing: Standing = Standing.WAITING


@dataclass(frozen=True)
class Routing:
    """Everything about a request but its words.

    asked, accepted, touched, officer_read, suggested: half-hour slots (see slot_of). due: minutes since 1970.
    locator, officer_key, *_envelope: hexadecimal. seen_*: how many messages that side has seen.
    """

    state: State
    urgency: Urgency
    asked: int
    touched: int
    officer_read: int
    locator: str
    officer_key: str
    officer_envelope: str
    places: tuple[Place, ...] = ()
    due: int | None = None
    accepted: int | None = None
    thread_officer_envelope: str = ""
    thread_peer_envelope: str = ""
    messages: int = 0
    seen_by_officer: int = 0
    seen_by_peer: int = 0
    suggested: int | None = None
    told_untouched: bool = False

    @property
    def peer(self) -> Place | None:
        """Who has accepted it."""
        return next((place for place in self.places if place.standing == Standing.ACCEPTED), None)

    def place_of(self, member_id: int) -> Place | None:
        return next((place for place in self.places if place.member_id == member_id), None)

    def holds_contact(self, member_id: int) -> bool:
        return self.state == State.ACCEPTED and self.peer is not None and self.peer.member_id == member_id

    def counts_for_cap(self, now: datetime) -> bool:
        """Whether it takes one of its peer's places: not if the officer has not read it for a week."""
        return self.state == State.ACCEPTED and slot_of(now) - self.officer_read < UNREAD_FREES_A_PLACE // SLOT

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self), separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Routing":
        raw = json.loads(data)
        raw["places"] = tuple(Place(**{**place, "standing": Standing(place["standing"])}) for place in raw["places"])
        return cls(**{**raw, "state": State(raw["state"]), "urgency": Urgency(raw["urgency"])})


def slot_of(moment: datetime) -> int:
    """The half hour that a moment lies in, counted from 1970."""
    return int(moment.astimezone(UTC).timestamp()) // int(SLOT.total_seconds())


def minute_of(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp()) // 60


def deadline(now: datetime, patience: timedelta) -> int:
    """Minutes since 1970; to the half hour where half an hour or more may pass."""
    minutes = minute_of(now + patience)
    return minutes if patience < SLOT else -(-minutes // 30) * 30


def ask_next(routing: Routing, *, able: Collection[int], on_call: Collection[int], now: datetime) -> Routing:
    """Asks the next peer, or for a request that cannot wait all on call at once and then all the others.

    able: the members who could take it at this moment. Whoever is asked already stays asked.
    """
    waiting = [place.member_id for place in routing.places if place.standing == Standing.WAITING]
    ready = [member for member in waiting if member in able]
    first = [member for member in ready if member in on_call] or ready
    wave = first if routing.urgency == Urgency.NOW else ready[:1]
    if not wave:
        return _moved(routing, State.NOBODY, due=None)
    places = tuple(
        replace(place, standing=Standing.OFFERED) if place.member_id in wave else place for place in routing.places
    )
    return _moved(routing, State.OFFERED, places=places, due=deadline(now, PATIENCE[routing.urgency]))


def without(routing: Routing, gone: Collection[int]) -> Routing:
    """The same without these members: their envelopes are deleted."""
    return replace(routing, places=tuple(place for place in routing.places if place.member_id not in gone))


def asked(routing: Routing) -> list[int]:
    """Who has been asked and has not answered."""
    return [place.member_id for place in routing.places if place.standing == Standing.OFFERED]


def is_overdue(routing: Routing, now: datetime) -> bool:
    return routing.state == State.OFFERED and routing.due is not None and minute_of(now) >= routing.due


def accept(routing: Routing, member_id: int, *, officer_envelope: str, peer_envelope: str, now: datetime) -> Routing:
    """This member has it. Others who were asked go back to waiting, should this peer be lost."""
    place = routing.place_of(member_id)
    if routing.state != State.OFFERED or place is None or place.standing != Standing.OFFERED:
        raise NotPossible
    places = tuple(
        replace(p, standing=Standing.ACCEPTED if p.member_id == member_id else Standing.WAITING) for p in routing.places
    )
    return _moved(
        routing,
        State.ACCEPTED,
        places=places,
        due=None,
        accepted=slot_of(now),
        touched=slot_of(now),
        thread_officer_envelope=officer_envelope,
        thread_peer_envelope=peer_envelope,
        messages=0,
        seen_by_officer=0,
        seen_by_peer=0,
        suggested=None,
        told_untouched=False,
    )


def lose_peer(routing: Routing) -> Routing:
    """The accepting peer can't go on; their envelopes go, the words wait for the officer's decision."""
    if routing.peer is None:
        raise NotPossible
    return without(_moved(routing, State.PEER_LOST, thread_peer_envelope="", suggested=None), {routing.peer.member_id})


def response_code(routing: Routing) -> str:
    """How long the officer waited for a peer's yes, as a code of the vocabulary `response`; to the half hour."""
    if routing.accepted is None:
        raise NotPossible
    hours = (routing.accepted - routing.asked) / 2
    if hours <= 1:
        return "within_1_h"
    if hours <= 24:
        return "within_24_h"
    return "within_72_h" if hours <= 72 else "later"


def _moved(routing: Routing, state: State, **changes: object) -> Routing:
    if state not in MOVES[routing.state]:
        raise NotPossible
    return replace(routing, state=state, **changes)  # type: ignore[arg-type]
