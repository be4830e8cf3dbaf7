"""Lifting a second factor: two people of two offices, neither its owner. The database keeps that too."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from peersupport.access.permissions import ROLE_LABELS
from peersupport.core.retention import Retention
from peersupport.core.translation import choices

from ..domain import lifting
from ..domain.lifting import LIFT_STATE_LABELS, LiftState

OFFICE_CODES = [office.value for office in lifting.OFFICES]
OPEN_CODES = [state.value for state in lifting.OPEN]
TAKE_TWO = [LiftState.SECONDED.value, LiftState.LIFTED.value]
OFFICE_CHOICES = choices({office.value: ROLE_LABELS[office] for office in lifting.OFFICES})


class FactorLift(models.Model):
    """One lifting. `asked_office` and `seconded_office` say for which office each of the two decided."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=choices(LIFT_STATE_LABELS), default=LiftState.ASKED.value)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_office = models.CharField(max_length=20, choices=OFFICE_CHOICES)
    asked_at = models.DateTimeField()
    seconded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    seconded_office = models.CharField(max_length=20, choices=OFFICE_CHOICES, blank=True)
    seconded_at = models.DateTimeField(null=True)
    factors = models.JSONField()
    roles = models.JSONField()
    token_hash = models.CharField(max_length=64, unique=True)
    second_token_hash = models.CharField(max_length=64, blank=True)

    retention = Retention(
        title=_("Lifting a second factor"),
        plane="team",
        reason=_("So that someone who lost their second factor gets in again, and nobody lifts it alone."),
        lifetime=_("As long as the account, to show who decided what."),
        readers=_("The coordinator, the clinical director and the operator."),
        in_backup=False,
        fields={
            "id": _("Number of the record."),
            "user": _("Whose second factor it is."),
            "state": _("Asked, seconded, lifted, canceled or lapsed."),
            "asked_by": _("Who asked."),
            "asked_office": _("Their office: coordinator, clinical director or operator."),
            "asked_at": _("When they asked; without a second person it lapses after seven days."),
            "seconded_by": _("Who seconded it; none until someone has."),
            "seconded_office": _("Their office, which is another one."),
            "seconded_at": _("When; it is lifted 24 hours later."),
            "factors": _("The numbers of the second factors when it was asked: with others, it lapses."),
            "roles": _("The roles of the account when it was asked: with more, it lapses."),
            "token_hash": _("A hash of the secret of the first link with which its owner can cancel."),
            "second_token_hash": _("A hash of the secret of the second one."),
        },
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(state__in=OPEN_CODES), name="one_open_lift"),
            models.CheckConstraint(name="lift_not_asked_by_owner", condition=~Q(asked_by=F("user"))),
            models.CheckConstraint(
                name="lift_seconded_by_another",
                condition=Q(seconded_by__isnull=True)
                | (~Q(seconded_by=F("asked_by")) & ~Q(seconded_by=F("user")) & ~Q(seconded_office=F("asked_office"))),
            ),
            models.CheckConstraint(
                name="lift_office_is_one",
                condition=Q(asked_office__in=OFFICE_CODES)
                & (
                    Q(seconded_by__isnull=True, seconded_office="", seconded_at__isnull=True)
                    | Q(
                        seconded_by__isnull=False,
                        seconded_office__in=OFFICE_CODES,
                        seconded_at__isnull=False,
                    )
                ),
            ),
            models.CheckConstraint(
                name="lift_needs_two",
                condition=~Q(state__in=TAKE_TWO) | Q(seconded_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"lift {self.pk}"
