"""What may be known of a year. Of an open one that is whether it can be counted to, and nothing else."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from math import floor
from typing import Any

from applications import counts as applications
from peersupport.core.errors import Refused
from peersupport.program.queries import settings_now
from peersupport.program.vocabulary import CONCERN
from peersupport.team.queries import availability, members
from training import counts as training

from . import vault
from .documents import exports
from .domain.disclosure import Row, release, release_lists, release_totals
from .domain.ledger import TOTALS, Counter
from .domain.periods import Period, Span, period_holding, period_named, span_of
from .models import StatsBreakdown, StatsReport, StatsYear
from .presenters.wording import Wording, without, wording

Report = dict[str, Any]


@dataclass(frozen=True)
class OpenYear:
    """An open year, as a page shows it: never with a figure.

    Alarm: why it cannot be counted to, if so. Together: with which years its lists are counted, if with any.
    """

    period: Period
    has_ended: bool
    alarm: Refused | None
    together: str


def current_period(today: date) -> Period:
    return period_holding(today, settings_now().year_starts_month, known_periods())


def period_of_year(year: int) -> Period:
    """The program's year that begins in `year`. Raises Refused where another one lies across it."""
    period = period_named(year, settings_now().year_starts_month, known_periods())
    if period is None:
        raise Refused(f"No year of this program begins in {year}: another one runs through it.", code="no_such_year")
    return period


def span_of_year(year: int) -> Span:
    """The years whose lists are counted together with this one's. Raises Refused where they were counted already."""
    span = span_of(year, settings_now().breakdown_years, known_spans())
    if span is None:
        raise Refused(f"The lists of {year} would run into years that are counted already.", code="no_such_year")
    return span


def known_spans() -> list[Span]:
    """What is counted together in years that are open or closed: a later setting does not change it."""
    running = [row.span for row in StatsBreakdown.objects.all()]
    years = [row.span for row in StatsYear.objects.select_related("breakdown")]
    return running + years + [_span_of(report) for report in reports()]


def known_periods() -> list[Period]:
    """The years that are open or closed: what is set later does not move them."""
    rows = [model.objects.values_list("year", "first_month", "months") for model in (StatsYear, StatsReport)]
    return [Period(*row) for found in rows for row in found.order_by()]


def open_years(today: date) -> list[OpenYear]:
    """The years that are being counted, the newest first."""
    rows = StatsYear.objects.select_related("breakdown").order_by("-year")
    return [OpenYear(row.period, row.period.has_ended(today), alarm_of(row), _together(row)) for row in rows]


def open_year(year: int, today: date) -> OpenYear | None:
    return next((found for found in open_years(today) if found.period.year == year), None)


def alarms() -> dict[int, Refused]:
    """Open years that cannot be counted to, with the reason: for the pages and for the health check."""
    found = {row.year: alarm_of(row) for row in StatsYear.objects.select_related("breakdown")}
    return {year: alarm for year, alarm in found.items() if alarm is not None}


def missing_keys() -> list[int]:
    """Open years whose key is not in the keyring."""
    return [year for year, alarm in alarms().items() if alarm.code == "key_missing"]


def alarm_of(row: StatsYear) -> Refused | None:
    """Why nothing can be counted to an open year: a key is missing, or counters are damaged."""
    found = vault.trouble_with(row)
    return vault.trouble_with(row.breakdown) if found is None and row.breakdown else found


def reports() -> list[Report]:
    """All closed years, the newest first."""
    rows = StatsReport.objects.all()
    return [exports.from_json(row.document) | {"year": row.year, "is_published": row.is_published} for row in rows]


def report(*, year: int) -> Report:
    """A closed year, as released. Raises Refused for a year that is open or unknown."""
    return exports.from_json(document(year=year))


def document(*, year: int) -> str:
    """A closed year, as released, letter for letter. Raises Refused for a year that is open or unknown."""
    return closed_year(year=year).document


def closed_year(*, year: int) -> StatsReport:
    """A closed year and what is known of it. Raises Refused for a year that is open or unknown."""
    found = StatsReport.objects.filter(year=year).first()
    if found is None:
        raise Refused(f"There is no report of {year}.", code="no_report")
    return found


def words_of(closed: StatsReport) -> Wording:
    """What a closed year says, to those who may read all of it."""
    return wording(exports.from_json(closed.document), agency=closed.agency, program=closed.program)


def published_years() -> list[StatsReport]:
    """Closed years that the clinical director has published, the newest first."""
    return list(StatsReport.objects.filter(is_published=True))


def published_words(*, year: int) -> Wording:
    """What everybody may read of a year. Raises Refused for a year that is not published."""
    closed = StatsReport.objects.filter(year=year, is_published=True).first()
    if closed is None:
        raise Refused(f"There is no report of {year}.", code="no_report")
    report = exports.from_json(closed.document)
    if not closed.shows_concern:
        report = without(report, CONCERN.name)
    return wording(report, agency=closed.agency, program=closed.program)


def tells_concern(closed: StatsReport) -> bool:
    """Whether it says what people mainly came with: not where lists are counted together with a later year."""
    report = exports.from_json(closed.document)
    return any(row["vector"] == CONCERN.name for row in report.get("breakdown", report)["rows"])


def report_of(row: StatsYear, breakdown: StatsBreakdown | None, today: date) -> Report:
    """What is released of a year at its closing, and of its lists, if those of several years end with it."""
    ledger = vault.unseal(row)
    report = {"period": f"{row.period.label} (partial year)" if ledger.is_partial else row.period.label}
    team = team_part(row.period, today)
    if row.breakdown is None:
        return report | {"rows": _rows(release(ledger.by_counter())), "team": team}
    together: Report = {"period": _together(row), "first_year": row.span.year, "years": row.span.years}
    lists = []
    if breakdown is not None:
        counted = vault.unseal(breakdown)
        lists = release_lists(counted.by_counter())
        together["period"] += " (partial)" if counted.is_partial else ""
    totals = release_totals(ledger.by_counter(), lists, _totals_before(row))
    return report | {"rows": _rows(totals), "breakdown": together | {"rows": _rows(lists)}, "team": team}


def _rows(released: Sequence[Row]) -> list[Report]:
    return [asdict(row) for row in released]


def _totals_before(row: StatsYear) -> dict[Counter, int]:
    """What the earlier years of the same span have as lower bounds of their totals, added up."""
    found = dict.fromkeys(TOTALS, 0)
    for closed in StatsReport.objects.filter(year__gte=row.span.year, year__lt=row.year):
        for line in exports.from_json(closed.document)["rows"]:
            found[Counter(line["vector"], line["code"])] += line["lo"]
    return found


def _together(row: StatsYear) -> str:
    return row.span.label(row.period) if row.breakdown else ""


def _span_of(report: Report) -> Span:
    together = report.get("breakdown")
    return Span(together["first_year"], together["years"]) if together else Span(report["year"])


def team_part(period: Period, today: date) -> Report:
    """The team's exact figures for a period, or for as much of it as has passed."""
    first, last = period.starts_on, min(period.ends_on, today)
    return {
        "members": members.member_counts(),
        "designations": members.designations_between(first, last),
        **members.endings_between(first, last),
        "on_call_share": floor(1000 * availability.on_call_share(first, last)) / 1000,  # never more than there was
        "applications": [asdict(outcome) for outcome in applications.by_outcome(first, last)],
        "training": [
            {"subject": subject.code, "name": subject.name, "hours": _number(subject.hours)}
            | {status.value: count for status, count in subject.standing.items()}
            for subject in training.by_subject(first, last)
        ],
        "sessions": _sessions(first, last),
    }


def _sessions(first: date, last: date) -> list[Report]:
    own = training.held(first, last)
    return [
        {"code": "training", "name": "Training of the team", "count": own.sessions, "people": own.headcount},
        *(
            {"code": each.kind, "name": each.label, "count": each.sessions, "people": each.headcount}
            for each in training.given(first, last)
        ),
    ]


def refusal_for_year_not_open(year: int) -> Refused:
    if StatsReport.objects.filter(year=year).exists():
        return Refused(f"{year} is closed already, so nothing was changed.", code="closed")
    return Refused(f"{year} is not open, so nothing was changed.", code="not_open")


def _number(hours: Decimal) -> int | float:
    return int(hours) if hours == int(hours) else float(hours)
