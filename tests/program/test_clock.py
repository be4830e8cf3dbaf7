"""A clock that jumps erases nothing and closes nothing, until it has gone on evenly for a day."""

from datetime import UTC, datetime, timedelta

import pytest

from operations.doctor.domain import times
from operations.doctor.reading import tables
from peersupport.program import actions, queries
from peersupport.program.domain.clock import Seen, begins

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def rounds(seen: Seen, *, first: datetime, last: datetime, every: timedelta = HOUR) -> Seen:
    at = first
    while at <= last:
        seen, at = seen.at(at), at + every
    return seen


def test_from_the_first_round_on_a_clock_is_believed() -> None:
    assert begins(NOON).is_steady(NOON) and begins(NOON).is_steady(NOON + DAY)


@pytest.mark.parametrize("ahead", [MINUTE, HOUR, 23 * HOUR])
@pytest.mark.fault(
    "Clock",
    "Jumps ahead by less than a day, or a night has no rounds",
    people="nothing",
    heals="nothing has to",
)
def test_a_night_without_a_worker_and_an_hour_ahead_change_nothing(ahead: timedelta) -> None:
    seen = begins(NOON).at(NOON + ahead)
    assert seen.is_steady(NOON + ahead) and seen.steady_since == NOON - DAY


@pytest.mark.parametrize("ahead", [25 * HOUR, 46 * DAY, 365 * DAY])
def test_a_jump_is_seen_before_the_first_round_after_it_and_waits_for_a_day(ahead: timedelta) -> None:
    there = NOON + ahead
    assert not begins(NOON).is_steady(there)
    seen = begins(NOON).at(there)
    assert not seen.is_steady(there)
    seen = rounds(seen, first=there, last=there + 23 * HOUR)
    assert not seen.is_steady(there + 23 * HOUR)
    assert rounds(seen, first=there + DAY, last=there + DAY).is_steady(there + DAY)


def test_a_clock_that_is_set_right_again_waits_for_a_day_too() -> None:
    ahead = begins(NOON).at(NOON + 46 * DAY)
    back = ahead.at(NOON + HOUR)
    assert not ahead.is_steady(NOON + HOUR) and not back.is_steady(NOON + HOUR)
    assert rounds(back, first=NOON + HOUR, last=NOON + 25 * HOUR).is_steady(NOON + 25 * HOUR)


@pytest.mark.fault(
    "Clock",
    "Two hosts differ: by up to an hour, or by more",
    people="by up to an hour nothing; by more, nothing that is over is ever erased",
    heals="by up to an hour nothing has to; by more, by the operator: `doctor` says it",
)
def test_two_hosts_a_few_minutes_apart_agree_and_two_that_are_days_apart_never_do() -> None:
    seen = begins(NOON)
    for minute in range(60):
        seen = seen.at(NOON + minute * MINUTE).at(NOON + minute * MINUTE - 5 * MINUTE)
    assert seen == Seen(NOON + 59 * MINUTE, NOON - DAY)
    for minute in range(3 * 24 * 60):
        seen = seen.at(NOON + HOUR + minute * MINUTE).at(NOON + 2 * DAY + minute * MINUTE)
    assert not seen.is_steady(NOON + 3 * DAY) and not seen.is_steady(NOON + 5 * DAY)


@pytest.mark.django_db
def test_the_rounds_note_it_to_the_minute_and_say_once_that_it_jumped(caplog: pytest.LogCaptureFixture) -> None:
    assert queries.is_clock_steady(NOON), "before the first round there is nothing to compare with"
    for at in (NOON, NOON + timedelta(seconds=61), NOON + 46 * DAY, NOON + 46 * DAY + MINUTE):
        actions.note_clock(now=at)
    assert queries.clock_seen() == Seen(NOON + 46 * DAY + MINUTE, NOON + 46 * DAY)
    assert not queries.is_clock_steady(NOON + 46 * DAY + MINUTE)
    assert [record.message for record in caplog.records].count(
        "the clock has jumped, or no worker ran for a day: nothing is erased or closed by it for a day"
    ) == 1


@pytest.mark.django_db
def test_a_clock_that_jumped_is_told_until_a_day_of_rounds_is_over() -> None:
    now = NOON
    assert tables.clock_waits_until(now) is None
    actions.note_clock(now=now)
    assert tables.clock_waits_until(now) is None
    jumped = now + 46 * DAY
    actions.note_clock(now=jumped)
    waits_until = tables.clock_waits_until(jumped + HOUR)
    assert waits_until == jumped + DAY
    (finding,) = times.clock_findings(is_synchronized=True, database_ahead=timedelta(), waits_until=waits_until)
    assert finding.code == "jumped" and finding.values["at"] == times.said(waits_until)
