import pytest
import time_machine

from stats import actions, vault
from stats.domain import ledger
from stats.domain.ledger import Ledger
from stats.models import StatsYear


@pytest.fixture
def at(request):
    """at("2026-03-01"): the day it is, at noon, until the test ends."""

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
    """What an open year counts begins at zero and not at noise, so that a test can foresee the bands."""
    row = StatsYear.objects.get(year=year)
    has_begun_its_lists = row.breakdown is not None and row.breakdown.year == year
    for each in [row, row.breakdown] if has_begun_its_lists else [row]:
        each.blob = vault.seal(each, Ledger((0,) * len(ledger.COUNTERS)))
        each.save()


@pytest.fixture
def from_zero(year_2025):
    start_at_zero(2025)


def counters_of(year):
    """What the sealed blob holds, without the counters that stand at zero. Only after `start_at_zero`."""
    values = vault.unseal(StatsYear.objects.get(year=year)).by_counter()
    return {f"{c.vector}:{c.code}": value for c, value in values.items() if value}


def close_with(year, **counted):
    """Close a year whose counters hold exactly these figures: close_with(2025, persons=41, concern__grief=12)."""
    actions.open_year(year=year)
    row = StatsYear.objects.get(year=year)
    values = dict.fromkeys(ledger.COUNTERS, 0)
    for name, value in counted.items():
        vector, _, code = name.partition("__")
        values[ledger.Counter(vector, code or "all")] = value
    row.blob = vault.seal(row, Ledger(tuple(values.values())))
    row.save()
    actions.close_year(year=year)
