"""What may be known of a year. Of an open one that is whether it can be counted to, and nothing else."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from peersupport.program.queries import settings_now
from peersupport.program.vocabulary import CONCERN
from peersupport.team import queries as team
from training import counts as training

from . import exports, vault
from .disclosure import release
from .ledger import Ledger
from .models import StatsReport, StatsYear
from .periods import Period, period_holding, period_named
from .refusals import Refused
from .wording import Wording, without, wording

Report = dict[str, Any]


@dataclass(frozen=True)
class OpenYear:
    """An open year, as a page shows it: never with a figure. Alarm: why it cannot be counted to, if so."""

    period: Period
    has_ended: bool
    alarm: Refused | None


def current_period(today: date) -> Period:
    return period_holding(today, settings_now().year_starts_month, known_periods())


def period_of_year(year: int) -> Period:
    """The program's year that begins in `year`. Raises Refused where another one lies across it."""
    period = period_named(year, settings_now().year_starts_month, known_periods())
    if period is None:
        raise Refused("no_such_year", f"No year of this program begins in {year}: another one runs through it.")
    return period


def known_periods() -> list[Period]:
    """The years that are open or closed: what is set later does not move them."""
    rows = [model.objects.values_list("year", "first_month", "months") for model in (StatsYear, StatsReport)]
    return [Period(*row) for found in rows for row in found.order_by()]


def open_years(today: date) -> list[OpenYear]:
    """The years that are being counted, the newest first."""
    rows = StatsYear.objects.order_by("-year")
    periods = [(Period(row.year, row.first_month, row.months), alarm_of(row)) for row in rows]
    return [OpenYear(period, period.has_ended(today), alarm) for period, alarm in periods]


def open_year(year: int, today: date) -> OpenYear | None:
    return next((found for found in open_years(today) if found.period.year == year), None)


def alarms() -> dict[int, Refused]:
    """Open years that cannot be counted to, with the reason: for the pages and for the health check."""
    found = {row.year: alarm_of(row) for row in StatsYear.objects.all()}
    return {year: alarm for year, alarm in found.items() if alarm is not None}


def missing_keys() -> list[int]:
    """Open years whose key is not in the keyring."""
    return [year for year, alarm in alarms().items() if alarm.code == "key_missing"]


def alarm_of(row: StatsYear) -> Refused | None:
    """Why nothing can be counted to an open year: its key is missing, or its counters are damaged."""
    try:
        vault.unseal(row)
    except Refused as refusal:
        return refusal
    return None


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
        raise Refused("no_report", f"There is no report of {year}.")
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
        raise Refused("no_report", f"There is no report of {year}.")
    report = exports.from_json(closed.document)
    if not closed.shows_concern:
        report = without(report, CONCERN.name)
    return wording(report, agency=closed.agency, program=closed.program)


def report_of(period: Period, ledger: Ledger, today: date) -> Report:
    """What is released of a year at its closing."""
    label = f"{period.label} (partial year)" if ledger.is_partial else period.label
    rows = [
        {"vector": row.vector, "code": row.code, "lo": row.lo, "hi": row.hi} for row in release(ledger.by_counter())
    ]
    return {"period": label, "rows": rows, "team": team_part(period, today)}


def team_part(period: Period, today: date) -> Report:
    """The team's exact figures for a period, or for as much of it as has passed."""
    until = min(period.ends_on, today)
    return {
        "members": team.member_counts(),
        "designations": team.designations_between(period.starts_on, until),
        **team.endings_between(period.starts_on, until),
        "training": [
            {"subject": subject.code, "name": subject.name, "hours": _number(subject.hours)}
            | {status.value: count for status, count in subject.standing.items()}
            for subject in training.by_subject(period.starts_on, until)
        ],
    }


def refusal_for_year_not_open(year: int) -> Refused:
    if StatsReport.objects.filter(year=year).exists():
        return Refused("closed", f"{year} is closed already, so nothing was changed.")
    return Refused("not_open", f"{year} is not open, so nothing was changed.")


def _number(hours: Decimal) -> int | float:
    return int(hours) if hours == int(hours) else float(hours)
