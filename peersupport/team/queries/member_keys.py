"""Members' keys."""

from ..models import MemberKey, User


def current_key_of(user: User) -> MemberKey | None:
    """The current key of somebody who is signed in or about to be."""
    return MemberKey.objects.filter(member__user=user, is_retired=False).first()


def key_by_id(key_id: int) -> MemberKey | None:
    return MemberKey.objects.filter(pk=key_id).first()


def count_keys_to_confirm() -> int:
    """How many members wait for a coordinator to compare the four words with them."""
    return MemberKey.objects.filter(is_retired=False, confirmed_on__isnull=True, recovery_checked=True).count()
