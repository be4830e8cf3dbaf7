import json

import pytest
import time_machine

from peersupport.audit.models import Entry
from peersupport.core.errors import Refused
from peersupport.program.models import ProgramSettings
from peersupport.program.vocabulary import VOCABULARIES
from stats import actions, queries, vault
from stats.domain import ledger
from stats.domain.ledger import Ledger
from stats.models import StatsBreakdown, StatsReport, StatsYear

ALL_CODES = {name: v.codes[0] for name, v in VOCABULARIES.items() if v.level in {"person", "contact"}}


def refusal(action, **arguments):
    """The code of the refusal, whose sentence must be a whole one."""
    with pytest.raises(Refused) as refused:
        action(**arguments)
    assert refused.value.sentence.endswith(".")
    return refused.value.code


def audited():
    return list(Entry.objects.order_by("id").values_list("action", "about", "by"))


def snapshot():
    """What must not have changed after a refusal."""
    return list(StatsYear.objects.order_by("year").values_list("year", "key_id", "blob")), StatsReport.objects.count()


def report_of(year):
    """A closed year as its JSON file has it."""
    return json.loads(queries.closed_year(year=year).document)


@pytest.fixture
def at(request):
    """at("2026-03-01") travels to noon of that day until the test ends."""

    def travel(day):
        traveller = time_machine.travel(f"{day}T18:00:00+00:00", tick=False)
        traveller.start()
        request.addfinalizer(traveller.stop)

    return travel


@pytest.fixture
def year_2025(db, at):
    at("2025-06-15")
    actions.open_year(year=2025)
    return 2025


def start_at_zero(year):
    """Set the counters of an open year to zero instead of noise, so that a test can predict the bands."""
    row = StatsYear.objects.get(year=year)
    is_first_of_breakdown = row.breakdown is not None and row.breakdown.year == year
    for each in [row, row.breakdown] if is_first_of_breakdown else [row]:
        each.blob = vault.seal(each, Ledger((0,) * len(ledger.COUNTERS)))
        each.save()


@pytest.fixture
def from_zero(year_2025):
    start_at_zero(2025)


def counters_of(year):
    """The sealed counters that are not zero. Only after `start_at_zero`."""
    values = vault.unseal(StatsYear.objects.get(year=year)).by_counter()
    return {f"{c.vector}:{c.code}": value for c, value in values.items() if value}


def close_with(year, **counted):
    """Close a year with exactly these counts: close_with(2025, persons=41, concern__grief=12)."""
    actions.open_year(year=year)
    row = StatsYear.objects.get(year=year)
    values = dict.fromkeys(ledger.COUNTERS, 0)
    for name, value in counted.items():
        vector, _, code = name.partition("__")
        values[ledger.CounterId(vector, code or "all")] = value
    row.blob = vault.seal(row, Ledger(tuple(values.values())))
    row.save()
    actions.close_year(year=year)


# An agency under 100 employees, whose lists are counted over two years


@pytest.fixture
def small(db, at):
    """A breakdown of 2025 and 2026; it is June 2025."""
    ProgramSettings(pk=1, breakdown_years=2).save()
    at("2025-06-15")
    actions.open_year(year=2025)


@pytest.fixture
def small_from_zero(small):
    start_at_zero(2025)


def lists_counted_from(year):
    values = vault.unseal(StatsBreakdown.objects.get(year=year)).by_counter()
    return {f"{c.vector}:{c.code}": value for c, value in values.items() if value}


def close_years(at, *years):
    for year in years:
        at(f"{year + 1}-02-01")
        if not StatsYear.objects.filter(year=year + 1).exists():
            actions.open_year(year=year + 1)
        actions.close_year(year=year)


def tally_often(year, times, **codes):
    for _ in range(times):
        actions.tally(year=year, first_this_year=True, codes=codes)
