from datetime import date
from decimal import Decimal

from training.models import Requirement, ValidityRule
from training.presenters.subjects import months_text, requirement_rules, validity_rules, validity_text

FIRST = ValidityRule(applies_from=date(1950, 1, 1), valid_months=24)
LATER = ValidityRule(applies_from=date(2027, 3, 3), valid_months=None)


def test_months():
    assert [months_text(months) for months in (1, 24, None)] == ["1 month", "24 months", "Never lapses"]


def test_validity_names_the_next_rule():
    assert validity_text(FIRST, None) == "24 months"
    assert validity_text(FIRST, LATER) == "24 months; starting March 3, 2027: Never lapses"


def test_rules_say_which_training_falls_under_them():
    assert validity_rules([FIRST]) == [("24 months", "All training")]
    assert validity_rules([LATER, FIRST]) == [
        ("Never lapses", "Training completed on or after March 3, 2027"),
        ("24 months", "Training completed before any later rule"),
    ]


def test_requirements():
    hours = {"initial_hours": Decimal("40.00"), "initial_months": 12, "continuing_hours": Decimal("8.50")}
    rules = [Requirement(applies_from=day, **hours) for day in (date(2027, 3, 3), date(1950, 1, 1))]
    sentence = "40 h of initial training within 12 months, then 8.5 h a year"
    assert requirement_rules(rules) == [(sentence, "Starting March 3, 2027"), (sentence, "Original rule")]
