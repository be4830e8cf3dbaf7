"""Who can serve: each reason not to, one by one; and the other lists of members and users."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peersupport.access.permissions import Permission, Role
from peersupport.team.domain.states import KeyState, MembershipState
from peersupport.team.models import Member, MemberKey, Pause, User
from peersupport.team.queries import accounts, counts, eligibility, member_keys, members
from tests.cast import LONG_AGO, make_member, make_user, take_back_confirmations, take_off_call

TODAY = date(2026, 3, 10)
DAY = timedelta(days=1)


def change(**fields: object) -> Callable[[Member], object]:
    return lambda member: Member.objects.filter(pk=member.pk).update(**fields)


def change_user(**fields: object) -> Callable[[Member], object]:
    return lambda member: User.objects.filter(pk=member.user_id).update(**fields)


def change_key(**fields: object) -> Callable[[Member], object]:
    return lambda member: MemberKey.objects.filter(member=member).update(**fields)


def pausing(**fields: object) -> Callable[[Member], object]:
    return lambda member: Pause.objects.create(member=member, since=LONG_AGO, **fields)


@pytest.mark.parametrize(
    ("make_change", "can_serve", "is_public"),
    [
        (change(), True, True),
        (take_off_call, True, True),
        (pausing(back_on=TODAY + DAY), False, True),
        (pausing(back_on=TODAY), True, True),
        (pausing(back_on=TODAY + DAY, ended_at=LONG_AGO), True, True),
        (change(state=MembershipState.IN_TRAINING), False, False),
        (change(state=MembershipState.ENDED, ended_on=TODAY, end_reason="own_wish"), False, False),
        (change(leave_from=TODAY), False, False),
        (change(leave_from=TODAY - DAY, leave_until=TODAY), False, False),
        (change(leave_from=TODAY - 9 * DAY, leave_until=TODAY - DAY), True, True),
        (change(leave_from=TODAY + DAY), True, True),
        (change_user(is_active=False), False, False),
        (change_user(is_member=False), False, False),
        (change_key(is_retired=True, sealed_by_password=b"", sealed_by_recovery=b"", confirmation=b""), False, False),
        (change_key(confirmed_by=None, confirmed_on=None, confirmation=b""), False, True),
        (change_key(confirmation=b""), False, True),
        (change_key(recovery_checked=False), False, True),
    ],
)
def test_each_reason_keeps_a_member_from_serving(
    ana: Member, ben: Member, make_change: Callable[[Member], object], can_serve: bool, is_public: bool
) -> None:
    make_change(ana)
    assert set(eligibility.members_who_can_serve(TODAY)) == ({ana, ben} if can_serve else {ben})
    assert set(eligibility.public_roster(TODAY)) == ({ana, ben} if is_public else {ben})


def test_members_who_can_serve_come_with_their_names_in_four_queries(ana: Member, ben: Member) -> None:
    MemberKey.objects.create(member=ana, public_key=b"old", is_retired=True)
    with CaptureQueriesContext(connection) as made:
        found = [member.user.name for member in eligibility.members_who_can_serve(TODAY).order_by("pk")]
    assert len(made) == 4
    assert found == [ana.user.name, ben.user.name]


def test_member_for_finds_only_current_members(ana: Member, coordinator: User) -> None:
    assert members.member_for(ana.user) == ana
    assert members.member_for(coordinator) is None
    User.objects.filter(pk=ana.user_id).update(is_member=False)
    assert members.member_for(ana.user) is None


def test_users_with_permission(ana: Member, coordinator: User, director: User, designee: User, operator: User) -> None:
    assert accounts.users_with_permission(Permission.SEE_WAITING) == [coordinator, director, designee]
    assert accounts.users_with_permission(Permission.SUPPORT) == [ana.user]
    assert accounts.users_with_permission(Permission.MANAGE_ACCOUNTS) == [operator]
    User.objects.update(is_active=False)
    assert accounts.users_with_permission(Permission.SEE_WAITING) == []


def test_counts_for_the_yearly_report(ana: Member, ben: Member) -> None:
    make_member("Cleo", state=MembershipState.IN_TRAINING, designated_on=None)
    assert counts.members_by_state() == {"in_training": 1, "designated": 2, "ended": 0}
    assert counts.designations_between(date(2026, 1, 1), date(2026, 12, 31)) == 2
    assert counts.designations_between(date(2026, 1, 16), date(2026, 12, 31)) == 0


def test_keys_to_confirm_are_only_checked_ones(ana: Member, ben: Member) -> None:
    assert member_keys.members_with_key_to_confirm() == {}
    take_back_confirmations(member=ana)
    change_key(public_key=bytes(32))(ben)
    both = {ana.pk: KeyState.UNCONFIRMED, ben.pk: KeyState.UNVERIFIED}
    assert member_keys.members_with_key_to_confirm() == both
    change_key(recovery_checked=False)(ana)
    assert member_keys.members_with_key_to_confirm() == {ben.pk: KeyState.UNVERIFIED}


def test_deactivated_account_has_no_roles(db: None) -> None:
    user = make_user("Rita", Role.COORDINATOR, Role.MEMBER)
    assert user.roles == {Role.COORDINATOR, Role.MEMBER}
    user.is_active = False
    assert user.roles == set()
