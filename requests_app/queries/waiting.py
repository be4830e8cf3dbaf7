"""How many officers wait, and what keeps them waiting: numbers, and what applies to the whole team."""

from dataclasses import dataclass
from datetime import datetime

from peersupport.team.queries import members
from training.queries import subjects

from ..domain import wait_reasons
from ..domain.half_hours import minute_of
from ..domain.matching import Peer
from ..domain.outline import Outline, is_overdue
from ..domain.states import RequestState
from ..domain.wait_reasons import WaitReason
from . import matching, outlines


@dataclass(frozen=True)
class WaitingSummary:
    """Counts of open requests and of members, and the reasons.

    in_line: in the slow lane, offered to nobody yet. set_aside: marked as not real by two members.
    waiting: offered and not accepted yet, or sent again by the officer a moment ago. unanswered: accepted, and the peer
    has not written yet. overdue: of both, those who wait too long. nobody_left: nobody is left to offer it to, or the
    peer was lost.
    unreadable: requests that can't be opened, so nobody knows whether they wait.
    on_call, free: members; free have room for one more contact.
    """

    in_line: int
    set_aside: int
    waiting: int
    unanswered: int
    overdue: int
    nobody_left: int
    unreadable: int
    on_call: int
    free: int
    reasons: tuple[WaitReason, ...]

    @property
    def is_anybody_waiting(self) -> bool:
        return bool(self.in_line or self.waiting or self.unanswered or self.nobody_left)

    @property
    def is_anybody_waiting_too_long(self) -> bool:
        return bool(self.nobody_left or self.overdue or self.unreadable)


def waiting_summary(now: datetime) -> WaitingSummary:
    """For those responsible for the program: how many wait, never who or what about."""
    rows = outlines.open_now()
    by_state: dict[RequestState, list[Outline]] = {state: [] for state in RequestState}
    for each in rows.outlines.values():
        by_state[each.state].append(each)
    in_line = sum(not each.is_sent_again for each in by_state[RequestState.IN_LINE])
    peers, minute = matching.serving_peers(now, rows=rows), minute_of(now)
    return WaitingSummary(
        in_line=in_line,
        set_aside=len(by_state[RequestState.SET_ASIDE]),
        waiting=len(by_state[RequestState.OFFERED]) + len(by_state[RequestState.IN_LINE]) - in_line,
        unanswered=sum(not each.is_answered for each in by_state[RequestState.ACCEPTED]),
        overdue=sum(is_overdue(each, minute) for each in rows.outlines.values()),
        nobody_left=len(by_state[RequestState.NOBODY]) + len(by_state[RequestState.PEER_LOST]),
        unreadable=len(rows.unreadable),
        on_call=sum(peer.is_on_call for peer in peers),
        free=sum(peer.open_contacts < peer.cap for peer in peers),
        reasons=_reasons(peers),
    )


def _reasons(peers: list[Peer]) -> tuple[WaitReason, ...]:
    reasons = wait_reasons.wait_reasons(
        peers,
        alertable=members.alertable(),
        required={subject.code: subject.name for subject in subjects.subjects_in_use() if subject.required_for},
    )
    return tuple(reasons)
