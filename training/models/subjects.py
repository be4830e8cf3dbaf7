"""Subjects with their rules, what is required of members, and the records."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention
from peersupport.team.models import Member


class Subject(models.Model):
    """Something the team trains, and the concerns for which matching requires it."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    required_for = models.JSONField(default=list, blank=True)
    initial_hours = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    is_retired = models.BooleanField(default=False)

    retention = Retention(
        title=_("Training subject"),
        plane="team",
        reason=_("What the team is trained in, as its program description says."),
        lifetime=_("As long as the program keeps its team records; a subject is retired, never deleted."),
        readers=_("The team, its coordinator and its clinical director."),
        fields={
            "id": _("Number of the subject."),
            "code": _("Short name that the program uses."),
            "name": _("What people call it."),
            "required_for": _("The concerns that require a peer to be current in it."),
            "initial_hours": _("Hours in the initial training; 0 means it isn't part of that."),
            "is_retired": _("Whether the team has stopped training it."),
        },
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="initial_hours_not_negative", condition=Q(initial_hours__gte=0)),
            models.UniqueConstraint(Lower("name"), name="subjects_are_told_apart_by_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ValidityRule(models.Model):
    """How many months a subject stays valid if completed from a day on. A record falls under the rule of its day."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="rules")
    applies_from = models.DateField()
    valid_months = models.PositiveSmallIntegerField(null=True, blank=True)

    retention = Retention(
        title=_("How long a training stays valid"),
        plane="team",
        reason=_("So that past training is judged by the rule that applied then."),
        lifetime=_("As long as the program keeps its team records."),
        readers=_("The team, its coordinator and its clinical director."),
        fields={
            "id": _("Number of the rule."),
            "subject": _("The subject it is about."),
            "applies_from": _("The first day it applies to."),
            "valid_months": _("Calendar months until it lapses; blank means it never lapses."),
        },
    )

    class Meta:
        ordering = ["subject_id", "applies_from"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "applies_from"], name="one_validity_for_a_day"),
            models.CheckConstraint(
                name="validity_is_sensible",
                condition=Q(valid_months__isnull=True) | Q(valid_months__gte=1, valid_months__lte=600),
            ),
        ]

    def __str__(self) -> str:
        return f"rule {self.pk}"


class Requirement(models.Model):
    """What the program requires of each member, from a day on."""

    applies_from = models.DateField(unique=True)
    initial_hours = models.DecimalField(max_digits=5, decimal_places=2, default=40)
    initial_months = models.PositiveSmallIntegerField(default=12)
    continuing_hours = models.DecimalField(max_digits=5, decimal_places=2, default=8)

    retention = Retention(
        title=_("Hours required of members"),
        plane="team",
        reason=_("To tell members what is required, and to judge each year by the rule that applied then."),
        lifetime=_("As long as the program keeps its team records."),
        readers=_("The team, its coordinator and its clinical director."),
        fields={
            "id": _("Number of the rule."),
            "applies_from": _("The first day it applies to."),
            "initial_hours": _("Hours of initial training."),
            "initial_months": _("Calendar months to complete the initial training in."),
            "continuing_hours": _("Hours of training in each year after that."),
        },
    )

    class Meta:
        ordering = ["applies_from"]
        constraints = [
            models.CheckConstraint(
                name="required_hours_are_sensible",
                condition=Q(
                    initial_hours__gte=0, initial_hours__lte=500, continuing_hours__gte=0, continuing_hours__lte=500
                ),
            ),
            models.CheckConstraint(
                name="time_allowed_is_sensible", condition=Q(initial_months__gte=1, initial_months__lte=120)
            ),
        ]

    def __str__(self) -> str:
        return f"requirement {self.pk}"


class Record(models.Model):
    """A member completed a subject on a day."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="training_records")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="records")
    completed_on = models.DateField()
    hours = models.DecimalField(max_digits=5, decimal_places=2)
    session = models.ForeignKey(
        "training.Session", null=True, blank=True, on_delete=models.PROTECT, related_name="records"
    )

    retention = Retention(
        title=_("Training on record"),
        plane="team",
        reason=_("To know who is trained in what and until when; matching uses it."),
        lifetime=_("As long as the program keeps its team records."),
        readers=_("The member, the coordinator and the clinical director."),
        fields={
            "id": _("Number of the record."),
            "member": _("The member who was trained."),
            "subject": _("The subject."),
            "completed_on": _("The day it was completed."),
            "hours": _("How many hours it took."),
            "session": _("The team's own session it came from, if any."),
        },
    )

    class Meta:
        ordering = ["completed_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["member", "subject", "completed_on"], name="one_record_for_a_day"),
            models.CheckConstraint(name="record_hours_are_sensible", condition=Q(hours__gt=0, hours__lte=500)),
        ]

    def __str__(self) -> str:
        return f"record {self.pk}"
