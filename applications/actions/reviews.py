"""Reading an application: taking it up, giving it to somebody, and what the panel says."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.notices.actions import outbox
from peersupport.team.models import User

from ..domain.states import REVIEWED, UNDER_WAY, Mover, ReviewState, State, check_review
from ..models import Application, Review, Score
from ..queries import applications
from .transitions import locked, move, read_again, refuse_own, tell_coordinators


@transaction.atomic
def take_up(*, application_id: int, after_move: int, by: User) -> None:
    """Somebody begins to read, or takes it from the waiting list: what the candidate wrote now stands. Refused."""
    application = read_again(application_id, after_move, by)
    move(application, State.UNDER_REVIEW, Mover.COORDINATOR, by=by)


@transaction.atomic
def assign(*, application_id: int, assignee: User | None, by: User) -> None:
    """Who looks after it, and is told; nobody in particular means everybody who may decide."""
    application = locked(application_id)
    refuse_own(application, by)
    if application.assignee_id == (assignee.pk if assignee else None):
        return
    application.assignee = assignee
    application.save(update_fields=["assignee"])
    audit.record(action="application_assigned", by=by.pk, about=f"application:{application_id}")
    if assignee is not None and assignee.pk != by.pk:
        outbox.notify(user_id=assignee.pk)


@transaction.atomic
def name_reviewer(*, application_id: int, reviewer: User, by: User) -> None:
    """The member is told that something waits. Raises Refused."""
    application = locked(application_id)
    refuse_own(application, by)
    if application.state not in REVIEWED:
        raise Refused("Reviewers are named while an application is under review.")
    if reviewer not in applications.possible_reviewers(application):
        raise Refused("This person cannot review this application. Choose somebody from the list.")
    review = Review.objects.create(application=application, reviewer=reviewer)
    outbox.notify(user_id=reviewer.pk)
    audit.record(action="reviewer_named", by=by.pk, about=f"review:{review.pk}")


@transaction.atomic
def give_review(*, application_id: int, scores: Sequence[tuple[str, int, str]], remarks: str, by: User) -> None:
    """Scores are criterion, points and remark. Given once: the others' are seen afterwards. Raises Refused."""
    application, review = _own(application_id, by, ReviewState.GIVEN)
    review.remarks = remarks
    _answer(application, review, ReviewState.GIVEN, by)
    try:
        Score.objects.bulk_create([Score(review=review, criterion=c, points=p, remark=r) for c, p, r in scores])
    except IntegrityError as error:
        raise Refused("Each criterion takes one score from 1 to 5.") from error


@transaction.atomic
def recuse(*, application_id: int, by: User) -> None:
    """A conflict is no shame, and no reason is asked. They see the application no longer. Raises Refused."""
    application, review = _own(application_id, by, ReviewState.RECUSED)
    _answer(application, review, ReviewState.RECUSED, by)


def _own(application_id: int, by: User, to: ReviewState) -> tuple[Application, Review]:
    application = locked(application_id)
    review = Review.objects.filter(application=application, reviewer=by).first()
    if review is None or application.state not in UNDER_WAY:
        raise Refused("Nobody waits for your review any more. Thank you for looking.")
    check_review(ReviewState(review.state), to)
    return application, review


def _answer(application: Application, review: Review, state: ReviewState, by: User) -> None:
    review.state = state
    review.save()
    audit.record(action=f"review_{state}", by=by.pk, about=f"review:{review.pk}")
    if state == ReviewState.RECUSED or not applications.waits_for_reviews(application):
        tell_coordinators(application)
