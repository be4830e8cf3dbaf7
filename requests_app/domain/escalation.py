"""How long each step of a request may take, and whom the next wave of offers reaches. Pure tables and arithmetic."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from .states import Urgency


class WaveTarget(StrEnum):
    ON_CALL = "on_call"  # everyone on call, at once
    AGAIN = "again"  # those already offered it are notified once more
    AVAILABLE = "available"  # everyone in their hours, on top of those reached before
    OVERSIGHT = "oversight"  # coordinator and designee are notified that a request waits
    NEXT = "next"  # one peer; when their time is up, the next one


@dataclass(frozen=True)
class Wave:
    """One step of the escalation.

    starts, ends: names of fields of Times, measured from the first wave. A NEXT wave starts over with each peer.
    """

    target: WaveTarget
    starts: str
    ends: str


# The steps of each urgency, first wave first. Each lasts from one field of Times to another: the first wave of "now"
# lasts until now_again, and each peer of the other urgencies has `today` or `when_you_can`.
WAVES: dict[Urgency, tuple[Wave, ...]] = {
    Urgency.NOW: (
        Wave(WaveTarget.ON_CALL, "at_once", "now_again"),
        Wave(WaveTarget.AGAIN, "now_again", "now_available"),
        Wave(WaveTarget.AVAILABLE, "now_available", "now_oversight"),
        Wave(WaveTarget.OVERSIGHT, "now_oversight", "now_nobody"),
    ),
    Urgency.TODAY: (Wave(WaveTarget.NEXT, "at_once", "today"),),
    Urgency.WHEN_YOU_CAN: (Wave(WaveTarget.NEXT, "at_once", "when_you_can"),),
}

FIRST_ANSWER_TIMES: dict[Urgency, str] = {
    Urgency.NOW: "answer_now",
    Urgency.TODAY: "answer_today",
    Urgency.WHEN_YOU_CAN: "answer_when_you_can",
}


@dataclass(frozen=True)
class Times:
    """How long each step may take. night_*: full hours in local time, 0 to 23.

    The values here are the defaults. A program that has saved the page /settings/times/ has its own, in the one row of
    RequestSettings, and no longer follows the defaults. To change a default, change it here and run makemigrations:
    the columns of RequestSettings take their defaults from here, their limits are in forms/settings.py and in the
    constraints of the model, and docs/decisions/0610 has the table.

    How long those reached by the first wave have before the next one begins: now_again for "now", today and
    when_you_can (for each peer) for the other two.

    now_*: how long after the first wave those already offered it are alerted once more (again), everyone in their
    hours is offered it as well (available), oversight is notified (oversight), and nobody is left (nobody).
    answer_*: how long the peer who accepted may take for the first answer.
    """

    at_once: timedelta = timedelta()
    now_again: timedelta = timedelta(minutes=3)
    now_available: timedelta = timedelta(minutes=10)
    now_oversight: timedelta = timedelta(minutes=20)
    now_nobody: timedelta = timedelta(minutes=30)
    today: timedelta = timedelta(minutes=30)
    when_you_can: timedelta = timedelta(hours=8)
    answer_now: timedelta = timedelta(minutes=15)
    answer_today: timedelta = timedelta(hours=4)
    answer_when_you_can: timedelta = timedelta(hours=24)
    night_from: int = 21
    night_until: int = 7


def wave_duration(wave: Wave, times: Times) -> timedelta:
    """How long the peers reached by this wave may take to answer; never negative."""
    ends: timedelta = getattr(times, wave.ends)
    starts: timedelta = getattr(times, wave.starts)
    return max(ends - starts, timedelta())


def time_to_first_answer(urgency: Urgency, times: Times) -> timedelta:
    """How long a peer may take for the first answer: once until they are reminded, and once more after that."""
    allowed: timedelta = getattr(times, FIRST_ANSWER_TIMES[urgency])
    return allowed


def later(moment: datetime, elapsed: timedelta) -> datetime:
    """The aware moment this much real time later, in the same time zone, also across a change of the clocks."""
    return (moment.astimezone(UTC) + elapsed).astimezone(moment.tzinfo)


def end_of_night(local: datetime, times: Times) -> datetime | None:
    """When the night that this moment falls in ends; None by day. local: in the program's own time zone."""
    begins, ends = times.night_from, times.night_until
    is_night = begins <= local.hour < ends if begins <= ends else local.hour >= begins or local.hour < ends
    if not is_night:
        return None
    morning = local.replace(hour=ends, minute=0, second=0, microsecond=0)
    return morning if morning > local else morning + timedelta(days=1)
