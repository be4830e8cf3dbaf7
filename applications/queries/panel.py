"""Reads of reviews: who reads an application, who may, and who sees what the others wrote."""

from django.db.models import QuerySet
from django.utils import timezone

from peersupport.team import queries as team
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
    """Members who can serve today, other than the candidate, and have not been asked yet, by name."""
    asked = set(application.reviews.values_list("reviewer", flat=True))
    able = [member_id for member_id, reasons in team.serving(timezone.localdate()).items() if not reasons]
    reviewers = User.objects.filter(member__in=able).exclude(email=application.email).order_by("name", "pk")
    return [user for user in reviewers if user.pk not in asked]


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
