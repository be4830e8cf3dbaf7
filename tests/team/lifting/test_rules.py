"""Who lifts a second factor, and when: every pair of states, every pair of roles."""

from datetime import UTC, datetime, timedelta
from itertools import combinations, product

import pytest

from peersupport.access.permissions import Role, are_compatible
from peersupport.core.errors import Refused
from peersupport.team.domain import lifting
from peersupport.team.domain.lifting import LIFTING, OFFICES, Lift, LiftState, due_state, takes_effect_at, two_offices

ASKED_AT = datetime(2026, 11, 30, 2, 30, tzinfo=UTC)
ASKED = Lift(LiftState.ASKED, ASKED_AT)
SECONDED = Lift(LiftState.SECONDED, ASKED_AT, ASKED_AT)
MOVES = {
    (LiftState.ASKED, LiftState.SECONDED),
    (LiftState.ASKED, LiftState.CANCELED),
    (LiftState.ASKED, LiftState.LAPSED),
    (LiftState.SECONDED, LiftState.LIFTED),
    (LiftState.SECONDED, LiftState.CANCELED),
    (LiftState.SECONDED, LiftState.LAPSED),
}
ROLE_SETS = [
    frozenset(roles) for size in range(len(Role) + 1) for roles in combinations(Role, size) if are_compatible(roles)
]


@pytest.mark.parametrize(("state", "to"), list(product(LiftState, LiftState)))
def test_every_pair_of_states(state: LiftState, to: LiftState) -> None:
    if (state, to) in MOVES:
        LIFTING.check(state, to)
    else:
        with pytest.raises(Refused):
            LIFTING.check(state, to)
    assert (state in lifting.OPEN) == bool(LIFTING.moves[state])


def test_the_offices() -> None:
    assert set(OFFICES) == {Role.OPERATOR, Role.COORDINATOR, Role.CLINICAL_DIRECTOR}


def test_two_offices_for_every_pair_of_people() -> None:
    for first, second in product(ROLE_SETS, ROLE_SETS):
        pair = two_offices(first, second)
        if pair is None:
            held = (first | second) & set(OFFICES)
            assert not (first & set(OFFICES) and second & set(OFFICES)) or len(held) == 1
        else:
            assert pair[0] in first and pair[1] in second and pair[0] != pair[1] and set(pair) <= set(OFFICES)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({Role.COORDINATOR}, {Role.COORDINATOR}),
        ({Role.COORDINATOR}, {Role.DESIGNEE}),
        ({Role.COORDINATOR}, {Role.MEMBER}),
        ({Role.COORDINATOR, Role.CLINICAL_DIRECTOR}, set()),
        ({Role.COORDINATOR, Role.CLINICAL_DIRECTOR}, {Role.DESIGNEE}),
    ],
)
def test_these_are_not_two(first: set[Role], second: set[Role]) -> None:
    assert two_offices(first, second) is two_offices(second, first) is None


def test_whoever_holds_two_counts_for_the_other_one() -> None:
    both = {Role.COORDINATOR, Role.CLINICAL_DIRECTOR}
    assert two_offices({Role.COORDINATOR}, both) == (Role.COORDINATOR, Role.CLINICAL_DIRECTOR)
    assert two_offices(both, {Role.COORDINATOR}) == (Role.CLINICAL_DIRECTOR, Role.COORDINATOR)


@pytest.mark.parametrize(
    ("seconded", "lifted"), [("18:00:00", "18:00"), ("18:00:01", "18:30"), ("18:18:00", "18:30"), ("23:45:00", "00:00")]
)
def test_it_takes_effect_when_a_round_does_it(seconded: str, lifted: str) -> None:
    at = datetime.fromisoformat(f"2026-12-01T{seconded}+00:00")
    takes_effect = takes_effect_at(at)
    assert takes_effect.strftime("%H:%M:%S") == f"{lifted}:00"
    assert timedelta(hours=24) <= takes_effect - at < timedelta(hours=24, minutes=30)


@pytest.mark.parametrize(
    ("lift", "after", "state"),
    [
        (ASKED, timedelta(days=7) - timedelta(seconds=1), None),
        (ASKED, timedelta(days=7), LiftState.LAPSED),
        (SECONDED, timedelta(hours=24) - timedelta(seconds=1), None),
        (SECONDED, timedelta(hours=24), LiftState.LIFTED),
        (SECONDED, timedelta(days=30), LiftState.LIFTED),  # no round ran: the owner had their day all the same
        (Lift(LiftState.ASKED, ASKED_AT, is_owner_as_asked=False), timedelta(), LiftState.LAPSED),
        (Lift(LiftState.ASKED, ASKED_AT, are_in_office=False), timedelta(), LiftState.LAPSED),
        (Lift(LiftState.SECONDED, ASKED_AT, ASKED_AT, is_owner_as_asked=False), timedelta(days=2), LiftState.LAPSED),
        (Lift(LiftState.SECONDED, ASKED_AT, ASKED_AT, are_in_office=False), timedelta(days=2), LiftState.LAPSED),
    ],
)
def test_what_time_brings(lift: Lift, after: timedelta, state: LiftState | None) -> None:
    assert due_state(lift, ASKED_AT + after) == state
