"""Deciding, with a letter that somebody has read before it leaves."""

from django.db import transaction

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.team.models import User

from .. import letters
from ..domain.states import DECISIONS, Mover, State
from . import acceptance
from .interviews import call_off
from .links import Purpose, drop_links, new_address
from .transitions import locked, move, read_again, refuse_own


@transaction.atomic
def decide(*, application_id: int, after_move: int, decision: State, letter: str, by: User) -> None:
    """after_move: the last move that whoever decides has seen. Raises Refused, for who came second too."""
    application = read_again(application_id, after_move, by)
    if decision not in DECISIONS:
        raise Refused("This is no decision.")
    call_off(application, by=by)
    move(application, decision, Mover.COORDINATOR, by=by, letter=letter)
    drop_links(application, Purpose.REFERENCE)
    letters.post(letters.Kind.DECISION, application.email, letter=letter, link=new_address(application, Purpose.STATUS))
    if decision == State.CONDITIONAL:
        acceptance.invite(application, by)


@transaction.atomic
def pursue_no_longer(*, application_id: int, after_move: int, by: User) -> None:
    """The candidate does not answer any more. Nothing is mailed. Raises Refused for a member."""
    application = read_again(application_id, after_move, by)
    if application.state == State.CONDITIONAL:
        acceptance.refuse_members(application)
        acceptance.take_back(application, by)
    call_off(application, by=by)
    move(application, State.ABANDONED, Mover.COORDINATOR, by=by)
    drop_links(application, Purpose.REFERENCE)


@transaction.atomic
def invite_again(*, application_id: int, by: User) -> None:
    """The link in the first invitation was too old. Raises Refused."""
    application = locked(application_id)
    refuse_own(application, by)
    if application.state != State.CONDITIONAL:
        raise Refused("Only somebody who is accepted is invited.")
    acceptance.invite(application, by)
    audit.record(action="candidate_invited_again", by=by.pk, about=f"application:{application_id}")
