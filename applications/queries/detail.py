"""The page of one application, for whoever looks at it."""

from dataclasses import dataclass

from django.utils import timezone

from peersupport.access.permissions import Permission, is_allowed
from peersupport.program.domain.prose import Block, blocks
from peersupport.team.models import User

from ..documents.application_pdf import QUESTIONS, facts_of
from ..domain.panel import summary
from ..domain.reminders import is_silent
from ..domain.stages import LABELS as STAGE_LABELS
from ..domain.states import DECISIONS, MOVES, REVIEWED, ReferenceState, ReviewState, State
from ..forms.staff import AssignForm, ReviewerForm
from ..models import Application, Reference, Review
from . import applications


@dataclass(frozen=True)
class Statement:
    """Somebody who was asked about the candidate, and what came of it."""

    reference: Reference
    words: str
    blocks: list[Block]


def detail_for(user: User, application: Application) -> dict[str, object]:
    settings, state = applications.settings_now(), State(application.state)
    decides = is_allowed(user.roles, Permission.DECIDE_APPLICATIONS) and user.email != application.email
    reviews, own = applications.reviews_seen_by(user, application), applications.own_review(user, application)
    accepted, moves = applications.accepted([application]).get(application.pk), applications.moves_of(application)
    return {
        "application": application,
        "now": timezone.now(),
        "accepted": accepted,
        "stage": STAGE_LABELS[accepted.stage] if accepted else "",
        "answers": [(question, blocks(text)) for question, name in QUESTIONS if (text := getattr(application, name))],
        "facts": facts_of(application),
        "statements": [_statement(one) for one in applications.references_of(application)],
        "reviews": reviews,
        "lines": summary(_points(one) for one in reviews if one.state == ReviewState.GIVEN),
        "own": own,
        "is_asked": own is not None and own.state == ReviewState.ASKED,
        "interview": applications.open_interview(application),
        "moves": moves,
        "after_move": moves[-1].pk,
        "decides": decides,
        "can": {target.value for target in MOVES[state]} if decides else set(),
        "may_decide_now": decides and any(target in MOVES[state] for target in DECISIONS),
        "has_interview": decides and settings.has_interview and state in REVIEWED,
        "reviewer_form": ReviewerForm(application=application)
        if decides and settings.has_panel and state in REVIEWED
        else None,
        "assign_form": AssignForm(initial={"assignee": application.assignee_id}) if decides else None,
    }


def _points(review: Review) -> dict[str, int]:
    return {score.criterion: score.points for score in review.scores.all()}


def _statement(reference: Reference) -> Statement:
    state, today = ReferenceState(reference.state), timezone.localdate()
    words = reference.get_state_display()
    if state == ReferenceState.ASKED and is_silent(reference.asked_on, today):
        words = "Has not answered in three weeks"
    return Statement(reference, words, blocks(reference.statement))
