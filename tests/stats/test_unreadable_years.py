"""A key that is gone or counters that are damaged: what is refused, and how a year is restarted."""

import pytest

from peersupport.sealing import keyring
from stats import actions, queries
from stats.models import StatsYear
from tests.stats.conftest import audited, refusal, report_of, snapshot

pytestmark = pytest.mark.django_db


def lose_the_key():
    keyring.destroy(StatsYear.objects.get().key_id)


def damage_the_blob():
    row = StatsYear.objects.get()
    row.blob = bytes(row.blob[:-1]) + bytes([row.blob[-1] ^ 1])
    row.save()


@pytest.mark.parametrize(("harm", "code"), [(lose_the_key, "key_missing"), (damage_the_blob, "damaged")])
def test_an_unreadable_year_refuses_every_write_and_is_reported(year_2025, at, caplog, harm, code):
    harm()
    before = snapshot()
    at("2026-03-01")
    assert refusal(actions.tally, year=2025) == code
    assert refusal(actions.tally_group, year=2025, code="defusing") == code
    assert refusal(actions.close_year, year=2025) == code
    actions.reseal()
    actions.close_due_years()
    assert snapshot() == before
    assert {year: problem.code for year, problem in queries.problems_by_year().items()} == {2025: code}
    assert [code in record.message for record in caplog.records] == [True, True]


def test_an_unreadable_year_does_not_stop_the_others_from_being_resealed(year_2025):
    lose_the_key()
    actions.open_year(year=2026)
    before = StatsYear.objects.get(year=2026).key_id
    actions.reseal()
    assert StatsYear.objects.get(year=2026).key_id != before


@pytest.mark.parametrize("harm", [lose_the_key, damage_the_blob])
def test_a_lost_year_is_restarted_and_reported_as_partial(year_2025, at, director, harm):
    harm()
    actions.restart_year(year=2025, by=director)
    assert queries.problems_by_year() == {}
    actions.tally(year=2025)
    at("2026-01-02")
    actions.close_year(year=2025, by=director)
    assert report_of(2025)["period"] == "2025 (partial year)"
    assert audited()[1:] == [
        ("year_restarted", "year:2025", director.pk),
        ("year_closed", "year:2025", director.pk),
    ]


def test_an_unwritable_keyring_is_refused(year_2025, own_keyring):
    before = snapshot()
    (own_keyring / "shred").rename(own_keyring / "unmounted")
    assert refusal(actions.tally, year=2025) == "keyring_unwritable"
    assert snapshot() == before
