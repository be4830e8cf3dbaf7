"""Every pair of states: which moves are allowed, and that a refusal names nothing but the state."""

from itertools import product

import pytest

from peersupport.core.errors import Refused
from peersupport.team.domain.states import (
    END_REASON_LABELS,
    KEY_LABELS,
    MEMBER_KIND_LABELS,
    MEMBERSHIP,
    MEMBERSHIP_STATE_LABELS,
    EndReason,
    KeyState,
    MemberKind,
    MembershipState,
    key_state,
)

ALLOWED = {
    (MembershipState.IN_TRAINING, MembershipState.DESIGNATED),
    (MembershipState.IN_TRAINING, MembershipState.ENDED),
    (MembershipState.DESIGNATED, MembershipState.ENDED),
    (MembershipState.ENDED, MembershipState.IN_TRAINING),
}


@pytest.mark.parametrize(("now", "to"), list(product(MembershipState, MembershipState)))
def test_only_moves_in_the_table_are_allowed(now: MembershipState, to: MembershipState) -> None:
    if (now, to) in ALLOWED:
        MEMBERSHIP.check(now, to)
    else:
        with pytest.raises(Refused) as refused:
            MEMBERSHIP.check(now, to)
        assert refused.value.sentence.endswith(".") and "{" not in refused.value.sentence


def test_every_state_has_moves_and_a_label() -> None:
    assert set(MEMBERSHIP.moves) == set(MEMBERSHIP_STATE_LABELS) == set(MembershipState)
    assert set(END_REASON_LABELS) == set(EndReason)
    assert set(MEMBER_KIND_LABELS) == set(MemberKind)
    assert set(KEY_LABELS) == set(KeyState)


@pytest.mark.parametrize(
    ("is_checked", "is_confirmed", "is_verified", "expected"),
    [
        (False, False, False, KeyState.UNCHECKED),
        (False, True, True, KeyState.UNCHECKED),  # a renewed recovery code is typed back again
        (True, False, False, KeyState.UNCONFIRMED),
        (True, True, False, KeyState.UNVERIFIED),
        (True, True, True, KeyState.WORKING),
    ],
)
def test_key_works_only_if_its_recovery_code_was_checked_and_its_confirmation_verifies(
    is_checked: bool, is_confirmed: bool, is_verified: bool, expected: KeyState
) -> None:
    assert key_state(is_checked=is_checked, is_confirmed=is_confirmed, is_verified=is_verified) == expected
