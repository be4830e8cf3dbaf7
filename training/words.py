"""Standing and gaps in words. Numbers are words first."""

from datetime import date
from zoneinfo import ZoneInfo

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.dateformat import format as formatted

from .coverage import LABELS, MARKS, Cell, Gap, Status
from .models import Session
from .standing import Initial, Year

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


def year_words(year: Year) -> str:
    if year.asked is None:
        return "Initial training"
    return f"{hours_words(year.lacks)} to go" if year.lacks else "Complete"


def cell_words(cell: Cell, space: str = " ") -> str:
    """A standing as it is read aloud: "Lapses soon, 3 Mar 2027"; with NO_BREAK the day stays on one line."""
    if cell.lapses_on is None:
        return "Current, for good" if cell.status == Status.CURRENT else LABELS[cell.status]
    until = {Status.CURRENT: " until", Status.EXPIRING: ",", Status.LAPSED: ""}[cell.status]
    return f"{LABELS[cell.status]}{until} {short_day(cell.lapses_on, space)}"


def mark(cell: Cell) -> str:
    return MARKS[cell.status]


def in_a_sentence(name: str) -> str:
    """A subject's name in the middle of words: "suicide intervention", but "TCOLE rules"."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def gap_words(gap: Gap, name: str) -> str:
    """ "Two members hold suicide intervention; one lapses on 3 Mar 2027." """
    subject = in_a_sentence(name)
    if not gap.holders:
        return f"Nobody holds {subject}."
    hold = "member holds" if gap.holders == 1 else "members hold"
    sentence = f"{str(apnumber(gap.holders)).capitalize()} {hold} {subject}"
    if not gap.lapses:
        return f"{sentence}."
    first = gap.lapses[0]
    if gap.holders == 1:
        return f"{sentence}, and it lapses on {short_day(first)}."
    if len(gap.lapses) == 1:
        return f"{sentence}; one lapses on {short_day(first)}."
    return f"{sentence}; {apnumber(len(gap.lapses))} lapse within 60 days, the first on {short_day(first)}."
