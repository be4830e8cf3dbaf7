"""The name and roles of an account. Becoming a member and leaving the team are actions of their own."""

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peersupport.access.permissions import Role, are_compatible, roles_changeable_by
from peersupport.audit import actions as audit
from peersupport.core.errors import Refused

from ..models import Invitation, User
from . import sessions
from .invitations import delete_invitation, may_take_back

NEEDED = {
    Role.COORDINATOR: gettext_lazy("The program needs a coordinator. Give someone else this role first."),
    Role.OPERATOR: gettext_lazy("Someone has to run the server. Give someone else this role first."),
}


@transaction.atomic
def change_account(*, user_id: int, name: str, roles: Collection[Role], by: User) -> None:
    """Set the name and roles. Roles that `by` may not change stay; an account left without a role is deactivated.

    Raises Refused, and User.DoesNotExist for an account that is deactivated already.
    """
    users = _locked(user_id, by.pk)
    user, giver = users[user_id], users[by.pk]
    if user == giver:
        raise Refused(_("You can't change your own roles. Ask someone else to do it."))
    may_change = roles_changeable_by(giver.roles)
    if not set(roles) <= may_change:
        raise Refused(_("You can't give these roles."))
    old_roles, new_roles = user.roles, frozenset(roles) | (user.roles - may_change)
    if not are_compatible(new_roles):
        raise Refused(_("The operator, who runs the server, can't have another role."))
    for role in old_roles - new_roles:
        if role in NEEDED and not any(role in other.roles for other in users.values() if other != user):
            raise Refused(NEEDED[role])
    if name != user.name:
        audit.record(action="account_renamed", by=by.pk, about=f"user:{user_id}")
    for role in sorted(old_roles ^ new_roles, key=lambda role: role.value):
        setattr(user, f"is_{role.value}", role in new_roles)
        change = "given" if role in new_roles else "taken"
        audit.record(action=f"role_{role.value}_{change}", by=by.pk, about=f"user:{user_id}")
    if (name, new_roles) == (user.name, old_roles):
        return
    user.name, user.is_active = name, bool(new_roles)
    user.save()
    if not user.is_active:
        sessions.end_all(user_id=user_id)
    invitation = Invitation.objects.filter(email=user.email).first()
    if invitation and not user.is_active and may_take_back(invitation, giver):
        delete_invitation(user.email)


def _locked(*user_ids: int) -> dict[int, User]:
    """These users and all holders of a needed role, by id; locked in one order, so that there is no deadlock."""
    wanted = Q(pk__in=user_ids) | Q(is_coordinator=True) | Q(is_operator=True)
    locked = User.objects.select_for_update(no_key=True).filter(wanted, is_active=True).order_by("pk")
    users = {user.pk: user for user in locked}
    if not set(user_ids) <= set(users):
        raise User.DoesNotExist
    return users
