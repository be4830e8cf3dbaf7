"""Deciding an application, with a letter that was previewed before it leaves."""

from django.db import transaction
from django.utils.translation import gettext as _

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.team.models import User

from ..domain.states import DECISIONS, ApplicationState, Mover
from ..models import LinkPurpose
from . import acceptance, interviews, links, mails, transitions


@transaction.atomic
def decide(*, application_id: int, after_move: int, decision: ApplicationState, letter: str, by: User) -> None:
    """Decide, mail the letter, and invite those who are accepted. Raises Refused.

    after_move: the last move on the page that the decision was made on; a later move refuses it.
    """
    application = transitions.lock_if_unchanged(application_id, after_move, by)
    if decision not in DECISIONS:
        raise Refused(_("Please choose one of the decisions."))
    interviews.cancel_current_interview(application, by=by)
    transitions.move(application, decision, Mover.COORDINATOR, by=by, letter=letter)
    links.revoke(application, LinkPurpose.REFERENCE)
    mails.queue(
        mails.ApplicationMailKind.DECISION,
        application.email,
        letter=letter,
        link=links.new_url(application, LinkPurpose.STATUS),
    )
    if decision == ApplicationState.CONDITIONAL:
        acceptance.invite(application, by)


@transaction.atomic
def abandon(*, application_id: int, after_move: int, by: User) -> None:
    """Stop pursuing a candidate who no longer answers; nothing is mailed. Raises Refused, also for a member."""
    application = transitions.lock_if_unchanged(application_id, after_move, by)
    if application.state == ApplicationState.CONDITIONAL:
        acceptance.refuse_if_member(application)
        acceptance.cancel_invitation(application, by)
    interviews.cancel_current_interview(application, by=by)
    transitions.move(application, ApplicationState.ABANDONED, Mover.COORDINATOR, by=by)
    links.revoke(application, LinkPurpose.REFERENCE)


@transaction.atomic
def invite_again(*, application_id: int, by: User) -> None:
    """Send a new invitation where the link in the first has expired. Raises Refused."""
    application = transitions.lock(application_id)
    transitions.refuse_own_application(application, by)
    if application.state != ApplicationState.CONDITIONAL:
        raise Refused(_("Only accepted candidates can be invited."))
    acceptance.invite(application, by)
    audit.record(action="candidate_invited_again", by=by.pk, about=f"application:{application_id}")
