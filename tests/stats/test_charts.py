import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peersupport.program.vocabulary import VOCABULARIES
from stats.domain.disclosure import release
from stats.domain.ledger import COUNTERS
from stats.presenters.charts import range_charts, scale_for


@pytest.mark.parametrize(
    ("highest", "scale"),
    [
        (9, 100),
        (99, 100),
        (100, 150),
        (149, 150),
        (150, 200),
        (799, 800),
        (800, 1000),
        (5_009, 6_000),
        (99_999, 100_000),
    ],
)
def test_the_scale_is_the_next_round_number(highest, scale):
    assert scale_for(highest) == scale


NUMBERS = st.lists(st.integers(-9, 6_000), min_size=len(COUNTERS), max_size=len(COUNTERS))


@settings(max_examples=40)
@given(NUMBERS)
def test_bars_lie_within_the_scale_and_never_start_at_nothing(numbers):
    released = release(dict(zip(COUNTERS, numbers, strict=True)))
    charts = range_charts(released)
    assert [chart.name for chart in charts] == ["totals", *VOCABULARIES]
    bars = [bar for chart in charts for bar in chart.bars]
    assert [(bar.lo, bar.hi) for bar in bars] == [(row.lo, row.hi) for row in released]
    for chart in charts:
        assert chart.has_bands is any(bar.lo for bar in chart.bars)
        for bar in chart.bars:
            assert bar.is_too_few is (bar.lo == 0)
            assert bar.is_too_few or 0 < bar.x < bar.x + bar.width <= 100.01
            assert 1.5 <= bar.width <= 10


def test_bar_text():
    rows = release(dict.fromkeys(COUNTERS, 0) | {COUNTERS[1]: 4_321})
    people, contacts = range_charts(rows)[0].bars
    assert (people.label, people.text) == ("People (first contact this year)", "too few to break down")
    assert (contacts.label, contacts.text) == ("Contacts", "about 4,320–4,329")
    assert people.description == "No band."
    assert contacts.description == "A band from 4,320 to 4,329 on a scale from 0 to 5,000."
