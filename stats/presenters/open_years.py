"""What is said of a year that is being counted: never a figure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from peersupport.core.translation import refusal_text

if TYPE_CHECKING:
    from ..queries import OpenYear


@dataclass(frozen=True)
class OpenYearRow:
    """problem: why nothing can be counted, if so. close_url, restart_url: empty unless the reader can do that now."""

    label: str
    sentences: tuple[str, ...]
    problem: str
    close_url: str
    restart_url: str


def rows(open_years: "Iterable[OpenYear]", *, may_close: bool) -> list[OpenYearRow]:
    return [_row(open_year, may_close) for open_year in open_years]


def _row(open_year: "OpenYear", may_close: bool) -> OpenYearRow:
    year, problem = open_year.period.year, open_year.problem
    can_close = may_close and open_year.has_ended and problem is None
    return OpenYearRow(
        label=open_year.period.label,
        sentences=tuple(filter(None, (state(open_year), lists_sentence(open_year.breakdown_label)))),
        problem=refusal_text(problem) if problem else "",
        close_url=reverse("stats:close", args=[year]) if can_close else "",
        restart_url=reverse("stats:restart", args=[year]) if may_close and problem else "",
    )


def state(open_year: "OpenYear") -> str:
    """Where an open year is, in the list of years."""
    if open_year.problem:
        return _("Nothing can be counted for it right now. The reason is above.")
    ends_on = _day(open_year.period.ends_on)
    if not open_year.has_ended:
        return _("Ends on %(day)s. Until it's closed, nobody sees a figure from it.") % {"day": ends_on}
    return _("Ended on %(day)s. Late contacts can still be counted; it closes by itself on %(closes_on)s.") % {
        "day": ends_on,
        "closes_on": _day(open_year.period.closes_on),
    }


def still_open(open_year: "OpenYear") -> list[str]:
    """What the page of a report says before there is one."""
    ends = _("The year ends on %(day)s.") % {"day": _day(open_year.period.ends_on)}
    return [
        _("Nothing is shown before the year is closed: anyone watching a number grow could spot each contact."),
        _("The year has ended and is waiting to be closed.") if open_year.has_ended else ends,
        *filter(None, [lists_sentence(open_year.breakdown_label)]),
    ]


def lists_sentence(years: str) -> str:
    """Which years the lists are counted over; empty if each has its own."""
    if not years:
        return ""
    return _("Main concerns and every other list are counted over %(years)s together.") % {"years": years}


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
