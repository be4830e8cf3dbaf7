"""The border to the team: accepting invites a member, and who has come in is no candidate any more.

From here on the member's own state says how far they are; it is read and never copied.
"""

from peersupport.access.permissions import Role
from peersupport.core.errors import Refused
from peersupport.team.actions import invitations
from peersupport.team.domain.states import Kind
from peersupport.team.models import User
from peersupport.team.queries import members

from ..domain.states import Conflict
from ..models import Application


def invite(application: Application, by: User) -> None:
    """The account and the member "in training" are made when the link in the invitation is followed."""
    invitations.invite(
        email=application.email,
        name=application.name,
        roles=[Role.MEMBER],
        by=by,
        kind=Kind(application.kind),
        unit=application.unit,
        is_supervisor=Conflict.SUPERVISORY in application.conflicts,
    )


def take_back(application: Application, by: User | None) -> None:
    invitation = members.invitation_to(application.email)
    if invitation is not None:
        invitations.take_back_invitation(invitation_id=invitation.pk, by=by)


def refuse_members(application: Application) -> None:
    """Raises Refused for somebody who has come in."""
    if members.members_with_addresses([application.email]):
        raise Refused("This person is on the team already. How they leave it stands on their page in the team.")
