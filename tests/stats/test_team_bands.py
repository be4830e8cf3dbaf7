"""What a reader can work out about applications and endings, who has every public figure and knows the sums exactly."""

from collections import defaultdict
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.domain.states import OUTCOMES, ApplicationState
from stats.domain import team_bands
from stats.domain.report import Outcome, OutcomeBand, Report, TeamFigures
from tests.stats.sample import REPORT, TEAM

TOGETHER = ("all", "All")
counts = st.integers(0, 60)


def lines(*numbers: int) -> list[Outcome]:
    return [Outcome(f"c{i}", f"C{i}", number) for i, number in enumerate(numbers)]


def released(numbers: tuple[int, ...]) -> tuple[OutcomeBand, ...]:
    return team_bands.in_bands(lines(*numbers), together=TOGETHER)


def team(applications: tuple[int, ...] = (0, 0, 0, 0, 0), de_selections: int = 0, departures: int = 0) -> TeamFigures:
    outcomes = tuple(Outcome(code, code, n) for code, n in zip(OUTCOMES, applications, strict=True))
    return replace(TEAM, applications=outcomes, de_selections=de_selections, departures=departures)


@pytest.mark.parametrize(("parts", "most"), [(2, 45), (4, 12)])
def test_whoever_knows_the_sum_exactly_can_narrow_down_no_small_line(parts: int, most: int) -> None:
    """Every list there can be: what is compatible with what was released and with the sum leaves each line open."""
    possible: dict[object, list[set[int]]] = defaultdict(lambda: [set() for _ in range(parts)])
    for numbers in product(range(most + 1), repeat=parts):
        for values, number in zip(possible[released(numbers), sum(numbers)], numbers, strict=True):
            values.add(number)
    for (bands, total), values in possible.items():
        if len(bands) == parts and parts > 1:
            assert min(map(min, values)) >= 10
        elif total <= most:  # beyond, the lists tried here don't have all that are possible
            assert all(set(range(min(total, 9) + 1)) <= each for each in values)


@given(counts, st.lists(counts, min_size=5, max_size=5), st.randoms())
def test_a_list_with_a_small_line_tells_its_sum_alone(small: int, rest: list[int], random) -> None:  # type: ignore[no-untyped-def]
    numbers = [small % 10, *rest]
    moved = list(numbers)
    for _ in range(20):
        source, target = random.sample(range(1, len(moved)), 2)
        step = random.randint(0, moved[source])
        moved[source], moved[target] = moved[source] - step, moved[target] + step
    assert sum(moved) == sum(numbers)
    assert released(tuple(numbers)) == released(tuple(moved))
    assert len(released(tuple(numbers))) == 1


@given(st.lists(counts, min_size=1, max_size=6))
def test_bands_are_of_ten_and_hold_the_number(numbers: list[int]) -> None:
    bands = released(tuple(numbers))
    assert all(band.lo % 10 == 0 and band.hi == band.lo + 9 for band in bands)
    whole = len(bands) == 1 and len(numbers) > 1
    for band, number in zip(bands, [sum(numbers)] if whole else numbers, strict=True):
        assert band.lo <= number <= band.hi


def test_who_was_accepted_is_never_added_to_the_others() -> None:
    """The roster tells who was accepted: nine accepted and a sum of 0 to 9 would say that nobody was declined."""
    assert team_bands.ACCEPTED == ApplicationState.CONDITIONAL
    for accepted in range(30):
        applications = team_bands.public_figures(team((accepted, 0, 1, 0, 0))).applications
        assert applications is not None
        own, others = applications
        assert (own.code, others.code) == ("conditional", "not_accepted")
        assert isinstance(others, OutcomeBand) and (others.lo, others.hi) == (0, 9)


def test_one_declined_reads_as_one_withdrawn_and_as_nobody() -> None:
    declined, withdrawn = team((2, 0, 1, 0, 0)), team((2, 0, 0, 1, 0))
    assert team_bands.public_figures(declined) == team_bands.public_figures(withdrawn)
    assert team_bands.public_figures(declined) == team_bands.public_figures(team())


def test_the_exact_number_of_ended_members_tells_no_reason() -> None:
    """Members who have ended are an exact figure: this year's less last year's is the sum of both reasons."""
    for ended in range(10):
        seen = {str(team_bands.public_figures(team((0,) * 5, ended - left, left))) for left in range(ended + 1)}
        assert len(seen) == 1


def test_large_lists_keep_their_lines() -> None:
    figures = team_bands.public_figures(team((12, 10, 34, 11, 19), de_selections=10, departures=27))
    bands = [*figures.applications, *figures.endings]  # type: ignore[misc]
    assert [(band.code, band.lo) for band in bands if isinstance(band, OutcomeBand)] == [
        ("conditional", 10), ("waiting_list", 10), ("declined", 30), ("withdrawn", 10), ("abandoned", 10),
        ("de_selections", 10), ("departures", 20),
    ]  # fmt: skip


@given(st.tuples(counts, counts, counts, counts, counts), counts, counts)
def test_the_public_figures_have_no_exact_one(applications: tuple[int, ...], selected: int, left: int) -> None:
    figures = team_bands.public_figures(team(applications, selected, left))
    assert figures.de_selections is None and figures.departures is None
    assert all(isinstance(each, OutcomeBand) for each in (*figures.applications, *figures.endings))  # type: ignore[misc]
    stored = Report.from_dict(replace(REPORT, team=figures).as_dict())
    assert stored.team == figures


@given(st.tuples(counts, counts, counts, counts, counts), counts, counts)
def test_a_year_that_goes_on_tells_nothing_of_them(applications: tuple[int, ...], selected: int, left: int) -> None:
    """Looked at today and tomorrow, even a band would tell on which day the tenth was decided."""
    shown = team_bands.public_figures_so_far(team(applications, selected, left))
    assert shown == team_bands.public_figures_so_far(team())


def test_what_an_older_report_lacks_stays_out() -> None:
    old = replace(TEAM, de_selections=None, departures=None, applications=None)
    assert team_bands.public_figures(old) == old
