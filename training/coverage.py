"""Who holds what, and what is about to lapse: members by subjects. Pure: today is an argument."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum

from .validity import is_current, lapses_on

NOTICE_DAYS = 60


class Status(StrEnum):
    CURRENT = "current"
    EXPIRING = "expiring"
    LAPSED = "lapsed"
    MISSING = "missing"


LABELS: dict[Status, str] = {
    Status.CURRENT: "Current",
    Status.EXPIRING: "Lapses soon",
    Status.LAPSED: "Lapsed",
    Status.MISSING: "Missing",
}


def status(completed_on: date | None, valid_months: int | None, today: date) -> Status:
    """Where a member stands in one subject, by the last day they completed it; none means never.

    Expiring is current still, and lapses within 60 days.
    """
    if completed_on is None or completed_on > today:
        return Status.MISSING
    if not is_current(completed_on, valid_months, today):
        return Status.LAPSED
    lapse = lapses_on(completed_on, valid_months)
    is_close = lapse is not None and lapse <= today + timedelta(days=NOTICE_DAYS)
    return Status.EXPIRING if is_close else Status.CURRENT


def matrix(
    members: Iterable[int],
    subjects: Mapping[str, int | None],
    completed: Mapping[tuple[int, str], date],
    today: date,
) -> dict[int, dict[str, Status]]:
    """Each member's status in each subject. Subjects: code to months of validity; completed: the last day."""
    return {
        member: {
            code: status(completed.get((member, code)), valid_months, today) for code, valid_months in subjects.items()
        }
        for member in members
    }
