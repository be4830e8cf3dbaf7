from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from peersupport.core.dates import add_months
from training.domain.hours import HoursRequirement, hours_by_year, initial_training
from training.domain.validity import rule_on

DAYS = st.dates(date(2015, 1, 1), date(2026, 12, 31))
HOURS = st.integers(1, 80).map(lambda quarters: Decimal(quarters) / 4)
DONE = st.lists(st.tuples(DAYS, HOURS), max_size=12)
RULES = st.dictionaries(st.dates(date(2014, 1, 1), date(2027, 1, 1)), st.integers(0, 80)).map(
    lambda found: [
        HoursRequirement(day, Decimal(hours), 12, Decimal(hours) / 2)
        for day, hours in {date(1950, 1, 1): 40, **found}.items()
    ]
)
TODAY = date(2026, 12, 31)


@given(DONE, RULES, st.integers(1, 12))
def test_each_hour_counts_in_one_year_and_each_year_has_the_rule_of_its_first_day(done, rules, first_month):
    found = hours_by_year(done, rules, first_month, TODAY)
    assert sum(year.hours for year in found) == sum(hours for _, hours in done)
    for place, year in enumerate(reversed(found)):
        first = date(year.year, first_month, 1)
        of_it = [hours for day, hours in done if first <= day < add_months(first, 12)]
        assert year.hours == sum(of_it)
        begun = [rule for rule in rules if rule.applies_from <= first]
        expected = sorted(begun, key=lambda rule: rule.applies_from)[-1].continuing_hours if place else None
        assert year.required == expected


@given(DONE, RULES)
def test_the_initial_training_is_done_on_the_day_its_hours_are_reached(done, rules):
    found = initial_training(done, rules)
    if not done:
        assert found is None
        return
    began = min(day for day, _ in done)
    assert found.required == rule_on(rules, began).initial_hours
    enough = [day for day, _ in sorted(done) if sum(hours for other, hours in done if other <= day) >= found.required]
    assert (found.done_on is None) == (not enough)
    if enough:
        assert found.done_on == enough[0]
    assert found.hours_left == max(0, found.required - sum(hours for _, hours in done))
