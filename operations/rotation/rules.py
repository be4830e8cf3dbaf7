"""The rule of each lasting secret: what becomes of the one before when it is renewed. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HALF_HOUR = timedelta(minutes=30)


class Ending(StrEnum):
    """When the one before goes, its overlap being over."""

    THEN = "then"
    UNUSED = "unused"  # and nothing needs it any more
    KEPT = "kept"  # never: it verifies what is kept


@dataclass(frozen=True)
class Rule:
    """overlap: how long both count at least; zero: the one before goes at once."""

    ending: Ending
    overlap: timedelta = timedelta()

    def is_over(self, replaced_at: int, now: datetime) -> bool:
        """replaced_at: the start of the half hour in which it was (epoch seconds)."""
        return self.ending is not Ending.KEPT and now.timestamp() >= self._over_at(replaced_at)

    def over_at(self, now: datetime) -> datetime:
        """The half hour at which the overlap of what is replaced now is over."""
        half_hour = int(now.timestamp()) // 1800 * 1800
        return datetime.fromtimestamp(self._over_at(half_hour), tz=now.tzinfo)

    def _over_at(self, replaced_at: int) -> float:
        # A whole half hour more, because nobody knows when in that half hour it was.
        return replaced_at + (HALF_HOUR + self.overlap if self.overlap else timedelta()).total_seconds()


# A process may have read the secret just before it was renewed, and commit what it sealed a moment after.
UNDER_WAY = timedelta(hours=1)
# In the order of `rotate --all`.
RULES = {
    "audit-chain": Rule(Ending.KEPT),
    "matching": Rule(Ending.UNUSED, UNDER_WAY),
    "phone-alerts": Rule(Ending.UNUSED, UNDER_WAY),
    "mails": Rule(Ending.UNUSED, UNDER_WAY),
    "second-factor": Rule(Ending.UNUSED, UNDER_WAY),
    "credentials": Rule(Ending.UNUSED, UNDER_WAY),
    "receipt": Rule(Ending.THEN, timedelta(hours=1)),
    "spent": Rule(Ending.THEN, timedelta(days=1)),
    "forms": Rule(Ending.THEN, timedelta(hours=12)),
    "officer-session": Rule(Ending.THEN, timedelta(days=7)),
    "draw": Rule(Ending.THEN),
    "mail-limit": Rule(Ending.THEN),
    "tries": Rule(Ending.THEN),
}
# They are no secrets of a kind that could be replaced: a value derived from another secret, and notes.
NEVER = frozenset({"host-secret-check", "format-1-is-over", "installation", "installation-noted", "restored-from"})
