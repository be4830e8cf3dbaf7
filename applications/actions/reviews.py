"""Reviewing an application: beginning it, assigning it, naming reviewers, and their reviews."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions import outbox
from peersupport.team.models import User

from ..domain.states import IN_REVIEW, REVIEW, UNDER_WAY, ApplicationState, Mover, ReviewState
from ..models import Application, Review, Score
from ..queries import panel
from . import transitions


@transaction.atomic
def begin_review(*, application_id: int, after_move: int, by: User) -> None:
    """Begin the review, or resume it from the waiting list; the candidate can't edit any more. Raises Refused."""
    application = transitions.lock_if_unchanged(application_id, after_move, by)
    transitions.move(application, ApplicationState.UNDER_REVIEW, Mover.COORDINATOR, by=by)


@transaction.atomic
def assign(*, application_id: int, assignee: User | None, by: User) -> None:
    """Make one coordinator responsible and notify them; None leaves it to everybody who may decide."""
    application = transitions.lock(application_id)
    transitions.refuse_own_application(application, by)
    if application.assignee_id == (assignee.pk if assignee else None):
        return
    application.assignee = assignee
    application.save(update_fields=["assignee"])
    audit.record(action="application_assigned", by=by.pk, about=f"application:{application_id}")
    if assignee is not None and assignee.pk != by.pk:
        outbox.notify(user_id=assignee.pk)


@transaction.atomic
def name_reviewer(*, application_id: int, reviewer: User, by: User) -> None:
    """Ask a member for a review and notify them. Raises Refused."""
    application = transitions.lock(application_id)
    transitions.refuse_own_application(application, by)
    if application.state not in IN_REVIEW:
        raise Refused(_("You can only add reviewers while the application is under review."))
    if reviewer not in panel.eligible_reviewers(application):
        raise Refused(_("This person can't review this application. Please choose someone from the list."))
    review = Review.objects.create(application=application, reviewer=reviewer)
    outbox.notify(user_id=reviewer.pk)
    audit.record(action="reviewer_named", by=by.pk, about=f"review:{review.pk}")


@transaction.atomic
def give_review(*, application_id: int, scores: Sequence[tuple[str, int, str]], remarks: str, by: User) -> None:
    """Save a review for good; from now on the reviewer sees the others'. Raises Refused.

    scores: criterion, points from 1 to 5, and remark.
    """
    application, review = _lock_review(application_id, by, ReviewState.GIVEN)
    review.remarks = remarks
    _answer(application, review, ReviewState.GIVEN, by)
    try:
        Score.objects.bulk_create([Score(review=review, criterion=c, points=p, remark=r) for c, p, r in scores])
    except IntegrityError as error:
        raise Refused(_("Please give each criterion one score from 1 to 5.")) from error


@transaction.atomic
def recuse(*, application_id: int, by: User) -> None:
    """Step back from a review without a reason; they no longer see the application. Raises Refused."""
    application, review = _lock_review(application_id, by, ReviewState.RECUSED)
    _answer(application, review, ReviewState.RECUSED, by)


def _lock_review(application_id: int, by: User, to: ReviewState) -> tuple[Application, Review]:
    """Lock the application and return it with their own review, which may move to that state. Raises Refused."""
    application = transitions.lock(application_id)
    review = Review.objects.filter(application=application, reviewer=by).first()
    if review is None or application.state not in UNDER_WAY:
        raise Refused(_("This review isn't needed anymore. Thank you for looking."))
    REVIEW.check(ReviewState(review.state), to)
    return application, review


def _answer(application: Application, review: Review, state: ReviewState, by: User) -> None:
    """Save the answer; notify the coordinators of a recusal, or once no review is pending."""
    review.state = state
    review.save()
    audit.record(action=f"review_{state}", by=by.pk, about=f"review:{review.pk}")
    if state == ReviewState.RECUSED or not panel.has_pending_review(application):
        transitions.notify_coordinators(application)
