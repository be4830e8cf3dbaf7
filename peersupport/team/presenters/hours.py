"""Days and hours as people read them: weekly hours, shifts, the schedule of the days ahead."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.text import get_text_list
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ..domain.on_call import ALL_DAY, EVERY_DAY, Interval, WeeklyPattern
from ..domain.schedule import DayRange, TimeSlot


def weekly_label(pattern: WeeklyPattern) -> str:
    """ "Monday to Friday, 18:00 to 06:00" """
    return _("%(days)s, %(hours)s") % {"days": _days(pattern), "hours": _hours(pattern.starts, pattern.ends)}


def until_label(until: datetime | None) -> str:
    """When weekly hours end; empty where they go on."""
    return _("Until %(day)s") % {"day": date_format(localtime(until))} if until else ""


def _days(pattern: WeeklyPattern) -> str:
    """Three or more days in a row are named by the first and the last."""
    if pattern.days == EVERY_DAY:
        return _("Every day")
    return ", ".join(_run(first, last) for first, last in pattern.day_runs)


def _run(first: int, last: int) -> str:
    names = {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}
    if first == last:
        return str(names["first"])
    return (_("%(first)s and %(last)s") if (last - first) % 7 == 1 else _("%(first)s to %(last)s")) % names


def _hours(starts: time, ends: time) -> str:
    if starts == ends:
        return _("all day")
    return _("%(starts)s to %(ends)s") % {"starts": time_format(starts), "ends": time_format(ends)}


def interval_label(interval: Interval, zone: tzinfo) -> str:
    """ "Friday, June 5, 18:00 to Saturday, 06:00"; an end after the next day has its date."""
    starts, ends = (moment.astimezone(zone) for moment in interval)
    days_later = (ends.date() - starts.date()).days
    if days_later == 1 and starts.time() == ends.time() == ALL_DAY:
        return _("%(day)s, all day") % {"day": date_format(starts, "DAY_FORMAT")}
    said = {"starts": date_format(starts, "DAY_TIME_FORMAT"), "ends": time_format(ends.time())}
    if days_later == 0:
        return _("%(starts)s to %(ends)s") % said
    if days_later == 1:
        return _("%(starts)s to %(weekday)s, %(ends)s") % {**said, "weekday": WEEKDAYS[ends.weekday()]}
    return _("%(starts)s to %(ends)s") % {**said, "ends": date_format(ends, "DAY_TIME_FORMAT")}


def range_label(first: date, last: date) -> str:
    """ "Saturday, November 28" or "Saturday, November 28 to Thursday, December 10" """
    if first == last:
        return date_format(first, "DAY_FORMAT")
    days = {"first": date_format(first, "DAY_FORMAT"), "last": date_format(last, "DAY_FORMAT")}
    return _("%(first)s to %(last)s") % days


def slot_hours(slot: TimeSlot) -> str:
    """ "18:00 to midnight", "now to 18:00", "all day" """
    if slot.is_now:
        return _("now to %(ends)s") % {"ends": _end(slot.ends)}
    if slot.starts == slot.ends == ALL_DAY:
        return _("all day")
    return _("%(starts)s to %(ends)s") % {"starts": time_format(slot.starts), "ends": _end(slot.ends)}


def _end(moment: time) -> str:
    return _("midnight") if moment == ALL_DAY else time_format(moment)


def names(people: Iterable[str]) -> str:
    """ "Ana, Ben and Dee"; empty for nobody."""
    return get_text_list(sorted(people), _("and"))


@dataclass(frozen=True)
class ShownSlot:
    """who: empty where nobody is on call."""

    hours: str
    who: str


@dataclass(frozen=True)
class ShownDays:
    """One day, or several with the same schedule; bands as in the schedule."""

    label: str
    slots: list[ShownSlot]
    bands: tuple[tuple[float, float], ...]


def shown_days(ranges: Iterable[DayRange]) -> list[ShownDays]:
    return [
        ShownDays(
            range_label(days.first, days.last),
            [ShownSlot(slot_hours(slot), names(slot.names)) for slot in days.slots],
            days.bands,
        )
        for days in ranges
    ]
