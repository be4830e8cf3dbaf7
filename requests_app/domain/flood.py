"""What follows when far more requests come than on any ordinary day: the brake, and the pace of the slow lane. Pure.

Every request is stored and gets its receipt, whatever is decided here. What slows down is only who is offered when.
"""

import struct
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from .outline import Outline
from .states import Urgency

SLOT = timedelta(minutes=5)  # requests are counted in steps of this; two of them are what a limit speaks of
RAISED_BY_ACTIVATION = 5  # after a critical incident a flood is real people
LEAST_COST, MOST_COST_FACTOR = 4_000, 16  # iterations of one try; some 256 tries are a proof
FORMAT = struct.Struct(">QIIQ?")

Id = TypeVar("Id")


@dataclass(frozen=True)
class Load:
    """recent: how many requests have come in the last five to ten minutes. limit: from how many on the brake is on."""

    recent: int
    limit: int

    @property
    def is_braked(self) -> bool:
        return self.recent > self.limit

    @property
    def cost(self) -> int:
        """How hard a proof is now: in proportion to the load, up to a few seconds on a slow phone."""
        times = -(-self.recent // self.limit)
        return LEAST_COST * min(max(times, 1), MOST_COST_FACTOR)


@dataclass(frozen=True)
class Arrivals:
    """How many requests came lately.

    slot: the current one, counted from 1970. current, previous: how many came in it, and in the one before.
    released: the minute in which the slow lane last moved, since 1970. is_told: whether oversight has been told that
    requests wait in it.
    """

    slot: int = 0
    current: int = 0
    previous: int = 0
    released: int = 0
    is_told: bool = False

    @property
    def recent(self) -> int:
        return self.current + self.previous

    def at(self, slot: int) -> "Arrivals":
        """The same, seen in a later slot. A clock that is set back by a slot changes nothing.

        What was counted further ahead, while a clock was wrong, is forgotten: it would keep the brake on until then.
        """
        if self.slot - 1 <= slot <= self.slot:
            return self
        previous = self.current if slot == self.slot + 1 else 0
        return replace(self, slot=slot, current=0, previous=previous)

    def moves_in(self, minute: int) -> bool:
        """Whether the slow lane moves in this minute: once, and though it moved in a minute far ahead."""
        return not minute <= self.released <= minute + 1

    def with_one_more(self, slot: int) -> "Arrivals":
        now = self.at(slot)
        return replace(now, current=min(now.current + 1, 2**32 - 1))

    def to_bytes(self) -> bytes:
        return FORMAT.pack(self.slot, self.current, self.previous, self.released, self.is_told)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Arrivals":
        """Raises ValueError for anything else."""
        try:
            return cls(*FORMAT.unpack(data))
        except struct.error as error:
            raise ValueError from error


def slot_of(moment: datetime) -> int:
    return int(moment.astimezone(UTC).timestamp()) // int(SLOT.total_seconds())


def limit(brake_at: int, *, is_activation_running: bool) -> int:
    """From how many requests in ten minutes on the brake is on."""
    return brake_at * RAISED_BY_ACTIVATION if is_activation_running else brake_at


def places_a_minute(lane_seconds: int) -> int:
    """How many of the slow lane are offered each minute, where one may be every so many seconds."""
    return max(60 // lane_seconds, 1)


def next_in_line(waiting: Iterable[tuple[Id, Outline, bytes]], places: int) -> list[Id]:
    """Whose turn it is: the more urgent, then by the half hour in which they came, then by lot.

    waiting: each with its lot, random bytes. Nobody knows the order within a half hour, so a flood can't place itself
    before somebody who is in it too; and nobody who can't wait stays behind an earlier flood of those who can.
    """
    urgencies = list(Urgency)
    ordered = sorted(waiting, key=lambda each: (urgencies.index(each[1].urgency), each[1].submitted, each[2]))
    return [request_id for request_id, _, _ in ordered[:places]]
