import math
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peersupport.program.vocabulary import CONTACT_LEVEL, PERSON_LEVEL
from stats.domain.disclosure import CUT, bernoulli_exp, discrete_laplace, lower_bound, release, uniform_below
from stats.domain.ledger import CONTACTS, COUNTERS, PERSONS, CounterId
from tests.stats.bits import CountedBits, exact_masses


def true_probabilities():
    """P(z) proportional to e^(-|z|/2), cut at 9, to fifty digits."""
    with localcontext(prec=50):
        weights = {z: (Decimal(-abs(z)) / 2).exp() for z in range(-CUT, CUT + 1)}
        total = sum(weights.values())
        return {z: Fraction(weight / total) for z, weight in weights.items()}


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 8, 12])
def test_uniform_below_gives_each_number_equally_often(limit):
    masses, undecided = exact_masses(lambda bits: uniform_below(limit, bits), depth=12)
    assert sorted(masses) == list(range(limit))
    assert len(set(masses.values())) == 1
    assert undecided < Fraction(1, 2)


@pytest.mark.parametrize(("numerator", "denominator"), [(0, 2), (1, 2), (1, 1)])
def test_bernoulli_exp_has_the_probability_e_to_the_minus_x(numerator, denominator):
    masses, undecided = exact_masses(lambda bits: bernoulli_exp(numerator, denominator, bits), depth=15)
    with localcontext(prec=50):
        true = Fraction((-Decimal(numerator) / denominator).exp())
    assert masses.get(True, 0) <= true <= masses.get(True, 0) + undecided
    assert undecided < Fraction(1, 100)


def test_noise_over_every_string_of_bits_has_the_exact_distribution():
    masses, undecided = exact_masses(discrete_laplace, depth=18)
    assert undecided < Fraction(1, 5)
    for z, true in true_probabilities().items():
        assert masses.get(z, 0) <= true <= masses.get(z, 0) + undecided
        assert masses.get(z, 0) == masses.get(-z, 0)
    assert set(masses) <= set(true_probabilities())


def test_noise_from_many_draws_fits_the_exact_distribution():
    bits, draws = CountedBits(seed=1), 40_000
    counts = dict.fromkeys(range(-CUT, CUT + 1), 0)
    for _ in range(draws):
        counts[discrete_laplace(bits)] += 1
    expected = {z: float(p) * draws for z, p in true_probabilities().items()}
    chi_square = sum((counts[z] - expected[z]) ** 2 / expected[z] for z in counts)
    assert chi_square < 42.3  # 18 degrees of freedom: 1 in 1,000
    assert all(counts.values())
    assert bits.count / draws < 16


def test_noise_is_as_large_as_the_footnote_says():
    true = true_probabilities()
    assert float(sum(p for z, p in true.items() if abs(z) <= 6)) > 0.96
    assert float(true[CUT]) < 0.003
    assert math.isclose(float(true[3] / true[4]), math.exp(0.5))


@pytest.mark.parametrize(
    ("value", "lo"),
    [(-9, 0), (-1, 0), (0, 0), (9, 0), (10, 10), (19, 10), (20, 20), (99, 90), (100, 100), (5_009, 5_000)],
)
def test_lower_bound_is_a_multiple_of_ten(value, lo):
    assert lower_bound(value) == lo


def test_a_truly_empty_counter_never_prints_10_to_19():
    assert lower_bound(0 + CUT) == 0


def values(**given_values):
    counters = dict.fromkeys(COUNTERS, 0)
    for name, value in given_values.items():
        vector, _, code = name.partition("__")
        counters[CounterId(vector, code or "all")] = value
    return counters


@pytest.mark.parametrize(
    ("counters", "persons", "contacts"),
    [
        ({}, 0, 0),
        ({"persons": 41, "contacts": 97}, 40, 90),
        # the sum of a person-level vector raises persons, and persons raise contacts
        ({"persons": 12, "concern__grief": 15, "concern__work": 11}, 20, 20),
        # one vector's sum does, never the sum of several
        ({"persons": 12, "concern__grief": 15, "mode__phone": 18}, 10, 10),
        # referral and response are person-level too
        ({"referral__chaplain": 33}, 30, 30),
        ({"response__later": 20}, 20, 20),
        # feedback raises contacts alone
        ({"persons": 12, "contacts": 14, "feedback__helped_again": 50}, 10, 50),
        # group sessions count on their own
        ({"persons": 12, "contacts": 14, "group__debriefing": 90}, 10, 10),
        ({"persons": -7, "contacts": -9}, 0, 0),
    ],
)
def test_totals_are_raised_to_the_sums_below_them(counters, persons, contacts):
    rows = {CounterId(row.vector, row.code): row.lo for row in release(values(**counters))}
    assert (rows[PERSONS], rows[CONTACTS]) == (persons, contacts)


@settings(max_examples=40)
@given(st.lists(st.integers(-9, 6_000), min_size=len(COUNTERS), max_size=len(COUNTERS)))
def test_release_keeps_the_order_and_the_grid_and_never_contradicts_itself(numbers):
    rows = release(dict(zip(COUNTERS, numbers, strict=True)))
    assert [(row.vector, row.code) for row in rows] == list(COUNTERS)
    assert all(row.lo % 10 == 0 and row.lo >= 0 and row.hi == row.lo + 9 for row in rows)
    lo = {CounterId(row.vector, row.code): row.lo for row in rows}
    person_sums = [sum(lo[CounterId(v.name, code)] for code in v.codes) for v in PERSON_LEVEL]
    contact_sums = [sum(lo[CounterId(v.name, code)] for code in v.codes) for v in CONTACT_LEVEL]
    assert lo[PERSONS] >= max(person_sums)
    assert lo[CONTACTS] >= max(lo[PERSONS], *contact_sums)
    for counter, number in zip(COUNTERS[2:], numbers[2:], strict=True):
        assert lo[counter] == max(0, number) // 10 * 10
