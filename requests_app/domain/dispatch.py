"""Who is offered a request next, and who is notified: a walk through the table of waves.

Pure: each step returns a new Routing. All moments are in the program's own time zone, because nights are.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .escalation import WAVES, Times, Wave, WaveTarget, end_of_night, later, wave_duration
from .half_hours import HALF_HOUR, deadline, minute_of, next_half_hour
from .outline import Outline
from .routing import Routing, move, without
from .states import RecipientStatus, RequestState, Urgency


@dataclass(frozen=True)
class FreePeers:
    """The ids of the members with room for this request now: all of them, those on call, those in their hours."""

    everyone: Collection[int] = frozenset()
    on_call: Collection[int] = frozenset()
    available: Collection[int] = frozenset()


@dataclass(frozen=True)
class Dispatch:
    """The result of a step: the new routing, the ids of the members to notify, and whether to notify oversight.

    Oversight is the coordinator and the designee.
    """

    routing: Routing
    notified: frozenset[int] = frozenset()
    notifies_oversight: bool = False


def offer(routing: Routing, *, free: FreePeers, times: Times, now: datetime, wave: int = 0) -> Dispatch:
    """Offer it to whomever the first wave that reaches anybody reaches, starting with `wave`.

    When no wave reaches anybody the state becomes NOBODY, and oversight is notified. Raises NotPossible if the table
    has no such move.
    """
    for number, each in enumerate(WAVES[routing.urgency][wave:], start=wave):
        reached = _reached_by(each.target, routing, free, is_night=end_of_night(now, times) is not None)
        if reached:
            return _offer_to(replace(routing, wave=number), reached, each, times, now)
    return Dispatch(move(routing, RequestState.NOBODY, due=None, is_held=False), notifies_oversight=True)


def offer_to_newly_free(routing: Routing, *, free: FreePeers, times: Times, now: datetime) -> Dispatch | None:
    """After NOBODY: offer it to waiting recipients who have room by now and are in their hours or on call.

    The sweep does this without the officer. None if there are none, or if the state isn't NOBODY.
    """
    by_now = newly_free(routing, free)
    if routing.state != RequestState.NOBODY or not by_now:
        return None
    return offer(routing, free=replace(free, everyone=by_now), times=times, now=now)


def newly_free(outline: Outline, free: FreePeers) -> set[int]:
    """Those it waits for who have room by now, and are in their hours or on call."""
    waiting = {recipient.member_id for recipient in outline.recipients if recipient.status == RecipientStatus.WAITING}
    return waiting & set(free.everyone) & {*free.available, *free.on_call}


def offer_to_next(routing: Routing, *, free: FreePeers, times: Times, now: datetime) -> Dispatch:
    """Offer it to the next peers because no offer is left open: all were declined, or their members were taken out.

    Raises NotPossible, as `offer`.
    """
    waves = WAVES[routing.urgency]
    wave = routing.wave if waves[routing.wave].target == WaveTarget.NEXT else routing.wave + 1
    return offer(routing, free=free, times=times, now=now, wave=wave)


def escalate(routing: Routing, *, free: FreePeers, times: Times, now: datetime) -> Dispatch:
    """What follows when a wave's time is up: send the notices that were held back, or start the next wave."""
    waves = WAVES[routing.urgency]
    if routing.is_held:
        unheld = replace(routing, is_held=False, due=_end_of_wave(routing, waves[routing.wave], times, now))
        return Dispatch(unheld, notified=frozenset(routing.offered_to))
    if waves[routing.wave].target == WaveTarget.NEXT:
        return offer(without(routing, routing.offered_to), free=free, times=times, now=now, wave=routing.wave)
    if routing.wave + 1 == len(waves):
        return offer(without(routing, routing.offered_to), free=free, times=times, now=now, wave=len(waves))
    wave = waves[routing.wave + 1]
    reached = _reached_by(wave.target, routing, free, is_night=False)
    step = _offer_to(replace(routing, wave=routing.wave + 1), reached, wave, times, now)
    if wave.target == WaveTarget.OVERSIGHT:
        return replace(step, notifies_oversight=True)
    return replace(step, notified=frozenset(step.routing.offered_to))


def _reached_by(target: WaveTarget, routing: Routing, free: FreePeers, *, is_night: bool) -> set[int]:
    """The waiting recipients that a wave adds."""
    waiting = [recipient.member_id for recipient in routing.recipients if recipient.status == RecipientStatus.WAITING]
    able = [member for member in waiting if member in free.everyone]
    on_call = [member for member in able if member in free.on_call]
    wanted = [member for member in able if member == routing.wanted]
    if target == WaveTarget.NEXT:
        return set((wanted or (on_call if is_night else []) or able)[:1])
    if target == WaveTarget.ON_CALL:
        return {*on_call, *wanted} if on_call else set()
    if target == WaveTarget.AVAILABLE:
        in_hours = {member for member in able if member in free.available} | set(on_call)
        # Hours are a preference, not a rule: rather than offer it to nobody, offer it to everyone.
        return in_hours if in_hours or routing.offered_to else set(able)
    return set()


def _offer_to(routing: Routing, reached: Collection[int], wave: Wave, times: Times, now: datetime) -> Dispatch:
    recipients = tuple(
        replace(recipient, status=RecipientStatus.OFFERED) if recipient.member_id in reached else recipient
        for recipient in routing.recipients
    )
    offered = move(routing, RequestState.OFFERED, recipients=recipients, due=_end_of_wave(routing, wave, times, now))
    if routing.urgency != Urgency.WHEN_YOU_CAN:
        return Dispatch(offered, notified=frozenset(reached))
    # What can wait is announced on the full or half hour, by day. Until then only this sealed blob names the peer.
    announced = next_half_hour(end_of_night(now, times) or now)
    return Dispatch(replace(offered, is_held=True, due=announced))


def _end_of_wave(routing: Routing, wave: Wave, times: Times, now: datetime) -> int:
    """When the wave's time is up, in minutes since 1970. What can wait doesn't move on at night."""
    duration = wave_duration(wave, times)
    if duration < HALF_HOUR and routing.due is not None and 0 <= minute_of(now) - routing.due <= 2:
        # A sweep that ran late doesn't delay the waves that follow.
        now = later(now, timedelta(minutes=routing.due - minute_of(now)))
    end = later(now, duration)
    if routing.urgency == Urgency.WHEN_YOU_CAN:
        end = end_of_night(end, times) or end
    return deadline(now, end)
