"""Members' keys."""

from ..models import MemberKey, User


def current_key_of(user: User) -> MemberKey | None:
    """The current key of somebody who is signed in or about to be."""
    return MemberKey.objects.filter(member__user=user, is_retired=False).first()


def key_by_id(key_id: int) -> MemberKey | None:
    return MemberKey.objects.filter(pk=key_id).first()


def members_with_key_to_confirm() -> list[int]:
    """The ids of the members who wait for a coordinator to compare the four words with them."""
    keys = MemberKey.objects.filter(is_retired=False, confirmed_on__isnull=True, recovery_checked=True)
    return list(keys.values_list("member_id", flat=True))
