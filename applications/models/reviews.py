from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention
from peersupport.core.translation import choices
from peersupport.team.models import User

from ..domain.states import REVIEW, ReviewState
from .applications import READERS_OF_REVIEWS, UNTIL_PURGED, Application


class Review(models.Model):
    """A review of an application, which the coordinator asked a member for."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=choices(REVIEW.labels), default=ReviewState.ASKED)
    remarks = models.TextField(blank=True)

    retention = Retention(
        title=_("Review"),
        plane="team",
        reason=_("So that more than one person looks at an application."),
        lifetime=UNTIL_PURGED,
        readers=READERS_OF_REVIEWS,
        fields={
            "id": _("Number of the review."),
            "application": _("Which application."),
            "reviewer": _("Who reads it."),
            "state": _("Asked, given or recused because of a conflict."),
            "remarks": _("What else they want the panel to know."),
        },
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["application", "reviewer"], name="one_review_per_reviewer"),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"


class Score(models.Model):
    """Points from 1 to 5 for one criterion, in its wording on that day."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="scores")
    criterion = models.CharField(max_length=120)
    points = models.PositiveSmallIntegerField()
    remark = models.CharField(max_length=500, blank=True)

    retention = Retention(
        title=_("Score"),
        plane="team",
        reason=_("So that the panel sees where reviewers agree and differ."),
        lifetime=UNTIL_PURGED,
        readers=READERS_OF_REVIEWS,
        fields={
            "id": _("Number of the score."),
            "review": _("Whose review."),
            "criterion": _("For which criterion."),
            "points": _("From 1 to 5."),
            "remark": _("Why."),
        },
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="one_score_per_criterion"),
            models.CheckConstraint(name="score_points_from_1_to_5", condition=Q(points__gte=1, points__lte=5)),
        ]

    def __str__(self) -> str:
        return f"score {self.pk}"
