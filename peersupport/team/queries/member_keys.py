"""Members' keys."""

from ..domain.states import KEY_STATES_TO_CONFIRM, KeyState
from ..models import MemberKey, User


def current_key_of(user: User) -> MemberKey | None:
    """The current key of somebody who is signed in or about to be."""
    return MemberKey.objects.filter(member__user=user, is_retired=False).first()


def key_by_id(key_id: int) -> MemberKey | None:
    return MemberKey.objects.filter(pk=key_id).first()


def members_with_key_to_confirm() -> dict[int, KeyState]:
    """The members who wait for a coordinator to compare the four words with them: by id, the state of their key."""
    keys = MemberKey.objects.filter(is_retired=False, recovery_checked=True).select_related("member")
    return {key.member_id: state for key in keys if (state := key.state) in KEY_STATES_TO_CONFIRM}
