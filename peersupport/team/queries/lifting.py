"""Second factors that are lost, and where their lifting stands."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db.models import Q, QuerySet

from peersupport.access.permissions import Role

from ..domain import lifting as rules
from ..domain.lifting import Lift, LiftState
from ..models import FactorLift, Member, User
from . import accounts


def factors_of(user_id: int) -> list[int]:
    """The numbers of everything that opens this account besides its password, printed codes included."""
    return list(Authenticator.objects.filter(user=user_id).order_by("pk").values_list("pk", flat=True))


def accounts_with_factor(search: str = "") -> QuerySet[User]:
    """Everybody who may sign in and has an app, a passkey or a security key, by name."""
    factors = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    return accounts.active_accounts(search).filter(pk__in=factors.values("user"))


def has_factor(user: User) -> bool:
    return accounts_with_factor().filter(pk=user.pk).exists()


def open_lifts() -> QuerySet[FactorLift]:
    return (
        FactorLift.objects.filter(state__in=rules.OPEN)
        .select_related("user", "asked_by", "seconded_by")
        .order_by("asked_at", "pk")
    )


def open_lift_of(user: User) -> FactorLift | None:
    return open_lifts().filter(user=user).first()


def has_asked_enough(asker: User, user_id: int, now: datetime) -> bool:
    """Whether this person can't ask for this account again before tomorrow. What others asked doesn't count."""
    asked = FactorLift.objects.filter(user=user_id, asked_by=asker, asked_at__gt=now - rules.DAY)
    return asked.count() >= rules.MOST_IN_A_DAY


def going_on_of(user: User, now: datetime) -> FactorLift | None:
    """The open lifting, unless it is over by now though no round has said so yet."""
    lift = open_lift_of(user)
    return lift if lift is not None and rules.due_state(as_it_stands(lift), now) is None else None


def to_second_by(user: User, now: datetime) -> list[FactorLift]:
    """What waits for a second person who could be this one."""
    asked = open_lifts().filter(state=LiftState.ASKED).exclude(user=user).exclude(asked_by=user)
    return [
        lift
        for lift in (asked if rules.holds_office(user.roles) else ())
        if rules.two_offices(lift.asked_by.roles, user.roles) and rules.due_state(as_it_stands(lift), now) is None
    ]


def lift_by_token_hash(token_hash: str) -> FactorLift | None:
    """The open lifting behind a link to its owner."""
    return open_lifts().filter(Q(token_hash=token_hash) | Q(second_token_hash=token_hash)).first()


def who_could_second(owner: User, asker: User) -> list[int]:
    """The ids of those who hold another office than the one who asks."""
    people = User.objects.filter(is_active=True).exclude(pk__in=(owner.pk, asker.pk)).order_by("pk")
    return [user.pk for user in people if rules.two_offices(asker.roles, user.roles)]


def member_id_of(user_id: int) -> int | None:
    return Member.objects.filter(user=user_id, user__is_member=True).values_list("pk", flat=True).first()


def as_it_stands(lift: FactorLift) -> Lift:
    """The lifting with what has become of its people. Its users are as they were fetched."""
    owner, asked_by, seconded_by = lift.user, lift.asked_by, lift.seconded_by
    if seconded_by is None:
        are_in_office = rules.holds_office(asked_by.roles)
    else:
        are_in_office = rules.two_offices(asked_by.roles, seconded_by.roles) is not None
    is_owner_as_asked = (
        owner.is_active
        and lift.factors == factors_of(owner.pk)
        and {role.value for role in owner.roles} <= set(lift.roles)
    )
    return Lift(
        LiftState(lift.state),
        lift.asked_at,
        lift.seconded_at,
        is_owner_as_asked=is_owner_as_asked,
        are_in_office=are_in_office,
    )


def role_codes(user: User) -> list[str]:
    return [role.value for role in Role if role in user.roles]
