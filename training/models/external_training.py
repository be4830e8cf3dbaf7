"""Training that members took elsewhere, with its certificate."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention
from peersupport.core.translation import choices
from peersupport.team.models import Member

from ..domain.states import EXTERNAL_TRAINING_WORKFLOW, ExternalTrainingState
from .subjects import Subject


class ExternalTraining(models.Model):
    """A member reports that they completed a subject elsewhere; someone else verifies it or sends it back."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="external_training")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    completed_on = models.DateField()
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    provider = models.CharField(max_length=120)
    certificate = models.CharField(max_length=32, unique=True)
    certificate_kind = models.CharField(max_length=4)
    state = models.CharField(
        max_length=12,
        choices=choices(EXTERNAL_TRAINING_WORKFLOW.labels),
        default=ExternalTrainingState.REPORTED,
    )
    reason = models.CharField(max_length=300, blank=True)

    retention = Retention(
        title=_("Training that a member reported"),
        plane="team",
        reason=_("So that training taken elsewhere counts once someone has checked the certificate."),
        lifetime=_("As long as the program keeps its team records."),
        readers=_("The member, the coordinator and the clinical director."),
        fields={
            "id": _("Number of the report."),
            "member": _("The member who was trained."),
            "subject": _("The subject."),
            "completed_on": _("The day it was completed."),
            "hours": _("How many hours it took."),
            "provider": _("Who offered the training."),
            "certificate": _("Random name of the file, which is kept in a private folder."),
            "certificate_kind": _("PDF, PNG or JPEG."),
            "state": _("Reported, verified or sent back."),
            "reason": _("Why it was sent back."),
        },
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="sent_back_with_a_reason", condition=~Q(state=ExternalTrainingState.SENT_BACK) | ~Q(reason="")
            ),
            models.UniqueConstraint(
                name="one_open_report_for_a_day",
                fields=["member", "subject", "completed_on"],
                condition=Q(state=ExternalTrainingState.REPORTED),
            ),
            models.CheckConstraint(name="reported_hours_are_sensible", condition=Q(hours__gt=0, hours__lte=500)),
        ]

    def __str__(self) -> str:
        return f"external training {self.pk}"
