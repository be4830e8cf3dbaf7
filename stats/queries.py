"""What may be known about a year. About an open one, that is only whether it can be counted toward: never a figure."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import floor
from typing import Any

from django.utils.translation import gettext as _

from applications import counts as applications
from peersupport.core.errors import Refused
from peersupport.core.sentences import gettext_noop
from peersupport.program.queries import settings_now
from peersupport.team.queries import availability, counts
from training import counts as training

from . import vault
from .domain.disclosure import release, release_lists, release_totals
from .domain.ledger import TOTALS, CounterId
from .domain.periods import Period, Span, period_containing, period_starting_in, span_containing
from .domain.report import Audience, Breakdown, Outcome, Report, SessionFigures, SubjectFigures, TeamFigures
from .models import StatsBreakdown, StatsReport, StatsYear


@dataclass(frozen=True)
class OpenYear:
    """A year that is being counted, without any figure.

    problem: why nothing can be counted toward it, if so. breakdown_label: the years whose lists are counted together
    with this one's ("2025 to 2026"); empty if its lists are its own.
    """

    period: Period
    has_ended: bool
    problem: Refused | None
    breakdown_label: str


def current_period(today: date) -> Period:
    """The program's year that this day belongs to, open or not."""
    return period_containing(today, settings_now().year_starts_month, existing_periods())


def period_of_year(year: int) -> Period:
    """The program's year that begins in `year`. Raises Refused if another one runs through it ("no_such_year")."""
    period = period_starting_in(year, settings_now().year_starts_month, existing_periods())
    if period is None:
        sentence = _("No year of this program begins in %(year)s, because another one already covers it.")
        raise Refused(sentence % {"year": year}, code="no_such_year")
    return period


def span_of_year(year: int) -> Span:
    """The years whose lists are counted together with this one's. Raises Refused if some are counted elsewhere."""
    span = span_containing(year, settings_now().breakdown_years, existing_spans())
    if span is None:
        sentence = _("The lists of %(year)s would overlap with years that are already being counted.")
        raise Refused(sentence % {"year": year}, code="no_such_year")
    return span


def existing_spans() -> list[Span]:
    """The spans of all open and closed years, which keep them whatever is set later."""
    open_breakdowns = [row.span for row in StatsBreakdown.objects.all()]
    years = [row.span for row in StatsYear.objects.select_related("breakdown")]
    return open_breakdowns + years + [_span_of(closed) for closed in StatsReport.objects.all()]


def existing_periods() -> list[Period]:
    """The periods of all open and closed years, which keep them whatever is set later."""
    tables = [model.objects.values_list("year", "first_month", "months") for model in (StatsYear, StatsReport)]
    return [Period(*row) for rows in tables for row in rows.order_by()]


def open_years(today: date) -> list[OpenYear]:
    """The years being counted, newest first."""
    rows = StatsYear.objects.select_related("breakdown").order_by("-year")
    return [OpenYear(row.period, row.period.has_ended(today), problem_with(row), _breakdown_label(row)) for row in rows]


def open_year(year: int, today: date) -> OpenYear | None:
    return next((each for each in open_years(today) if each.period.year == year), None)


def problems_by_year() -> dict[int, Refused]:
    """Open years that nothing can be counted toward, with the reason, for the health check."""
    problems = {row.year: problem_with(row) for row in StatsYear.objects.select_related("breakdown")}
    return {year: problem for year, problem in problems.items() if problem is not None}


def problem_with(row: StatsYear) -> Refused | None:
    """Why nothing can be counted toward an open year, if so: its own row cannot be read, or that of its lists."""
    problem = vault.problem_with(row)
    return vault.problem_with(row.breakdown) if problem is None and row.breakdown else problem


def closed_years() -> list[StatsReport]:
    """All closed years, newest first."""
    return list(StatsReport.objects.all())


def report(*, year: int, audience: str = Audience.PUBLIC) -> dict[str, Any]:
    """A closed year in the fixed shape of domain.report: `period`, `rows` and `team`.

    audience: "public" is what the .json file has. "staff" has applications and endings exactly, for coordinator and
    clinical director alone. An interface for scripts outside of this program. Raises Refused for a year that is open or
    unknown ("no_report"), ValueError for another audience.
    """
    closed, reader = closed_year(year=year), Audience(audience)
    return (closed.exact_report if reader is Audience.STAFF else closed.report).as_dict()


def closed_year(*, year: int) -> StatsReport:
    """The row of a closed year. Raises Refused for a year that is open or unknown ("no_report")."""
    closed = StatsReport.objects.filter(year=year).first()
    if closed is None:
        raise no_report(year)
    return closed


def published_years() -> list[StatsReport]:
    """Closed years that the clinical director has published, newest first."""
    return list(StatsReport.objects.filter(is_published=True))


def published_year(*, year: int) -> StatsReport:
    """The row of a published year. Raises Refused for one that is not published ("no_report")."""
    closed = StatsReport.objects.filter(year=year, is_published=True).first()
    if closed is None:
        raise no_report(year)
    return closed


def compose_report(row: StatsYear, breakdown: StatsBreakdown | None, today: date) -> Report:
    """What is released of a year when it closes.

    breakdown: the lists of several years, if this year is the last of them. Raises Refused if counters cannot be read.
    """
    ledger = vault.unseal(row)
    period = f"{row.period.label} (partial year)" if ledger.is_partial else row.period.label
    team = team_figures(row.period, today)
    if row.breakdown is None:
        return Report(period=period, rows=tuple(release(ledger.by_counter())), team=team)
    label, lists = _breakdown_label(row), []
    if breakdown is not None:
        breakdown_ledger = vault.unseal(breakdown)
        lists = release_lists(breakdown_ledger.by_counter())
        label += " (partial)" if breakdown_ledger.is_partial else ""
    totals = release_totals(ledger.by_counter(), lists, _totals_before(row))
    together = Breakdown(label, row.span.year, row.span.years, tuple(lists))
    return Report(period=period, rows=tuple(totals), breakdown=together, team=team)


def _totals_before(row: StatsYear) -> dict[CounterId, int]:
    """For each total, the sum of the lower bounds that the earlier years of the same span have printed."""
    totals = dict.fromkeys(TOTALS, 0)
    for closed in StatsReport.objects.filter(year__gte=row.span.year, year__lt=row.year):
        for row_before in closed.report.rows:
            totals[CounterId(row_before.vector, row_before.code)] += row_before.lo
    return totals


def _breakdown_label(row: StatsYear) -> str:
    return row.span.label(row.period) if row.breakdown else ""


def _span_of(closed: StatsReport) -> Span:
    breakdown = closed.report.breakdown
    return Span(breakdown.first_year, breakdown.years) if breakdown else Span(closed.year)


def team_figures(period: Period, today: date) -> TeamFigures:
    """The team's exact figures for a period, or for the part of it that has passed."""
    first, last = period.starts_on, min(period.ends_on, today)
    endings = counts.endings_between(first, last)
    return TeamFigures(
        members=counts.members_by_state(),
        designations=counts.designations_between(first, last),
        de_selections=endings["de_selections"],
        departures=endings["departures"],
        on_call_share=floor(1000 * availability.on_call_share(first, last)) / 1000,  # never more than there was
        applications=tuple(
            Outcome(each.code, str(each.name), each.count) for each in applications.by_outcome(first, last)
        ),
        training=tuple(
            SubjectFigures(
                subject=each.code,
                name=each.name,
                hours=_number(each.hours),
                **{status.value: count for status, count in each.standing.items()},
            )
            for each in training.by_subject(first, last)
        ),
        sessions=_sessions(first, last),
    )


def _sessions(first: date, last: date) -> tuple[SessionFigures, ...]:
    own = training.held(first, last)
    return (
        SessionFigures("training", gettext_noop("Training of the team"), own.sessions, own.headcount),
        *(
            SessionFigures(each.kind, str(each.label), each.sessions, each.headcount)
            for each in training.given(first, last)
        ),
    )


def refusal_for_year_not_open(year: int) -> Refused:
    if StatsReport.objects.filter(year=year).exists():
        return Refused(_("%(year)s is already closed, so nothing was changed.") % {"year": year}, code="closed")
    return Refused(_("%(year)s isn't open, so nothing was changed.") % {"year": year}, code="not_open")


def no_report(year: int) -> Refused:
    return Refused(_("There's no report for %(year)s.") % {"year": year}, code="no_report")


def _number(hours: Decimal) -> int | float:
    return int(hours) if hours == int(hours) else float(hours)
