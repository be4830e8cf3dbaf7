"""Reads of reviews: who reads an application, who may, and who sees what the others wrote."""

from django.db.models import QuerySet

from peersupport.team.domain.states import MembershipState
from peersupport.team.models import User

from ..domain.states import ApplicationState, ReviewState
from ..models import Application, Review
from . import applications


def assigned_to(user: User) -> QuerySet[Review]:
    """The reviews this person was asked for and can still see, open ones first."""
    reviews = Review.objects.filter(reviewer=user, application__in=applications.visible_to(user))
    shown = reviews.exclude(state=ReviewState.RECUSED).order_by("state", "application__since", "pk")
    return shown.select_related("application").only("state", "application__name")


def reviews_of(application: Application) -> list[Review]:
    return list(application.reviews.select_related("reviewer").prefetch_related("scores"))


def reviews_visible_to(user: User, application: Application) -> list[Review]:
    """All reviews; only their own for a reviewer who has not given it yet, even if also a coordinator."""
    reviews = reviews_of(application)
    own = next((review for review in reviews if review.reviewer_id == user.pk), None)
    if own is not None and own.state == ReviewState.ASKED:
        return [own]
    return reviews


def own_review(user: User, application: Application) -> Review | None:
    return application.reviews.filter(reviewer=user).prefetch_related("scores").first()


def eligible_reviewers(application: Application) -> list[User]:
    """Designated members other than the candidate who have not been asked yet."""
    members = User.objects.filter(is_active=True, is_member=True, member__state=MembershipState.DESIGNATED)
    asked = application.reviews.values("reviewer")
    return list(members.exclude(email=application.email).exclude(pk__in=asked).order_by("name", "pk"))


def has_reviewers(application: Application) -> bool:
    return application.reviews.exists()


def has_pending_review(application: Application) -> bool:
    return application.reviews.filter(state=ReviewState.ASKED).exists()


def fully_reviewed() -> QuerySet[Application]:
    """Applications under review whose reviewers have all answered, the longest wait first."""
    pending = Review.objects.filter(state=ReviewState.ASKED).values("application")
    under_review = Application.objects.filter(
        state=ApplicationState.UNDER_REVIEW, pk__in=Review.objects.values("application")
    )
    return under_review.exclude(pk__in=pending).order_by("since")
