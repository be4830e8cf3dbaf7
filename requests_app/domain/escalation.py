"""How long each step of a request may take, and whom the next one reaches. Pure: tables, and arithmetic on them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from .states import Urgency


class Whom(StrEnum):
    ON_CALL = "on_call"  # everybody on call, at once
    AGAIN = "again"  # those who have been asked are told once more
    AVAILABLE = "available"  # everybody in their hours, besides those asked before
    OVERSIGHT = "oversight"  # coordinator and designee are told that something waits
    NEXT = "next"  # one peer; when the time is up, the next one


@dataclass(frozen=True)
class Wave:
    """starts, ends: names of Times, counted from the first wave. One at a time, it starts anew with the next peer."""

    whom: Whom
    starts: str
    ends: str


WAVES: dict[Urgency, tuple[Wave, ...]] = {
    Urgency.NOW: (
        Wave(Whom.ON_CALL, "at_once", "now_again"),
        Wave(Whom.AGAIN, "now_again", "now_available"),
        Wave(Whom.AVAILABLE, "now_available", "now_oversight"),
        Wave(Whom.OVERSIGHT, "now_oversight", "now_nobody"),
    ),
    Urgency.TODAY: (Wave(Whom.NEXT, "at_once", "today"),),
    Urgency.WHEN_YOU_CAN: (Wave(Whom.NEXT, "at_once", "when_you_can"),),
}

FIRST_ANSWER: dict[Urgency, str] = {
    Urgency.NOW: "answer_now",
    Urgency.TODAY: "answer_today",
    Urgency.WHEN_YOU_CAN: "answer_when_you_can",
}


@dataclass(frozen=True)
class Times:
    """What the program has set; its defaults. night_*: full hours of the clock on the wall, 0 to 23."""

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


def stands(wave: Wave, times: Times) -> timedelta:
    """How long those may take who were asked in this wave."""
    ends: timedelta = getattr(times, wave.ends)
    starts: timedelta = getattr(times, wave.starts)
    return max(ends - starts, timedelta())


def first_answer(urgency: Urgency, times: Times) -> timedelta:
    """How long a peer may take for the first answer before they are reminded, and then once more as long."""
    patience: timedelta = getattr(times, FIRST_ANSWER[urgency])
    return patience


def later(moment: datetime, passes: timedelta) -> datetime:
    """When this much time has passed, in the same time zone: an hour is an hour when the clocks change, too."""
    return (moment.astimezone(UTC) + passes).astimezone(moment.tzinfo)


def end_of_night(local: datetime, times: Times) -> datetime | None:
    """When the night ends that this moment lies in; None by day. local: in the program's own time zone."""
    begins, ends = times.night_from, times.night_until
    is_night = begins <= local.hour < ends if begins <= ends else local.hour >= begins or local.hour < ends
    if not is_night:
        return None
    morning = local.replace(hour=ends, minute=0, second=0, microsecond=0)
    return morning if morning > local else morning + timedelta(days=1)
