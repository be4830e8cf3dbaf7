"""Members' keys."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from peersupport.audit.remembered import Remembered
from peersupport.sealing import host_secret

from .. import key_confirmation
from ..domain.states import KEY_STATES_TO_CONFIRM, KeyState, key_state
from ..key_confirmation import ConfirmedKey
from ..models import MemberKey, User

CONFIRMED = ("member_id", "member__user_id", "pk", "public_key", "confirmation")
STATE = ("member_id", "member__user_id", "pk", "public_key", "recovery_checked", "confirmed_by_id", "confirmation")


def current_key_of(user: User) -> MemberKey | None:
    """The current key of somebody who is signed in or about to be."""
    return MemberKey.objects.filter(member__user=user, is_retired=False).first()


def key_by_id(key_id: int) -> MemberKey | None:
    return MemberKey.objects.filter(pk=key_id).first()


def members_with_key_to_confirm() -> Mapping[int, KeyState]:
    """The members who wait for a coordinator to compare the four words with them: by id, the state of their key."""
    return _to_confirm.at(timezone.now())


def verified_keys() -> dict[int, tuple[int, bytes]]:
    """By member id: the number and the public half of each key that is, unchanged, what a coordinator confirmed."""
    secrets = host_secret.known()
    keys = MemberKey.objects.filter(is_retired=False, confirmed_on__isnull=False)
    return {
        member_id: (key_id, bytes(public_key))
        for member_id, user_id, key_id, public_key, confirmation in keys.values_list(*CONFIRMED)
        if key_confirmation.verifies(
            bytes(confirmation), ConfirmedKey(member_id, user_id, key_id, bytes(public_key)), secrets
        )
    }


def states_of(keys: QuerySet[MemberKey]) -> dict[int, KeyState]:
    """The state of each of these keys, by its member's id. From no whole models: a team may be large."""
    secrets, states = host_secret.known(), {}
    for member_id, user_id, key_id, public_key, is_checked, confirmed_by, confirmation in keys.values_list(*STATE):
        says, is_confirmed = ConfirmedKey(member_id, user_id, key_id, bytes(public_key)), confirmed_by is not None
        is_verified = is_confirmed and key_confirmation.verifies(bytes(confirmation), says, secrets)
        states[member_id] = key_state(is_checked=is_checked, is_confirmed=is_confirmed, is_verified=is_verified)
    return states


def _read_to_confirm(_now: datetime) -> Mapping[int, KeyState]:
    states = states_of(MemberKey.objects.filter(is_retired=False, recovery_checked=True))
    return {member_id: state for member_id, state in states.items() if state in KEY_STATES_TO_CONFIRM}


# The rail asks it on every page. For a minute, and not for a day: somebody may write another key over a confirmed one.
_to_confirm = Remembered(_read_to_confirm)
