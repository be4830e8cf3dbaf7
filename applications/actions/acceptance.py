"""The border to the team: accepting a candidate invites a member.

Once the invitation is accepted, the member's own state says how far they are; it is read, never copied.
"""

from django.utils.translation import gettext as _

from peersupport.access.permissions import Role
from peersupport.core.errors import Refused
from peersupport.team.actions import invitations
from peersupport.team.domain.states import MemberKind
from peersupport.team.models import User
from peersupport.team.queries import invitations as invitations_queries
from peersupport.team.queries import members

from ..domain.states import Conflict
from ..models import Application


def invite(application: Application, by: User) -> None:
    """Invite the candidate; account and member exist only once the invitation is accepted. Raises Refused."""
    invitations.invite(
        email=application.email,
        name=application.name,
        roles=[Role.MEMBER],
        by=by,
        kind=MemberKind(application.kind),
        unit=application.unit,
        is_supervisor=Conflict.SUPERVISORY in application.conflicts,
    )


def cancel_invitation(application: Application, by: User | None) -> None:
    invitation = invitations_queries.invitation_to(application.email)
    if invitation is not None:
        invitations.cancel_invitation(invitation_id=invitation.pk, by=by)


def refuse_if_member(application: Application) -> None:
    """Raises Refused if the candidate has become a member."""
    if members.members_by_email([application.email]):
        raise Refused(_("This person is already on the team. To end their membership, go to their page on the team."))
