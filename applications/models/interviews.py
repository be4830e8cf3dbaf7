from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention
from peersupport.core.translation import choices

from ..domain.states import INTERVIEW, InterviewState
from .applications import READERS_OF_INTERVIEWS, UNTIL_PURGED, Application


class Interview(models.Model):
    """An interview: the coordinator proposes times, the candidate chooses one."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="interviews")
    state = models.CharField(
        max_length=12,
        choices=choices(INTERVIEW.labels),
        default=InterviewState.PROPOSED,
    )
    place = models.CharField(max_length=200)
    minutes = models.PositiveSmallIntegerField(default=45)
    starts_at = models.DateTimeField(null=True, blank=True)
    changes = models.PositiveSmallIntegerField(default=0)

    retention = Retention(
        title=_("Interview"),
        plane="team",
        reason=_("So that the candidate and the panel can meet."),
        lifetime=UNTIL_PURGED,
        readers=READERS_OF_INTERVIEWS,
        fields={
            "id": _("Number of the interview."),
            "application": _("With which candidate."),
            "state": _("Proposed, scheduled or canceled."),
            "place": _("Where it will be, or how."),
            "minutes": _("How long it takes."),
            "starts_at": _("The time that was chosen."),
            "changes": _("How often it was changed, so that calendars are updated."),
        },
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="one_current_interview",
                fields=["application"],
                condition=Q(state__in=["proposed", "none_suits", "agreed"]),
            ),
            models.CheckConstraint(
                name="agreed_interview_has_time", condition=~Q(state=InterviewState.AGREED) | Q(starts_at__isnull=False)
            ),
            models.CheckConstraint(name="interview_minutes_in_range", condition=Q(minutes__gte=10, minutes__lte=480)),
        ]

    def __str__(self) -> str:
        return f"interview {self.pk}"

    def is_over(self, now: datetime) -> bool:
        return self.ends_at is not None and self.ends_at <= now

    @property
    def ends_at(self) -> datetime | None:
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None


class InterviewTime(models.Model):
    """A proposed start time."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="times")
    starts_at = models.DateTimeField()

    retention = Retention(
        title=_("A proposed interview time"),
        plane="team",
        reason=_("So that the candidate can choose."),
        lifetime=UNTIL_PURGED,
        readers=READERS_OF_INTERVIEWS,
        fields={
            "id": _("Number of the time."),
            "interview": _("Which interview."),
            "starts_at": _("When it would start."),
        },
    )

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["interview", "starts_at"], name="one_row_per_proposed_time"),
        ]

    def __str__(self) -> str:
        return f"time {self.pk}"
