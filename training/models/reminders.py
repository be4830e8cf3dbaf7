"""What members and coordinators were notified about, so that it happens once."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention
from peersupport.team.models import Member

from .subjects import Subject


class Reminder(models.Model):
    """A member was reminded that a subject lapses on a day."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="+")
    lapses_on = models.DateField()
    days_before = models.PositiveSmallIntegerField()

    retention = Retention(
        title=_("Training reminder"),
        plane="team",
        reason=_("So that a member is reminded once at each step, not every day."),
        lifetime=_("As long as the program keeps its team records."),
        readers=_("Nobody; the program checks this before it sends a reminder."),
        fields={
            "id": _("Number of the reminder."),
            "member": _("The member who was reminded."),
            "subject": _("The subject."),
            "lapses_on": _("The day on which it lapses."),
            "days_before": _("Which step it was: 60, 30 or 7 days before."),
        },
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "subject", "lapses_on", "days_before"], name="reminded_once_at_each_step"
            )
        ]

    def __str__(self) -> str:
        return f"reminder {self.pk}"


class Digest(models.Model):
    """The coordinators were notified in that month to look at the coverage."""

    month = models.DateField(unique=True)

    retention = Retention(
        title=_("Monthly summary"),
        plane="team",
        reason=_("So that coordinators are notified once a month."),
        lifetime=_("As long as the program keeps its team records."),
        readers=_("Nobody; the program checks this before it sends a notice."),
        fields={"id": _("Number of the summary."), "month": _("The first day of the month.")},
    )

    def __str__(self) -> str:
        return f"digest {self.pk}"
