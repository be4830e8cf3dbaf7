"""What the page of one application shows, depending on who looks at it."""

from dataclasses import dataclass

from django.utils import timezone

from peersupport.access.permissions import Permission, is_allowed
from peersupport.program.domain.prose import Block, blocks
from peersupport.team.models import User

from ..domain.onboarding import STAGE_LABELS
from ..domain.panel import summarize
from ..domain.states import DECISIONS, IN_REVIEW, MOVES, ApplicationState, ReferenceState, ReviewState
from ..models import Application, Reference, Review
from ..queries import applications, panel
from ..queries.onboarding import onboarding_by_application
from .answers import answers_of, facts_about
from .progress import reference_label


@dataclass(frozen=True)
class ReferenceEntry:
    """A reference as the page shows it: label says whether they answered, blocks are the statement."""

    reference: Reference
    label: str
    blocks: list[Block]


def detail_for(user: User, application: Application) -> dict[str, object]:
    """The page's variables. may_* and has_*: what this person can do next."""
    settings, state = applications.settings_now(), ApplicationState(application.state)
    may_decide = is_allowed(user.roles, Permission.DECIDE_APPLICATIONS) and user.email != application.email
    own, reviews = panel.own_review(user, application), panel.reviews_visible_to(user, application)
    onboarding = onboarding_by_application([application]).get(application.pk)
    moves = applications.moves_of(application)
    return {
        "application": application,
        "now": timezone.now(),
        "onboarding": onboarding,
        "stage": STAGE_LABELS[onboarding.stage] if onboarding else "",
        "answers": [(question, blocks(text)) for question, text in answers_of(application)],
        "facts": facts_about(application),
        "references": [_reference_entry(reference) for reference in applications.references_of(application)],
        "reviews": reviews,
        "criteria": summarize(_points(review) for review in reviews if review.state == ReviewState.GIVEN),
        "is_to_review": own is not None and own.state == ReviewState.ASKED,
        "interview": applications.current_interview(application),
        "moves": moves,
        "after_move": moves[-1].pk,
        "may_decide": may_decide,
        "may_decide_now": may_decide and any(target in MOVES[state] for target in DECISIONS),
        "possible_states": {target.value for target in MOVES[state]} if may_decide else set(),
        "may_name_reviewers": may_decide and settings.has_panel and state in IN_REVIEW,
        "may_interview": may_decide and settings.has_interview and state in IN_REVIEW,
    }


def _points(review: Review) -> dict[str, int]:
    return {score.criterion: score.points for score in review.scores.all()}


def _reference_entry(reference: Reference) -> ReferenceEntry:
    label = reference_label(ReferenceState(reference.state), reference.asked_on, timezone.localdate())
    return ReferenceEntry(reference, label, blocks(reference.statement))
