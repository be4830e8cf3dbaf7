"""Whether somebody can serve: the one query that matching, statistics and every page ask.

A member can serve when all of these hold. Where one fails, it is the reason that a page gives:

- they are designated (`Member.state`), and their account is active and a member's;
- they are not on leave (`Member.is_on_leave`);
- their term has not ended (`Member.has_term_ended`);
- their key is confirmed, the confirmation verifies, and its recovery code was typed back (`Member.key_state`);
- they are not on a pause (`availability.current_pause`).
"""

from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from .. import key_confirmation
from ..domain.states import MembershipState
from ..key_confirmation import ConfirmedKey
from ..models import Member, MemberKey, Pause
from .members import prefetch_current_key


def members_who_can_serve(today: date) -> QuerySet[Member]:
    """Members who may be offered a request today, as far as the team knows."""
    return present_with_working_key(today).exclude(pk__in=pauses_on(today).values("member_id"))


def can_serve(member: Member) -> bool:
    """Whether this member may be offered a request today, as far as the team knows."""
    return members_who_can_serve(timezone.localdate()).filter(pk=member.pk).exists()


def present_with_working_key(today: date) -> QuerySet[Member]:
    """Members who can serve today, or could if they weren't on a pause. Reads the keys first, to verify them."""
    keys = MemberKey.objects.filter(is_retired=False, confirmed_on__isnull=False, recovery_checked=True)
    stored = keys.values_list("member_id", "member__user_id", "pk", "public_key", "confirmation")  # no whole models
    verified = [
        member_id
        for member_id, user_id, key_id, public_key, confirmation in stored
        if key_confirmation.verifies(bytes(confirmation), ConfirmedKey(member_id, user_id, key_id, bytes(public_key)))
    ]
    return designated_and_present(today).filter(pk__in=verified)


def designated_and_present(today: date) -> QuerySet[Member]:
    """Designated members who are not on leave and whose term has not ended, with or without a working key."""
    on_leave = Q(leave_from__lte=today) & (Q(leave_until__isnull=True) | Q(leave_until__gte=today))
    return (
        prefetch_current_key(Member.objects)
        .filter(state=MembershipState.DESIGNATED, user__is_active=True, user__is_member=True)
        .exclude(on_leave)
        .exclude(term_ends_on__lte=today)
    )


def public_roster(today: date) -> QuerySet[Member]:
    """Members named on the public team page: designated and present, by name."""
    return designated_and_present(today).prefetch_related(None).order_by("user__name", "pk")


def pauses_on(today: date) -> QuerySet[Pause]:
    """Pauses that last beyond today and were not ended early."""
    return Pause.objects.filter(Q(back_on__isnull=True) | Q(back_on__gt=today), ended_at__isnull=True)


def unreachable() -> set[int]:
    """The ids of the members who were made unavailable because they can't get in, until they say that they are back."""
    return set(Pause.objects.filter(back_on__isnull=True).values_list("member_id", flat=True))


def confirmed_keys(today: date) -> dict[int, int]:
    """Key id by member id: the confirmed key of each designated, present member, paused or not.

    These members can still open what was sealed to that key. So it isn't asked whether the confirmation verifies:
    that decides what is sealed to a key from now on, and nobody should lose their peer over it.
    """
    present = designated_and_present(today).filter(keys__is_retired=False, keys__confirmed_on__isnull=False)
    return dict(present.values_list("pk", "keys__pk"))
