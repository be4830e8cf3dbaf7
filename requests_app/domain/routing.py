"""The routing of one request: who it is offered to, in which order, until when.

Pure: each step returns a new Routing. A routing is stored sealed under the request's shred key, as one blob of one
size. Its times are half hours, with one exception: deadlines for what cannot wait half an hour. All moments are in
the program's own time zone, because nights are.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime

from .escalation import Times, later, time_to_first_answer
from .half_hours import deadline, half_hour_of
from .outline import Outline, Standing
from .states import MOVES, SET_ASIDE_BY, RecipientStatus, Recusal, RequestState, Urgency


class NotPossible(Exception):
    """The request is not in a state from which this step is possible."""


@dataclass(frozen=True)
class SharedThread:
    """What of the thread the next peer may read. messages, link: as in Routing. is_lost: it was damaged."""

    messages: int = 0
    link: str = ""
    is_lost: bool = False


@dataclass(frozen=True, kw_only=True)
class Recipient(Standing):
    """One peer to whom the content key is sealed. envelope: the sealed content key, in hexadecimal."""

    envelope: str


@dataclass(frozen=True, kw_only=True)
class Routing(Outline):
    """Everything about a request except what it says: its outline, and what only its two sides or a lookup need.

    locator, officer_key, thread_*_envelope: hexadecimal.
    officer_envelope: the content key for the officer, in requests of format 1; else empty.
    card_hash: of the sealed card, so that an earlier card can't be put back.
    thread_key_for_next: the thread key sealed under the content key, in hexadecimal, where the officer lets the next
    peer read the thread.
    accepted: the half hour. recused: members who passed it on because they may know the officer; they are never
    offered it again.
    messages: the number of the last message. link: its link (see message_vault); empty while there is none.
    seen_by_*: the number of the last one that side has seen.
    turn: how many times it was accepted. A page carries it, so that what is pressed there never reaches another peer.
    earlier_messages: the number of the last message left in the thread by an earlier turn.
    is_earlier_thread_lost: the officer let this peer read the thread, and it was damaged.
    """

    recipients: tuple[Recipient, ...] = ()
    locator: str = field(repr=False)
    officer_key: str
    officer_envelope: str = ""
    recusal: Recusal | None = None
    accepted: int | None = None
    thread_officer_envelope: str = ""
    thread_peer_envelope: str = ""
    thread_key_for_next: str = ""
    messages: int = 0
    seen_by_officer: int = 0
    seen_by_peer: int = 0
    recused: tuple[int, ...] = ()
    turn: int = 0
    earlier_messages: int = 0
    card_hash: str = ""
    link: str = ""
    is_earlier_thread_lost: bool = False

    @property
    def peer(self) -> Recipient | None:
        """The peer who has accepted it."""
        return next((recipient for recipient in self.recipients if recipient.status == RecipientStatus.ACCEPTED), None)

    @property
    def due_at(self) -> datetime | None:
        """`due` as a moment, in UTC."""
        return None if self.due is None else datetime.fromtimestamp(self.due * 60, UTC)

    @property
    def is_unread_by_peer(self) -> bool:
        return self.messages > self.seen_by_peer

    @property
    def messages_of_earlier_turns(self) -> int:
        """The number of the last message of an earlier turn; of the last message at all while nobody has accepted."""
        return self.earlier_messages if self.state in {RequestState.ACCEPTED, RequestState.PEER_LOST} else self.messages

    def recipient_for(self, member_id: int) -> Recipient | None:
        return next((recipient for recipient in self.recipients if recipient.member_id == member_id), None)

    def offered_recipient(self, member_id: int) -> Recipient | None:
        """This member as a recipient, if the request is offered to them right now."""
        return self.recipient_for(member_id) if self.is_offered_to(member_id) else None

    def to_bytes(self) -> bytes:
        raw = {name: getattr(self, name) for name in ROUTING_FIELDS}
        raw["recipients"] = [{name: getattr(each, name) for name in RECIPIENT_FIELDS} for each in self.recipients]
        return json.dumps(raw, separators=(",", ":")).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Routing":
        """Raises ValueError, KeyError or TypeError for anything but a routing."""
        raw = json.loads(data)
        raw["recipients"] = tuple(
            Recipient(**{**recipient, "status": RecipientStatus(recipient["status"])})
            for recipient in raw["recipients"]
        )
        raw["recused"], raw["marked_by"] = tuple(raw.get("recused", ())), tuple(raw.get("marked_by", ()))
        raw["recusal"] = Recusal(raw["recusal"]) if raw.get("recusal") else None
        return cls(**{**raw, "state": RequestState(raw["state"]), "urgency": Urgency(raw["urgency"])})


ROUTING_FIELDS, RECIPIENT_FIELDS = ([field.name for field in fields(each)] for each in (Routing, Recipient))


def without(routing: Routing, member_ids: Collection[int]) -> Routing:
    """Drop these members from the recipients, and their envelopes with them."""
    return replace(
        routing,
        recipients=tuple(recipient for recipient in routing.recipients if recipient.member_id not in member_ids),
    )


def recuse(routing: Routing, member_id: int) -> Routing:
    """Record that this member may know the officer: they are never offered it again."""
    after = Recusal.READ if routing.is_contact_of(member_id) else Recusal.UNREAD
    return replace(routing, recusal=after, recused=(*routing.recused, member_id))


def mark_not_real(routing: Routing, member_id: int, now: datetime) -> Routing:
    """Record that this member took it for no real request. It leaves their desk; with a second member's mark, all.

    What somebody has accepted once is real, and is never set aside. Its recipients stay, so that it can be put back.
    Raises NotPossible if the request is not offered to this member.
    """
    if routing.offered_recipient(member_id) is None:
        raise NotPossible
    marked = replace(routing, marked_by=tuple(sorted({*routing.marked_by, member_id})))
    if len(marked.marked_by) < SET_ASIDE_BY or routing.turn:
        return marked
    recipients = tuple(replace(each, status=RecipientStatus.WAITING) for each in marked.recipients)
    return move(
        marked, RequestState.SET_ASIDE, recipients=recipients, due=None, is_held=False, touched=half_hour_of(now)
    )


def put_back(routing: Routing, member_id: int, now: datetime) -> Routing:
    """One of the two who marked it thinks otherwise after all. Raises NotPossible for anybody else.

    The caller offers it in the same step.
    """
    if routing.state != RequestState.SET_ASIDE or member_id not in routing.marked_by:
        raise NotPossible
    left = tuple(each for each in routing.marked_by if each != member_id)
    return move(routing, RequestState.IN_LINE, marked_by=left, wave=0, touched=half_hour_of(now))


def send_again(routing: Routing) -> Routing:
    """The officer says that it is real: it waits in the slow lane, as if nobody had marked it. Raises NotPossible."""
    return move(routing, RequestState.IN_LINE, marked_by=(), is_sent_again=True)


def accept(
    routing: Routing,
    member_id: int,
    *,
    thread_officer_envelope: str,
    thread_peer_envelope: str,
    shared: SharedThread,
    times: Times,
    now: datetime,
) -> Routing:
    """Give the request to this member. The others it was offered to wait again, in case this peer is lost.

    shared: what they may read so far. Raises NotPossible if the request is not offered to this member.
    """
    if routing.offered_recipient(member_id) is None:
        raise NotPossible
    recipients = tuple(
        replace(p, status=RecipientStatus.ACCEPTED if p.member_id == member_id else RecipientStatus.WAITING)
        for p in routing.recipients
    )
    return move(
        routing,
        RequestState.ACCEPTED,
        recipients=recipients,
        turn=routing.turn + 1,
        earlier_messages=shared.messages,
        is_earlier_thread_lost=shared.is_lost,
        wave=0,
        due=_answer_due(routing.urgency, times, now),
        is_held=False,
        accepted=half_hour_of(now),
        touched=half_hour_of(now),
        thread_officer_envelope=thread_officer_envelope,
        thread_peer_envelope=thread_peer_envelope,
        thread_key_for_next="",
        is_answered=False,
        is_reminded=False,
        messages=shared.messages,
        link=shared.link,
        seen_by_officer=min(routing.seen_by_officer, shared.messages),
        seen_by_peer=0,
        closing_suggested=None,
        notified_untouched=False,
    )


def mark_answered(routing: Routing) -> Routing:
    """The peer has written, so no time finer than half an hour is kept any longer."""
    return replace(routing, is_answered=True, due=None)


def remind(routing: Routing, *, times: Times, now: datetime) -> Routing:
    """Note that the peer was reminded of the first answer, and set the second deadline."""
    return replace(routing, is_reminded=True, due=_answer_due(routing.urgency, times, now))


def take_back_from_peer(routing: Routing) -> Routing:
    """Drop the accepting peer and their envelope; the caller offers it to others in the same step.

    Raises NotPossible if nobody has accepted it.
    """
    if routing.state != RequestState.ACCEPTED or routing.peer is None:
        raise NotPossible
    changed = replace(
        routing, wave=0, due=None, thread_peer_envelope="", closing_suggested=None, notified_untouched=False
    )
    return without(changed, {routing.peer.member_id})


def lose_peer(routing: Routing) -> Routing:
    """Drop the accepting peer, who can't go on; the officer decides whether it goes to somebody else.

    Raises NotPossible if nobody has accepted it.
    """
    if routing.peer is None:
        raise NotPossible
    lost = move(routing, RequestState.PEER_LOST, due=None, thread_peer_envelope="", closing_suggested=None)
    return without(lost, {routing.peer.member_id})


def response_code(routing: Routing) -> str:
    """How long the officer waited until a peer accepted, as a code of the vocabulary `response`; to the half hour.

    Raises NotPossible if nobody has accepted it.
    """
    if routing.accepted is None:
        raise NotPossible
    hours = (routing.accepted - routing.submitted) / 2
    if hours <= 1:
        return "within_1_h"
    if hours <= 24:
        return "within_24_h"
    return "within_72_h" if hours <= 72 else "later"


def _answer_due(urgency: Urgency, times: Times, now: datetime) -> int:
    return deadline(now, later(now, time_to_first_answer(urgency, times)))


def move(routing: Routing, state: RequestState, **changes: object) -> Routing:
    """Change the state, and these fields with it. Raises NotPossible unless the table has the move."""
    if state not in MOVES[routing.state]:
        raise NotPossible
    return replace(routing, state=state, **changes)  # type: ignore[arg-type]
