"""Standing and gaps in words. Numbers are words first."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.dateformat import format as formatted

from ..domain.coverage import LABELS, MARKS, Cell, Gap, Status
from ..domain.standing import Initial, Year
from ..models import Session

NO_BREAK = "\u00a0"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short_day(day: date, space: str = " ") -> str:
    return space.join([str(day.day), MONTHS[day.month - 1], str(day.year)])


def long_day(day: date) -> str:
    return formatted(day, "j F Y")


def when_words(session: Session) -> str:
    """As a clock where it is held shows it: "Wednesday, 31 March 2027, 08:00 to 16:00 MDT"."""
    zone = ZoneInfo(session.time_zone)
    start, end = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    until = "H:i T" if start.date() == end.date() else "j F Y, H:i T"
    return f"{formatted(start, 'l, j F Y, H:i')} to {formatted(end, until)}"


def hours_words(hours: object) -> str:
    """8.00 as 8, 1.50 as 1.5."""
    text = f"{hours:f}" if hours is not None else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


def initial_words(initial: Initial, today: date) -> str:
    """ "32 of 40 hours; 8 to go until 3 March 2027." """
    asked = hours_words(initial.asked)
    if initial.done_on:
        return f"{asked} hours, complete since {long_day(initial.done_on)}."
    due = ", due since" if initial.due_on < today else " until"
    return (
        f"{hours_words(initial.hours)} of {asked} hours; "
        f"{hours_words(initial.lacks)} to go{due} {long_day(initial.due_on)}."
    )


def hours_left_words(initial: Initial | None, years: Sequence[Year]) -> str:
    """ "Four hours are left to do this year."; empty where all are done. years: the newest first."""
    if initial is not None and initial.done_on is None:
        return f"{_are_left(initial.lacks)} of the initial training."
    return f"{_are_left(years[0].lacks)} this year." if years and years[0].lacks else ""


def _are_left(hours: Decimal) -> str:
    number = str(apnumber(int(hours)) if hours == int(hours) else hours_words(hours)).capitalize()
    return f"{number} hour is left to do" if hours == 1 else f"{number} hours are left to do"


def year_words(year: Year) -> str:
    if year.asked is None:
        return "Initial training"
    return f"{hours_words(year.lacks)} to go" if year.lacks else "Complete"


def cell_words(cell: Cell, space: str = " ") -> str:
    """A standing in a cell: "Lapses soon, 3 Mar 2027"; with NO_BREAK the day stays on one line."""
    word, until = cell_parts(cell, space)
    return f"{word} {until}".strip()


def cell_parts(cell: Cell, space: str = " ") -> tuple[str, str]:
    """The same in two: "Lapses soon," and "3 Mar 2027"."""
    return _word(cell), short_day(cell.lapses_on, space) if cell.lapses_on else _without_a_day(cell)


def standing_words(cell: Cell) -> str:
    """Where there is room for it: "Lapses soon, 3 March 2027"."""
    if cell.status == Status.MISSING:
        return "Not trained yet"
    return f"{_word(cell)} {long_day(cell.lapses_on) if cell.lapses_on else _without_a_day(cell)}"


def _word(cell: Cell) -> str:
    until = {Status.CURRENT: " until" if cell.lapses_on else ",", Status.EXPIRING: ","}
    return LABELS[cell.status] + until.get(cell.status, "")


def _without_a_day(cell: Cell) -> str:
    return "for good" if cell.status == Status.CURRENT else ""


def mark(cell: Cell) -> str:
    return MARKS[cell.status]


def in_a_sentence(name: str) -> str:
    """A subject's name in the middle of words: "suicide intervention", but "TCOLE rules"."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def gap_words(gap: Gap, name: str) -> str:
    """ "Two members are trained in suicide intervention; for one of them it lapses on 3 March 2027." """
    subject = in_a_sentence(name)
    if not gap.holders:
        return f"Nobody is trained in {subject}."
    are = "member is" if gap.holders == 1 else "members are"
    sentence = f"{str(apnumber(gap.holders)).capitalize()} {are} trained in {subject}"
    if not gap.lapses:
        return f"{sentence}."
    first = long_day(gap.lapses[0])
    if gap.holders == 1:
        return f"{sentence}, and it lapses on {first}."
    if len(gap.lapses) == 1:
        return f"{sentence}; for one of them it lapses on {first}."
    return f"{sentence}; for {apnumber(len(gap.lapses))} of them it lapses within 60 days, first on {first}."
