"""Everything that the page of one application shows to one person."""

from collections.abc import Sequence
from dataclasses import dataclass

from peersupport.access.permissions import Permission, is_allowed
from peersupport.team.models import User

from ..domain.states import ReviewState
from ..models import Application, ApplicationSettings, Interview, Move, Reference, Review
from . import applications, panel
from .onboarding import Onboarding, onboarding_by_application


@dataclass(frozen=True)
class VisibleApplication:
    """reviews: those that this person may see. is_to_review: whether they still owe one themselves.

    may_decide, may_see_history, may_see_team: what this person is allowed to do.
    """

    application: Application
    settings: ApplicationSettings
    onboarding: Onboarding | None
    references: Sequence[Reference]
    reviews: Sequence[Review]
    interview: Interview | None
    moves: Sequence[Move]
    is_to_review: bool
    may_decide: bool
    may_see_history: bool
    may_see_team: bool


def visible_application(user: User, application: Application) -> VisibleApplication:
    own = panel.own_review(user, application)
    return VisibleApplication(
        application=application,
        settings=applications.settings_now(),
        onboarding=onboarding_by_application([application]).get(application.pk),
        references=applications.references_of(application),
        reviews=panel.reviews_visible_to(user, application),
        interview=applications.current_interview(application),
        moves=applications.moves_of(application),
        is_to_review=own is not None and own.state == ReviewState.ASKED,
        may_decide=is_allowed(user.roles, Permission.DECIDE_APPLICATIONS) and user.email != application.email,
        may_see_history=is_allowed(user.roles, Permission.SEE_APPLICATIONS),
        may_see_team=is_allowed(user.roles, Permission.SEE_TEAM),
    )
