"""Every pair of states: which moves are allowed, and that a refusal names nothing but the state."""

from itertools import product

import pytest

from peersupport.core.errors import Refused
from peersupport.team.domain.states import (
    END_REASON_LABELS,
    KEY_LABELS,
    KIND_LABELS,
    MEMBERSHIP,
    STATE_LABELS,
    EndReason,
    KeyState,
    Kind,
    State,
    key_state,
)

ALLOWED = {
    (State.IN_TRAINING, State.DESIGNATED),
    (State.IN_TRAINING, State.ENDED),
    (State.DESIGNATED, State.ENDED),
    (State.ENDED, State.IN_TRAINING),
}


@pytest.mark.parametrize(("now", "to"), list(product(State, State)))
def test_only_moves_in_the_table_are_allowed(now: State, to: State) -> None:
    if (now, to) in ALLOWED:
        MEMBERSHIP.check(now, to)
    else:
        with pytest.raises(Refused) as refused:
            MEMBERSHIP.check(now, to)
        assert refused.value.sentence.endswith(".") and "{" not in refused.value.sentence


def test_every_state_has_moves_and_a_label() -> None:
    assert set(MEMBERSHIP.moves) == set(STATE_LABELS) == set(State)
    assert set(END_REASON_LABELS) == set(EndReason)
    assert set(KIND_LABELS) == set(Kind)
    assert set(KEY_LABELS) == set(KeyState)


@pytest.mark.parametrize(
    ("is_there", "is_checked", "is_confirmed", "expected"),
    [
        (False, False, False, KeyState.NONE),
        (True, False, False, KeyState.UNCHECKED),
        (True, False, True, KeyState.UNCHECKED),  # a renewed recovery code is typed back again
        (True, True, False, KeyState.UNCONFIRMED),
        (True, True, True, KeyState.CONFIRMED),
    ],
)
def test_key_is_confirmed_only_after_its_recovery_code_was_checked(
    is_there: bool, is_checked: bool, is_confirmed: bool, expected: KeyState
) -> None:
    assert key_state(is_there=is_there, is_checked=is_checked, is_confirmed=is_confirmed) == expected
