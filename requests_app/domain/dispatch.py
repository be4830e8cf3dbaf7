"""Who is asked next, and who is told: the table of waves, walked through. Pure; each step gives a new Routing.

Moments come in the program's own time zone, because nights do.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .escalation import WAVES, Times, Wave, Whom, end_of_night, later, stands
from .routing import SLOT, Routing, asked, deadline, minute_of, moved, next_half_hour, without
from .states import Standing, State, Urgency


@dataclass(frozen=True)
class Ready:
    """Who could take it at this moment, by member id: all, those on call, those in their hours."""

    able: Collection[int] = frozenset()
    on_call: Collection[int] = frozenset()
    available: Collection[int] = frozenset()


@dataclass(frozen=True)
class Step:
    """Where it stands after a step, which of its peers are told, and whether those who watch over it are."""

    routing: Routing
    told: frozenset[int] = frozenset()
    tells_oversight: bool = False


def ask(routing: Routing, *, ready: Ready, times: Times, now: datetime, wave: int = 0) -> Step:
    """Asks whomever the first wave, from this one on, reaches; when nobody is reached, nobody is left."""
    for number, each in enumerate(WAVES[routing.urgency][wave:], start=wave):
        chosen = _reached(each.whom, routing, ready, is_night=end_of_night(now, times) is not None)
        if chosen:
            return _offer(replace(routing, wave=number), chosen, each, times, now)
    return Step(moved(routing, State.NOBODY, due=None, is_held=False), tells_oversight=True)


def ask_again(routing: Routing, *, ready: Ready, times: Times, now: datetime) -> Step | None:
    """After nobody was left: asks those who have a place and can take it by now, in their hours; None without any."""
    waiting = {place.member_id for place in routing.places if place.standing == Standing.WAITING}
    by_now = waiting & set(ready.able) & {*ready.available, *ready.on_call}
    if routing.state != State.NOBODY or not by_now:
        return None
    return ask(routing, ready=replace(ready, able=by_now), times=times, now=now)


def ask_after(routing: Routing, *, ready: Ready, times: Times, now: datetime) -> Step:
    """Asks the next ones because those who were asked have all said no."""
    waves = WAVES[routing.urgency]
    wave = routing.wave if waves[routing.wave].whom == Whom.NEXT else routing.wave + 1
    return ask(routing, ready=ready, times=times, now=now, wave=wave)


def time_is_up(routing: Routing, *, ready: Ready, times: Times, now: datetime) -> Step:
    """What follows when a wave has had its time: those who were held are told, else the next wave starts."""
    waves = WAVES[routing.urgency]
    if routing.is_held:
        released = replace(routing, is_held=False, due=_due(routing, waves[routing.wave], times, now))
        return Step(released, told=frozenset(asked(routing)))
    if waves[routing.wave].whom == Whom.NEXT:
        return ask(without(routing, asked(routing)), ready=ready, times=times, now=now, wave=routing.wave)
    if routing.wave + 1 == len(waves):
        return ask(without(routing, asked(routing)), ready=ready, times=times, now=now, wave=len(waves))
    wave = waves[routing.wave + 1]
    chosen = _reached(wave.whom, routing, ready, is_night=False)
    step = _offer(replace(routing, wave=routing.wave + 1), chosen, wave, times, now)
    if wave.whom == Whom.OVERSIGHT:
        return replace(step, tells_oversight=True)
    return replace(step, told=frozenset(asked(step.routing)))


def _reached(whom: Whom, routing: Routing, ready: Ready, *, is_night: bool) -> set[int]:
    """Those whom a wave reaches anew."""
    waiting = [place.member_id for place in routing.places if place.standing == Standing.WAITING]
    able = [member for member in waiting if member in ready.able]
    on_call = [member for member in able if member in ready.on_call]
    wanted = [member for member in able if member == routing.wanted]
    if whom == Whom.NEXT:
        return set((wanted or (on_call if is_night else []) or able)[:1])
    if whom == Whom.ON_CALL:
        return {*on_call, *wanted} if on_call else set()
    if whom == Whom.AVAILABLE:
        in_hours = {member for member in able if member in ready.available} | set(on_call)
        # Hours are a wish and no rule: before nobody at all is asked, everybody is.
        return in_hours if in_hours or asked(routing) else set(able)
    return set()


def _offer(routing: Routing, chosen: Collection[int], wave: Wave, times: Times, now: datetime) -> Step:
    places = tuple(
        replace(place, standing=Standing.OFFERED) if place.member_id in chosen else place for place in routing.places
    )
    offered = moved(routing, State.OFFERED, places=places, due=_due(routing, wave, times, now))
    if routing.urgency != Urgency.WHEN_YOU_CAN:
        return Step(offered, told=frozenset(chosen))
    # What can wait is told at a full or half hour, by day. Until then only this sealed blob knows whom it concerns.
    telling = next_half_hour(end_of_night(now, times) or now)
    return Step(replace(offered, is_held=True, due=telling))


def _due(routing: Routing, wave: Wave, times: Times, now: datetime) -> int:
    """When the wave has had its time. What can wait is not handed on at night."""
    patience = stands(wave, times)
    if patience < SLOT and routing.due is not None and 0 <= minute_of(now) - routing.due <= 2:
        # A round that came late shifts none that follow.
        now = later(now, timedelta(minutes=routing.due - minute_of(now)))
    end = later(now, patience)
    if routing.urgency == Urgency.WHEN_YOU_CAN:
        end = end_of_night(end, times) or end
    return deadline(now, end)
