"""The name and the roles of somebody who signs in. Becoming a member and leaving the team have ways of their own."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q

from peersupport.access.permissions import Role, can_hold, changeable_by
from peersupport.audit import actions as audit
from peersupport.core.errors import Refused

from ..models import User
from .letters import end_invitation

NEEDED = {
    Role.COORDINATOR: "The program needs a coordinator. Give somebody else this role first.",
    Role.OPERATOR: "Somebody has to run the server. Give somebody else this role first.",
}


@transaction.atomic
def change_account(*, user_id: int, name: str, roles: Collection[Role], by: User) -> None:
    """roles: those to hold from now on, of the ones that `by` may give; others stay. With none left it is switched off.

    Raises User.DoesNotExist for an account that is switched off already.
    """
    people = _locked(user_id, by.pk)
    user, giver = people[user_id], people[by.pk]
    if user == giver:
        raise Refused("Somebody else changes your own roles.")
    may_change = changeable_by(giver.roles)
    if not set(roles) <= may_change:
        raise Refused("You cannot give somebody these roles.")
    before, after = user.roles, frozenset(roles) | (user.roles - may_change)
    if not can_hold(after):
        raise Refused("Whoever runs the server cannot hold another role beside it.")
    for role in before - after:
        if role in NEEDED and not any(role in other.roles for other in people.values() if other != user):
            raise Refused(NEEDED[role])
    if name != user.name:
        audit.record(action="account_renamed", by=by.pk, about=f"user:{user_id}")
    for role in sorted(before ^ after, key=lambda role: role.value):
        setattr(user, f"is_{role.value}", role in after)
        change = "given" if role in after else "taken"
        audit.record(action=f"role_{role.value}_{change}", by=by.pk, about=f"user:{user_id}")
    user.name, user.is_active = name, bool(after)
    user.save()
    if not user.is_active:
        end_invitation(user.email)


def _locked(*user_ids: int) -> dict[int, User]:
    """These, and everybody with a role that somebody has to hold; in one order, so that none waits in a ring."""
    wanted = Q(pk__in=user_ids) | Q(is_coordinator=True) | Q(is_operator=True)
    found = {user.pk: user for user in User.objects.select_for_update().filter(wanted, is_active=True).order_by("pk")}
    if not set(user_ids) <= set(found):
        raise User.DoesNotExist
    return found
