"""Days, hours and standings as text."""

from datetime import date
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

from ..domain.standing import STATUS_LABELS, STATUS_SYMBOLS, Standing, Status
from ..models import Session

NO_BREAK = "\u00a0"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short_day(day: date, space: str = " ") -> str:
    """ "3 Mar 2027"."""
    return space.join([str(day.day), MONTHS[day.month - 1], str(day.year)])


def long_day(day: date) -> str:
    """ "3 March 2027"."""
    return formatted(day, "j F Y")


def when_text(session: Session) -> str:
    """In the session's own time zone: "Wednesday, 31 March 2027, 08:00 to 16:00 MDT"."""
    zone = ZoneInfo(session.time_zone)
    start, end = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    until = "H:i T" if start.date() == end.date() else _("j F Y, H:i T")
    return f"{formatted(start, _('l, j F Y, H:i'))} to {formatted(end, until)}"


def hours_text(hours: object) -> str:
    """8.00 as 8, 1.50 as 1.5."""
    text = f"{hours:f}" if hours is not None else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_a_sentence(name: str) -> str:
    """A subject's name in the middle of a sentence: "suicide intervention", but "TCOLE rules"."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def status_symbol(standing: Standing) -> str:
    return STATUS_SYMBOLS[standing.status]


def cell_text(standing: Standing, space: str = " ") -> str:
    """A standing in a cell: "Lapses soon, 3 Mar 2027". With NO_BREAK the day stays on one line."""
    label, until = cell_parts(standing, space)
    return f"{label} {until}".strip()


def cell_parts(standing: Standing, space: str = " ") -> tuple[str, str]:
    """The same in two: "Lapses soon," and "3 Mar 2027"."""
    return _label(standing), short_day(standing.lapses_on, space) if standing.lapses_on else _without_day(standing)


def standing_text(standing: Standing) -> str:
    """Where there is room for it: "Lapses soon, 3 March 2027"."""
    if standing.status == Status.MISSING:
        return _("Not trained yet")
    return f"{_label(standing)} {long_day(standing.lapses_on) if standing.lapses_on else _without_day(standing)}"


def _label(standing: Standing) -> str:
    connective = {Status.CURRENT: " until" if standing.lapses_on else ",", Status.EXPIRING: ","}
    return STATUS_LABELS[standing.status] + connective.get(standing.status, "")


def _without_day(standing: Standing) -> str:
    return "for good" if standing.status == Status.CURRENT else ""
