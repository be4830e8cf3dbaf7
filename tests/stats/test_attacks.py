"""The attackers: they succeed where tables can be turned back, and find nothing in this program's reports."""

import math
import sys
from collections import Counter

import pytest

from stats.domain import attacks, simulations
from stats.domain.disclosure import CUT, lower_bound, release
from stats.domain.ledger import COUNTERS
from tests.stats.bits import CountedBits


def report(**bounds):
    rows = [{"vector": c.vector, "code": c.code, "lo": 0, "hi": 9} for c in COUNTERS]
    for row in rows:
        if (lo := bounds.get(f"{row['vector']}__{row['code']}")) is not None:
            row.update(lo=lo, hi=lo + 9)
    return {"period": "2025", "rows": rows, "team": {}}


# Schema and grid


def test_what_the_program_releases_passes_schema_and_grid():
    rows = [vars(row) for row in release(dict.fromkeys(COUNTERS, 17))]
    assert attacks.check_schema(report() | {"rows": rows}) == []
    assert attacks.check_grid(rows) == []


@pytest.mark.parametrize(
    "harm",
    [
        lambda rows: rows.pop(),
        lambda rows: rows.reverse(),
        lambda rows: rows[5].update(note="x"),
        lambda rows: rows.append(rows[0]),
        lambda rows: rows[9].update(code="other"),
    ],
)
def test_a_schema_that_differs_is_found(harm):
    changed = report()
    harm(changed["rows"])
    assert attacks.check_schema(changed)


@pytest.mark.parametrize(("lo", "hi"), [(5, 14), (10, 18), (-10, -1), (10.0, 19), (0, 0), (True, 10)])
def test_a_cell_off_the_grid_is_found(lo, hi):
    assert attacks.check_grid([{"vector": "concern", "code": "grief", "lo": lo, "hi": hi}])


# Linear programs


@pytest.mark.parametrize("contacts", [20, 500])
def test_linear_programs_learn_nothing_from_a_released_year(contacts):
    bits = CountedBits(contacts)
    assert simulations.attack_reports(contacts, 1, bits) == []


def test_linear_programs_recover_cells_of_masked_tables():
    masked = simulations.attack_masked_tables(500, 6, CountedBits(4))
    assert masked.small > 20
    assert 0.25 < masked.recovered / masked.small < 0.75


def test_additive_bands_are_found():
    """If everybody answered every question and the total is exact, bands hide nothing."""
    printed = report(concern__grief=10, concern__work=20)
    del printed["rows"][14:]
    for total in printed["rows"][:2]:
        total.update(lo=32, hi=32)
    assert len(attacks.check_intervals(attacks.intervals([printed], are_sums_exact=True))) >= 12


def test_a_report_that_contradicts_itself_is_found():
    assert attacks.check_intervals(attacks.intervals([report(concern__grief=100)])) == [
        "no table fits what is printed: the report contradicts itself"
    ]


def test_without_the_solver_the_attacker_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(attacks.NoSolver, match="scipy"):
        attacks.intervals([report()])


# Noise and the insider


def test_one_more_person_changes_printed_bands_within_the_bound():
    assert simulations.measure_privacy_loss(700, CountedBits(1)).findings == ()


def test_a_report_without_noise_is_found():
    certain = Counter({(10,): 700})
    assert attacks.check_ratios(
        attacks.log_ratios(Counter({(10,): 900, (0,): 900}), certain + Counter({(0,): 9000})), 0.5
    )


def test_exact_band_probabilities_keep_the_bound():
    """Not sampled: any set of bands is at most e^0.5 times as likely, except with probability 0.003 (delta)."""
    for value in range(60):
        one, other = attacks.band_probabilities(value), attacks.band_probabilities(value + 1)
        assert abs(sum(one.values()) - 1) < 1e-12
        for p, q in ((one, other), (other, one)):
            assert sum(max(0.0, odds - math.exp(0.5) * q.get(label, 0.0)) for label, odds in p.items()) < 0.003


def test_an_empty_counter_never_prints_a_band():
    assert set(attacks.band_probabilities(0)) == {0}
    assert max(lower_bound(z) for z in range(-CUT, CUT + 1)) == 0


def test_an_insider_learns_next_to_nothing():
    insider = simulations.simulate_insider(300, 500, CountedBits(2))
    assert insider.sure == 0
    assert abs(insider.mean_of_truth - 1 / 12) < 0.03


def test_an_insider_is_sure_only_when_no_noise_could_have_printed_it():
    """Noise adds nine at most, so a ten where nobody else was counted can only be the unknown contact."""
    assert 0.5 < attacks.posterior([9, 4], [10, 0], [0.5, 0.5])[0] < 0.7
    assert attacks.posterior([0, 0], [10, 0], [0.5, 0.5]) == [1.0, 0.0]
