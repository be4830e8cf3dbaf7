"""Routings to start from, and the steps of dispatch with the program's default times."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from requests_app.domain import dispatch, routing
from requests_app.domain.dispatch import Dispatch, FreePeers
from requests_app.domain.escalation import Times
from requests_app.domain.half_hours import half_hour_of
from requests_app.domain.routing import Recipient, Routing, SharedThread
from requests_app.domain.states import RequestState, Urgency

HERE = ZoneInfo("America/Chicago")
NOW = datetime(2026, 5, 4, 10, 7, 42, tzinfo=HERE)
# Fall: the first 01:20, just before the hour repeats, and the second 01:20. Spring: just before an hour is skipped.
CLOCKS_CHANGE = [
    datetime(2026, 11, 1, 6, 20, tzinfo=UTC),
    datetime(2026, 11, 1, 6, 57, tzinfo=UTC),
    datetime(2026, 11, 1, 7, 20, tzinfo=UTC),
    datetime(2026, 3, 8, 7, 55, tzinfo=UTC),
]
TIMES = Times()
SLOT = half_hour_of(NOW)


def route(urgency: Urgency = Urgency.TODAY, members: tuple[int, ...] = (1, 2, 3)) -> Routing:
    return Routing(
        state=RequestState.OFFERED,
        urgency=urgency,
        submitted=SLOT,
        touched=SLOT,
        officer_read=SLOT,
        locator="00",
        officer_key="00",
        officer_envelope="00",
        recipients=tuple(Recipient(member_id=member, key_id=member, envelope="ab") for member in members),
    )


def free(everyone: set[int], on_call: set[int] = frozenset(), available: set[int] = frozenset()) -> FreePeers:  # type: ignore[assignment]
    return FreePeers(everyone=everyone, on_call=on_call, available=available)


def offer(before: Routing, who: FreePeers, now: datetime = NOW) -> Dispatch:
    return dispatch.offer(before, free=who, times=TIMES, now=now)


def escalate(before: Routing, who: FreePeers, now: datetime) -> Dispatch:
    return dispatch.escalate(before, free=who, times=TIMES, now=now)


def accept(before: Routing, member: int, now: datetime = NOW) -> Routing:
    return routing.accept(
        before,
        member,
        thread_officer_envelope="aa",
        thread_peer_envelope="bb",
        shared=SharedThread(),
        times=TIMES,
        now=now,
    )
