"""Members' keys."""

from .. import key_confirmation
from ..domain.states import KEY_STATES_TO_CONFIRM, KeyState, key_state
from ..key_confirmation import ConfirmedKey
from ..models import MemberKey, User


def current_key_of(user: User) -> MemberKey | None:
    """The current key of somebody who is signed in or about to be."""
    return MemberKey.objects.filter(member__user=user, is_retired=False).first()


def key_by_id(key_id: int) -> MemberKey | None:
    return MemberKey.objects.filter(pk=key_id).first()


def members_with_key_to_confirm() -> dict[int, KeyState]:
    """The members who wait for a coordinator to compare the four words with them: by id, the state of their key."""
    keys = MemberKey.objects.filter(is_retired=False, recovery_checked=True)
    rows = keys.values_list("member_id", "member__user_id", "pk", "public_key", "confirmed_on", "confirmation")
    states = {}  # from no whole models: the rail asks this on every page
    for member_id, user_id, key_id, public_key, confirmed_on, confirmation in rows:
        is_verified = confirmed_on is not None and key_confirmation.verifies(
            bytes(confirmation), ConfirmedKey(member_id, user_id, key_id, bytes(public_key))
        )
        states[member_id] = key_state(is_checked=True, is_confirmed=confirmed_on is not None, is_verified=is_verified)
    return {member_id: state for member_id, state in states.items() if state in KEY_STATES_TO_CONFIRM}
