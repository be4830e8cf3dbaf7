"""Times, hours and standings as text."""

from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..domain.standing import STATUS_SYMBOLS, Standing, Status

if TYPE_CHECKING:
    from ..models import Session


def when_text(session: "Session") -> str:
    """In the session's own time zone: "Wednesday, March 31, 2027, 08:00 to 16:00 MDT"."""
    zone = ZoneInfo(session.time_zone)
    start, end = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    return _("%(weekday)s, %(start)s to %(end)s %(zone)s") % {
        "weekday": WEEKDAYS[start.weekday()],
        "start": date_format(start, "DATETIME_FORMAT"),
        "end": date_format(end, "TIME_FORMAT" if start.date() == end.date() else "DATETIME_FORMAT"),
        "zone": end.tzname(),
    }


def hours_text(hours: Decimal | None) -> str:
    """8.00 as 8, 1.50 as 1.5; 0 for a sum of nothing."""
    text = f"{hours:f}" if hours is not None else "0"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_a_sentence(name: str) -> str:
    """A subject's name in the middle of a sentence: "suicide intervention", but "TCOLE rules"."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def status_symbol(standing: Standing) -> str:
    return STATUS_SYMBOLS[standing.status]


def standing_text(standing: Standing) -> str:
    """Where there is room for it: "Lapses soon, on March 3, 2027"."""
    if standing.status == Status.MISSING:
        return _("Not trained")
    if standing.lapses_on is None:
        return _("Current, never lapses")
    sentence = {
        Status.CURRENT: _("Current until %(day)s"),
        Status.EXPIRING: _("Lapses soon, on %(day)s"),
        Status.LAPSED: _("Lapsed on %(day)s"),
    }[standing.status]
    return sentence % {"day": date_format(standing.lapses_on, "DATE_FORMAT")}


def cell_text(standing: Standing) -> str:
    """In a narrow cell: "Lapses soon, Nov. 3, 2027"."""
    if standing.lapses_on is None:  # not trained, or never lapses
        return standing_text(standing)
    sentence = {
        Status.CURRENT: _("Current until %(day)s"),
        Status.EXPIRING: _("Lapses soon, %(day)s"),
        Status.LAPSED: _("Lapsed %(day)s"),
    }[standing.status]
    return sentence % {"day": cell_day(standing)}


def cell_day(standing: Standing) -> str:
    """The day of the lapse: "Nov. 3, 2027"."""
    return date_format(standing.lapses_on, "SHORT_DATE_FORMAT") if standing.lapses_on else ""
