from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention
from peersupport.core.translation import choices

from ..domain.states import REFERENCE, REFERENCE_KIND_LABELS, ReferenceState
from .applications import READERS, UNTIL_PURGED, Application


class Reference(models.Model):
    """Somebody who is asked for a short statement: a reference, or the endorsement of the supervisor."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="references")
    kind = models.CharField(max_length=12, choices=choices(REFERENCE_KIND_LABELS))
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254)
    state = models.CharField(
        max_length=12,
        choices=choices(REFERENCE.labels),
        default=ReferenceState.NAMED,
    )
    asked_on = models.DateField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    answered_on = models.DateField(null=True, blank=True)
    statement = models.TextField(blank=True)

    retention = Retention(
        title=_("Reference"),
        plane="team",
        reason=_("What someone who knows the candidate says about them."),
        lifetime=UNTIL_PURGED,
        readers=READERS,
        fields={
            "id": _("Number of the reference."),
            "application": _("For whom."),
            "kind": _("A reference, or the supervisor's endorsement."),
            "name": _("Who is asked."),
            "email": _("Where the private link goes."),
            "state": _("Asked, answered or declined."),
            "asked_on": _("When they were asked."),
            "reminders": _("How often they were reminded."),
            "answered_on": _("When they answered."),
            "statement": _("What they wrote."),
        },
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="reference_email_is_lower_case", condition=Q(email=Lower("email"))),
            models.CheckConstraint(
                name="given_reference_has_statement", condition=~Q(state=ReferenceState.GIVEN) | ~Q(statement="")
            ),
            models.CheckConstraint(
                name="asked_reference_has_date", condition=Q(state=ReferenceState.NAMED) | Q(asked_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"reference {self.pk}"
