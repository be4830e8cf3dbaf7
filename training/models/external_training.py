"""Training that members took elsewhere, with its certificate."""

from django.db import models
from django.db.models import Q

from peersupport.core.retention import Retention
from peersupport.team.models import Member

from ..domain.states import EXTERNAL_TRAINING_WORKFLOW, ExternalTrainingState
from .subjects import Subject


class ExternalTraining(models.Model):
    """A member reports that they completed a subject elsewhere; somebody else verifies it or sends it back."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="external_training")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    completed_on = models.DateField()
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    provider = models.CharField(max_length=120)
    certificate = models.CharField(max_length=32, unique=True)
    certificate_kind = models.CharField(max_length=4)
    state = models.CharField(
        max_length=12,
        choices=[(s.value, EXTERNAL_TRAINING_WORKFLOW.labels[s]) for s in ExternalTrainingState],
        default=ExternalTrainingState.REPORTED,
    )
    reason = models.CharField(max_length=300, blank=True)

    retention = Retention(
        title="Training that a member reported",
        plane="team",
        reason="So that training taken elsewhere counts, and somebody has looked at its certificate.",
        lifetime="As long as the program keeps its team records.",
        readers="The member, the coordinator and the clinical director.",
        fields={
            "id": "Number of the report.",
            "member": "Who was trained.",
            "subject": "In what.",
            "completed_on": "The day it was completed.",
            "hours": "How many hours it took.",
            "provider": "Who offered it.",
            "certificate": "Random name of the file, which lies in a private folder.",
            "certificate_kind": "PDF, PNG or JPEG.",
            "state": "Reported, verified or sent back.",
            "reason": "Why it was sent back.",
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
