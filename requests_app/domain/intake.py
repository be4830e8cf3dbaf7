"""When the form takes nothing new, and shows numbers instead: by decision, or because the disk would be next. Pure.

The way back by the seven words and open contacts go on as before, whatever is decided here.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from peersupport.core.sentences import gettext_noop as _

HOURS = range(1, 5)
HOUR_LABELS: dict[str, str] = {
    "1": _("One hour"),
    "2": _("Two hours"),
    "3": _("Three hours"),
    "4": _("Four hours"),
}
# A form that was open before the switch is taken for so long: somebody was already writing.
STILL_TAKEN_FOR = timedelta(minutes=30)


class ClosedReason(StrEnum):
    BY_TELEPHONE = "by_telephone"  # those on call, or the coordinator, have decided so for some hours
    FULL = "full"  # as many requests are stored as may be
    UNAVAILABLE = "unavailable"  # something that it needs is away


@dataclass(frozen=True)
class Closed:
    """until: when the form opens again by itself; None where nobody can say."""

    reason: ClosedReason
    until: datetime | None = None


def is_still_taken(signed_at: datetime | None, since: datetime, now: datetime) -> bool:
    """Whether a form is taken though requests are by telephone only: it was open before, and not for long.

    signed_at: when its page was made; None where it bears no token of ours.
    """
    return signed_at is not None and signed_at < since and now < since + STILL_TAKEN_FOR
