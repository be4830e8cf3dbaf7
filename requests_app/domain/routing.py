"""Where one request goes: who is asked, in which order, until when. Pure; each step gives a new Routing.

It is stored sealed under the request's shred key, as one blob of one size. Times on it are half-hour slots, with one
exception: how long those may take who were asked, or have accepted, what cannot wait half an hour. Moments come in the
program's own time zone, because nights do.
"""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta

from .escalation import WAVES, Times, Whom, first_answer, later
from .states import MOVES, UNREAD_FREES_A_PLACE, HandedOn, Standing, State, Urgency

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

    asked, accepted, touched, officer_read, suggested: half-hour slots (see slot_of). due: minutes since 1970, when the
    next wave starts, or when the accepting peer should have answered. is_held: whoever is asked is told only then.
    locator, officer_key, *_envelope: hexadecimal; so is handover, the thread key under the content key, where the
    officer lets the next peer read the thread. seen_*: how many messages that side has seen. over_cap and wanted: as
    in Need. know_them: members who handed it on because they may know the officer; they are never asked again.
    turn: how many times it was accepted; a page bears it, so that what is pressed there never meets another peer.
    earlier: the last message that an earlier turn left in the thread.
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
    wave: int = 0
    due: int | None = None
    is_held: bool = False
    over_cap: int = 0
    wanted: int | None = None
    handed_on: HandedOn | None = None
    accepted: int | None = None
    thread_officer_envelope: str = ""
    thread_peer_envelope: str = ""
    handover: str = ""
    is_answered: bool = False
    is_reminded: bool = False
    messages: int = 0
    seen_by_officer: int = 0
    seen_by_peer: int = 0
    suggested: int | None = None
    told_untouched: bool = False
    know_them: tuple[int, ...] = ()
    turn: int = 0
    earlier: int = 0

    @property
    def peer(self) -> Place | None:
        """Who has accepted it."""
        return next((place for place in self.places if place.standing == Standing.ACCEPTED), None)

    @property
    def due_at(self) -> datetime | None:
        """When those who were asked, or the peer who owes a first answer, have had their time."""
        return None if self.due is None else datetime.fromtimestamp(self.due * 60, UTC)

    @property
    def written_before(self) -> int:
        """Up to which message a thread is of an earlier peer: all of it, while another is being asked."""
        return self.earlier if self.state in {State.ACCEPTED, State.PEER_LOST} else self.messages

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
        raw["know_them"] = tuple(raw.get("know_them", ()))
        raw["handed_on"] = HandedOn(raw["handed_on"]) if raw.get("handed_on") else None
        return cls(**{**raw, "state": State(raw["state"]), "urgency": Urgency(raw["urgency"])})


def slot_of(moment: datetime) -> int:
    """The half hour that a moment lies in, counted from 1970."""
    return int(moment.astimezone(UTC).timestamp()) // int(SLOT.total_seconds())


def minute_of(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp()) // 60


def deadline(now: datetime, end: datetime) -> int:
    """Minutes since 1970; to the half hour where half an hour or more may pass."""
    minutes = minute_of(end)
    return minutes if minutes - minute_of(now) < SLOT // timedelta(minutes=1) else next_half_hour(end)


def next_half_hour(moment: datetime) -> int:
    """The full or half hour that this minute is, or that comes next; minutes since 1970."""
    return -(-minute_of(moment) // 30) * 30


def is_oversight_told(routing: Routing) -> bool:
    """Whether those who watch over the program know that something waits."""
    wave = WAVES[routing.urgency][routing.wave]
    return routing.state == State.NOBODY or (routing.state == State.OFFERED and wave.whom == Whom.OVERSIGHT)


def without(routing: Routing, gone: Collection[int]) -> Routing:
    """The same without these members: their envelopes are deleted."""
    return replace(routing, places=tuple(place for place in routing.places if place.member_id not in gone))


def known_to(routing: Routing, member_id: int) -> Routing:
    """This member may know the officer: it goes on, and does not come back to them."""
    how = HandedOn.READ if routing.holds_contact(member_id) else HandedOn.UNREAD
    return replace(routing, handed_on=how, know_them=(*routing.know_them, member_id))


def asked(routing: Routing) -> list[int]:
    """Who has been asked and has not answered."""
    return [place.member_id for place in routing.places if place.standing == Standing.OFFERED]


def is_due(routing: Routing, now: datetime) -> bool:
    """Whether time has something to do with it: those asked have had theirs, or the first answer is missing."""
    return routing.due is not None and minute_of(now) >= routing.due


# Until the next round has gone on with what is due, nobody waits longer than they should.
ROUNDS_OF_GRACE = timedelta(minutes=2)


def is_overdue(routing: Routing, now: datetime) -> bool:
    """Whether somebody waits longer than they should: for a peer, or for a peer's first answer."""
    if routing.state == State.ACCEPTED:
        return routing.is_reminded and not routing.is_answered
    is_asked = routing.state == State.OFFERED and not routing.is_held
    return is_asked and (is_due(routing, later(now, -ROUNDS_OF_GRACE)) or is_oversight_told(routing))


def accept(
    routing: Routing, member_id: int, *, officer_envelope: str, peer_envelope: str, times: Times, now: datetime
) -> Routing:
    """This member has it. Others who were asked go back to waiting, should this peer be lost.

    The thread starts anew, unless the officer handed it over.
    """
    place = routing.place_of(member_id)
    if routing.state != State.OFFERED or place is None or place.standing != Standing.OFFERED:
        raise NotPossible
    places = tuple(
        replace(p, standing=Standing.ACCEPTED if p.member_id == member_id else Standing.WAITING) for p in routing.places
    )
    return moved(
        routing,
        State.ACCEPTED,
        places=places,
        turn=routing.turn + 1,
        earlier=routing.messages if routing.handover else 0,
        wave=0,
        due=_answer_due(routing.urgency, times, now),
        is_held=False,
        accepted=slot_of(now),
        touched=slot_of(now),
        thread_officer_envelope=officer_envelope,
        thread_peer_envelope=peer_envelope,
        handover="",
        is_answered=False,
        is_reminded=False,
        messages=routing.messages if routing.handover else 0,
        seen_by_officer=routing.seen_by_officer if routing.handover else 0,
        seen_by_peer=0,
        suggested=None,
        told_untouched=False,
    )


def answered(routing: Routing) -> Routing:
    """The peer has written: from now on no time finer than half an hour stands on it."""
    return replace(routing, is_answered=True, due=None)


def remind(routing: Routing, *, times: Times, now: datetime) -> Routing:
    """The peer who has it is told once that the first answer is missing."""
    return replace(routing, is_reminded=True, due=_answer_due(routing.urgency, times, now))


def release_peer(routing: Routing) -> Routing:
    """Without the peer who has it, whose envelope goes. Somebody else is to be asked in the same step."""
    if routing.state != State.ACCEPTED or routing.peer is None:
        raise NotPossible
    changed = replace(routing, wave=0, due=None, thread_peer_envelope="", suggested=None, told_untouched=False)
    return without(changed, {routing.peer.member_id})


def lose_peer(routing: Routing) -> Routing:
    """The accepting peer can't go on; their envelopes go, the words wait for the officer's decision."""
    if routing.peer is None:
        raise NotPossible
    lost = moved(routing, State.PEER_LOST, due=None, thread_peer_envelope="", suggested=None)
    return without(lost, {routing.peer.member_id})


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


def _answer_due(urgency: Urgency, times: Times, now: datetime) -> int:
    return deadline(now, later(now, first_answer(urgency, times)))


def moved(routing: Routing, state: State, **changes: object) -> Routing:
    """In another state. Raises NotPossible where the table has no such move."""
    if state not in MOVES[routing.state]:
        raise NotPossible
    return replace(routing, state=state, **changes)  # type: ignore[arg-type]
