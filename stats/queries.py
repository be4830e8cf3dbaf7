"""What may be known of a year. Of an open one that is whether it can be counted to, and nothing else."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from peersupport.program.queries import settings_now
from peersupport.team import queries as team
from training import counts as training

from . import exports, vault
from .disclosure import release
from .ledger import Ledger
from .models import StatsReport, StatsYear
from .periods import Period, period_of
from .refusals import Refused

Report = dict[str, Any]


@dataclass(frozen=True)
class OpenYear:
    """An open year, as a page shows it: never with a figure. Alarm: why it cannot be counted to, if so."""

    period: Period
    has_ended: bool
    alarm: Refused | None


def current_period(today: date) -> Period:
    return period_of(today, settings_now().year_starts_month)


def period_of_year(year: int) -> Period:
    return Period(year, settings_now().year_starts_month)


def open_years(today: date) -> list[OpenYear]:
    """The years that are being counted, the newest first."""
    first_month = settings_now().year_starts_month
    rows = StatsYear.objects.order_by("-year")
    periods = [(Period(row.year, first_month), alarm_of(row)) for row in rows]
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
    return [exports.from_json(row.document) | {"year": row.year} for row in StatsReport.objects.all()]


def report(*, year: int) -> Report:
    """A closed year, as released. Raises Refused for a year that is open or unknown."""
    return exports.from_json(document(year=year))


def document(*, year: int) -> str:
    """A closed year, as released, letter for letter. Raises Refused for a year that is open or unknown."""
    found = StatsReport.objects.filter(year=year).first()
    if found is None:
        raise Refused("no_report", f"There is no report of {year}.")
    return found.document


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
