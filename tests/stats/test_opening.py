"""Opening a year: by a person, and by itself each day."""

import pytest

from peersupport.program.models import ProgramSettings
from peersupport.sealing import keyring
from stats import actions, vault
from stats.domain.disclosure import CUT
from stats.models import StatsYear
from tests.stats.conftest import audited, refusal, snapshot

pytestmark = pytest.mark.django_db


def test_a_year_opens_with_noise_only(year_2025):
    ledger = vault.unseal(StatsYear.objects.get())
    assert len(set(ledger.values)) > 3
    assert all(-CUT <= value <= CUT for value in ledger.values)
    assert not ledger.is_partial
    assert audited() == [("year_opened", "year:2025", None)]


def test_two_years_start_with_different_noise(year_2025):
    actions.open_year(year=2026)
    one, other = (vault.unseal(row).values for row in StatsYear.objects.all())
    assert one != other


def test_a_year_opens_once(year_2025):
    before = snapshot()
    assert refusal(actions.open_year, year=2025) == "already_open"
    assert snapshot() == before
    assert len(keyring.shred_ids()) == 1


def test_a_closed_year_is_not_opened_again(year_2025, at):
    at("2026-03-01")
    actions.close_year(year=2025)
    assert refusal(actions.open_year, year=2025) == "closed"
    assert not StatsYear.objects.exists()


@pytest.mark.parametrize("year", [-1, 0, 1999, 2100, 20226, 10**30])
def test_an_impossible_year_is_refused(year):
    assert refusal(actions.open_year, year=year) == "no_such_year"


@pytest.mark.parametrize(
    ("today", "first_month", "year", "is_partial"),
    [
        ("2026-01-01", 1, 2026, False),
        ("2026-01-02", 1, 2026, True),
        ("2026-08-31", 9, 2025, True),
        ("2026-09-01", 9, 2026, False),
    ],
)
def test_the_current_year_opens_automatically(at, today, first_month, year, is_partial):
    ProgramSettings(pk=1, year_starts_month=first_month).save()
    at(today)
    actions.open_current_year()
    actions.open_current_year()
    row = StatsYear.objects.get()
    assert (row.year, vault.unseal(row).is_partial) == (year, is_partial)


def test_a_clock_set_back_opens_nothing(year_2025, at):
    at("2026-03-01")
    actions.close_year(year=2025)
    for day in ("2025-06-01", "2024-06-01", "2001-01-01"):
        at(day)
        actions.open_current_year()
    assert not StatsYear.objects.exists()
