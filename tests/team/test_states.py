"""Every pair of states: which moves there are, and that the sentence names no one but the state."""

from itertools import product

import pytest

from peersupport.core.errors import Refused
from peersupport.team.domain.states import (
    END_REASON_LABELS,
    KEY_LABELS,
    KIND_LABELS,
    LABELS,
    MOVES,
    EndReason,
    KeyState,
    Kind,
    State,
    check_move,
    key_state,
)

ALLOWED = {
    (State.IN_TRAINING, State.DESIGNATED),
    (State.IN_TRAINING, State.ENDED),
    (State.DESIGNATED, State.ENDED),
    (State.ENDED, State.IN_TRAINING),
}


@pytest.mark.parametrize(("now", "to"), list(product(State, State)))
def test_only_the_moves_of_the_table_are_made(now: State, to: State) -> None:
    if (now, to) in ALLOWED:
        check_move(now, to)
    else:
        with pytest.raises(Refused) as refused:
            check_move(now, to)
        assert refused.value.sentence.endswith(".") and "{" not in refused.value.sentence


def test_every_state_has_moves_and_a_label() -> None:
    assert set(MOVES) == set(LABELS) == set(State)
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
def test_key_is_matched_only_when_checked_and_confirmed(
    is_there: bool, is_checked: bool, is_confirmed: bool, expected: KeyState
) -> None:
    assert key_state(is_there=is_there, is_checked=is_checked, is_confirmed=is_confirmed) == expected
