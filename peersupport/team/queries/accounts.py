"""Accounts: who may sign in, and with which powers."""

from collections.abc import Collection, Iterable
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from peersupport.access.permissions import PERMISSIONS_OF, Permission, Role

from ..models import User


def count_with_role(roles: Collection[Role]) -> int:
    """How many active people have at least one of these roles."""
    has_role = reduce(or_, (Q(**{f"is_{role.value}": True}) for role in roles), Q(pk__in=[]))
    return User.objects.filter(has_role, is_active=True).count()


def users_with_permission(permission: Permission) -> list[User]:
    """Active users with a role that carries this permission."""
    has_role = Q(pk__in=[])
    for role in Role:
        if permission in PERMISSIONS_OF[role]:
            has_role |= Q(**{f"is_{role.value}": True})
    return list(User.objects.filter(has_role, is_active=True).order_by("pk"))


def active_accounts(search: str = "") -> QuerySet[User]:
    """Everybody who may sign in, by name. search: words that must each occur in the name or the address."""
    accounts = User.objects.filter(is_active=True).order_by("name", "pk")
    for word in search.split():
        accounts = accounts.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return accounts


def accounts_ever() -> QuerySet[User]:
    """Everybody who ever had an account, by name: those who left, too, did what they did."""
    return User.objects.order_by("name", "pk")


def active_account(user_id: int) -> User | None:
    return active_accounts().filter(pk=user_id).first()


def locked(user_ids: Iterable[int]) -> dict[int, User]:
    """These accounts, their rows locked until the caller's transaction ends, by id.

    In one order, and before members, keys and invitations: whoever locks a member first and then the account waits for
    somebody who waits for them. Rows that refer to an account, such as a notice, don't wait for it (`no_key`).
    """
    users = User.objects.select_for_update(no_key=True).filter(pk__in=set(user_ids)).order_by("pk")
    return {user.pk: user for user in users}


def active_account_of(email: str) -> User | None:
    return active_accounts().filter(email=email.lower()).first()
