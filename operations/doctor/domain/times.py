"""What should have happened by now: rounds, notices, mails, backup; and whether the clock can be believed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .findings import Finding, cannot_serve, or_well, see_to, well

BACKUP_AGE = timedelta(hours=26)
CERTIFICATE_LEFT = timedelta(days=14)
ALLOWANCE = timedelta(minutes=4)
MAX_CLOCK_DIFFERENCE = timedelta(seconds=5)
MANY_WAITING = 200


@dataclass(frozen=True)
class Backup:
    """made_at: None if there never was one. together: its files that still lie on this machine."""

    has_key: bool
    made_at: datetime | None = None
    together: tuple[str, ...] = ()


@dataclass(frozen=True)
class Queue:
    """How many wait, and how often the one that waits longest was tried: rows have no time of their own."""

    waiting: int
    most_tries: int


def longest_gap(days_of_week: int, hours: int, minutes: int) -> timedelta:
    """The most that lies between two runs of a schedule with so many days of the week, hours and minutes an hour."""
    if days_of_week < 7:
        return timedelta(days=7)
    if hours < 24:
        return timedelta(days=1)
    return timedelta(minutes=60 // minutes)


def round_findings(
    gaps: Mapping[str, timedelta], ran_at: Mapping[str, datetime], *, since: datetime, now: datetime
) -> list[Finding]:
    """gaps: of each round, the longest time between two runs. since: from when one that never ran can have been due.

    Daily rounds have a tenth more, because the local clock has a day of 25 hours.
    """
    problems = []
    for task, gap in gaps.items():
        last = ran_at.get(task)
        if now - (last or since) > gap * 1.1 + ALLOWANCE:
            code = "late" if last else "never"
            problems.append(see_to("rounds", code, task=task, at=said(last) if last else ""))
    if problems and len(problems) == len(gaps):
        return [see_to("rounds", "none", at=said(max(ran_at.values())) if ran_at else "")]
    return or_well("rounds", problems, number=len(gaps))


def backup_findings(backup: Backup, *, now: datetime) -> list[Finding]:
    """Both files of each night lie here until they are fetched, and the next night's take their place."""
    problems = []
    if not backup.has_key:
        problems.append(see_to("backup", "no_key"))
    if backup.made_at is None:
        problems.append(see_to("backup", "never"))
    elif now - backup.made_at > BACKUP_AGE:
        problems.append(see_to("backup", "old", at=said(backup.made_at)))
    if len(backup.together) > 1 and backup.made_at is not None and now - backup.made_at > BACKUP_AGE:
        problems.append(see_to("backup", "together", path=backup.together[0]))
    return or_well("backup", problems, at=said(backup.made_at) if backup.made_at else "")


def certificate_findings(valid_until: datetime, *, now: datetime) -> list[Finding]:
    at = said(valid_until.astimezone(now.tzinfo))
    if valid_until <= now:
        return [cannot_serve("certificate", "expired", at=at)]
    if valid_until - now < CERTIFICATE_LEFT:
        return [see_to("certificate", "expiring", at=at)]
    return [well("certificate", at=at)]


def clock_findings(
    *, is_synchronized: bool | None, database_ahead: timedelta, waits_until: datetime | None = None
) -> list[Finding]:
    """is_synchronized: None where the kernel doesn't say. database_ahead: of the database server's clock.

    waits_until: until when nothing is erased because the clock has jumped; None where it hasn't.
    """
    problems = []
    if waits_until is not None:
        problems.append(see_to("clock", "jumped", at=said(waits_until)))
    if is_synchronized is False:
        problems.append(see_to("clock", "unsynchronized"))
    if abs(database_ahead) > MAX_CLOCK_DIFFERENCE:
        problems.append(see_to("clock", "database", seconds=round(abs(database_ahead).total_seconds())))
    if not problems and is_synchronized is None:
        return [well("clock", "unknown")]
    return or_well("clock", problems)


def queue_findings(check: str, queue: Queue) -> list[Finding]:
    """A mail that was tried waits at least the five minutes until its next try."""
    values: dict[str, str | int] = {"number": queue.waiting, "minutes": waits_minutes(queue.most_tries)}
    if queue.most_tries:
        return [see_to(check, "tried", **values)]
    if queue.waiting > MANY_WAITING:
        return [see_to(check, "many", **values)]
    return [well(check, "waiting" if queue.waiting else "ok", **values)]


def waits_minutes(tries: int) -> int:
    """At least so long: five minutes between two tries, to which an event may shorten a longer pause."""
    return 5 * max(tries - 1, 0)


def said(moment: datetime) -> str:
    """As a sysadmin writes it, by the clock of the moment's own zone."""
    return f"{moment:%Y-%m-%d %H:%M}"


def unreachable_findings(unreachable: Sequence[str], *, asked: int, unreadable: int) -> list[Finding]:
    """Of the services that send phone alerts. unreadable: how many addresses can't be opened."""
    problems = [see_to("phone_alerts", "unreachable", service=each) for each in unreachable]
    if unreadable:
        problems.append(see_to("phone_alerts", "unreadable", number=unreadable))
    if not problems and not asked:
        return [well("phone_alerts", "none")]
    return or_well("phone_alerts", problems, number=asked)
