from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from peersupport.core.dates import add_months
from training.domain.coverage import FEW_TRAINED, Gap, gaps, matrix, outlook
from training.domain.standing import Standing, Status, standing

TODAY = date(2026, 3, 31)


def slow_cell(completed):
    """Day by day, as one would with a paper calendar: on each day, does any certificate still count?"""

    def counts(day):
        return any(done <= TODAY and (months is None or day < add_months(done, months)) for done, months in completed)

    if not any(done <= TODAY for done, _ in completed):
        return Standing(Status.MISSING)
    if any(done <= TODAY and months is None for done, months in completed):
        return Standing(Status.CURRENT)
    if not counts(TODAY):
        past = [TODAY - timedelta(days=days) for days in range(1, 4000)]
        return Standing(Status.LAPSED, next(day for day in past if counts(day)) + timedelta(days=1))
    lapse = next(day for day in (TODAY + timedelta(days=days) for days in range(4000)) if not counts(day))
    return Standing(Status.EXPIRING if (lapse - TODAY).days <= 60 else Status.CURRENT, lapse)


COMPLETED = st.lists(
    st.tuples(st.dates(date(2020, 1, 1), date(2026, 12, 31)), st.none() | st.integers(1, 60)), max_size=4
)


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(1, 5), st.sampled_from("abcde")), COMPLETED))
def test_matrix_agrees_with_a_slow_calculation(completed):
    table = matrix(range(1, 6), "abcd", completed, TODAY)
    assert table == {
        member: {code: slow_cell(completed.get((member, code), [])) for code in "abcd"} for member in range(1, 6)
    }


@given(st.lists(COMPLETED, max_size=6))
def test_the_outlook_is_what_each_month_would_show_if_nobody_trains(all_completed):
    then = [add_months(TODAY, months) for months in range(13)]
    cells = [standing(completed, TODAY) for completed in all_completed]
    known = [[each for each in completed if each[0] <= TODAY] for completed in all_completed]
    assert outlook(cells, TODAY) == [
        sum(standing(completed, day).status in {Status.CURRENT, Status.EXPIRING} for completed in known) for day in then
    ]


def test_gaps_are_subjects_with_few_trained_now_or_in_sixty_days():
    current, soon = Standing(Status.CURRENT), Standing(Status.EXPIRING, TODAY + timedelta(days=9))
    found = gaps(
        {
            "enough": [current] * (FEW_TRAINED + 1),
            "enough until somebody lapses": [current] * FEW_TRAINED + [soon],
            "nobody": [Standing(Status.LAPSED, TODAY), Standing(Status.MISSING)],
        }
    )
    assert found == [Gap("nobody", 0, ()), Gap("enough until somebody lapses", FEW_TRAINED + 1, (soon.lapses_on,))]
