"""Sessions that the team attends, and sessions that it gives."""

from datetime import date
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention
from peersupport.core.translation import choices
from peersupport.team.models import Member

from ..domain.states import (
    GIVEN_SESSION_LABELS,
    SESSION_DELIVERY_LABELS,
    SESSION_WORKFLOW,
    SessionDelivery,
    SessionState,
)
from .subjects import Subject


class Session(models.Model):
    """A training session that is planned, held or canceled."""

    title = models.CharField(max_length=120)
    state = models.CharField(
        max_length=12,
        choices=choices(SESSION_WORKFLOW.labels),
        default=SessionState.PLANNED,
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    time_zone = models.CharField(max_length=40)
    delivery = models.CharField(
        max_length=12,
        choices=choices(SESSION_DELIVERY_LABELS),
        default=SessionDelivery.IN_PERSON,
    )
    place = models.CharField(max_length=300)
    provider = models.CharField(max_length=120, blank=True)
    instructor = models.CharField(max_length=120, blank=True)
    course_number = models.CharField(max_length=20, blank=True)
    capacity = models.PositiveSmallIntegerField(null=True, blank=True)
    changes = models.PositiveSmallIntegerField(default=0)
    form_token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)

    retention = Retention(
        title=_("Training session"),
        plane="team",
        reason=_("To plan the team's training, and to know where a record came from."),
        lifetime=_("As long as the program keeps its team records."),
        readers=_("The team, its coordinator and its clinical director."),
        fields={
            "id": _("Number of the session."),
            "title": _("What it is called."),
            "state": _("Planned, held or canceled."),
            "starts_at": _("When it starts."),
            "ends_at": _("When it ends."),
            "time_zone": _("The time zone in which people read these times."),
            "delivery": _("In person or online."),
            "place": _("Where it is, or its link."),
            "provider": _("Who offers it."),
            "instructor": _("Who teaches it."),
            "course_number": _("The state commission's course number."),
            "capacity": _("How many can take part; blank means no limit."),
            "changes": _("How often it was changed, so that a calendar shows the latest version."),
            "form_token_hash": _("A hash of the form's number, so that pressing the button twice makes one session."),
        },
    )

    class Meta:
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(name="session_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="capacity_is_sensible", condition=Q(capacity__isnull=True) | Q(capacity__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def day(self) -> date:
        """The local day on which it ends; attendance is recorded for that day."""
        return self.ends_at.astimezone(ZoneInfo(self.time_zone)).date()


class SessionSubject(models.Model):
    """One of the subjects that a session trains, with its hours."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="parts")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    hours = models.DecimalField(max_digits=5, decimal_places=2)

    retention = Retention(
        title=_("Subjects of a session"),
        plane="team",
        reason=_("To record the right hours for those who were there."),
        lifetime=_("As long as the session."),
        readers=_("The team, its coordinator and its clinical director."),
        fields={
            "id": _("Number of the entry."),
            "session": _("The session."),
            "subject": _("The subject it trains."),
            "hours": _("How many hours."),
        },
    )

    class Meta:
        ordering = ["subject_id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "subject"], name="one_line_for_a_subject"),
            models.CheckConstraint(name="session_hours_are_sensible", condition=Q(hours__gt=0, hours__lte=500)),
        ]

    def __str__(self) -> str:
        return f"session subject {self.pk}"


class Enrollment(models.Model):
    """A member takes part in a session. attended: None until attendance is taken."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="enrollments")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="enrollments")
    attended = models.BooleanField(null=True)

    retention = Retention(
        title=_("Enrollment in a session"),
        plane="team",
        reason=_("To know who is coming and who was there."),
        lifetime=_("Until the member withdraws; otherwise as long as the session."),
        readers=_("The team, its coordinator and its clinical director."),
        fields={
            "id": _("Number of the enrollment."),
            "session": _("The session."),
            "member": _("The member who is enrolled."),
            "attended": _("Whether they came; blank until attendance is taken."),
        },
    )

    class Meta:
        ordering = ["session_id", "id"]
        constraints = [models.UniqueConstraint(fields=["session", "member"], name="enrolled_once")]

    def __str__(self) -> str:
        return f"enrollment {self.pk}"


class GivenSession(models.Model):
    """A session that the team gave to others. Attendees are counted, never named."""

    held_on = models.DateField()
    kind = models.CharField(max_length=12, choices=choices(GIVEN_SESSION_LABELS))
    topic = models.CharField(max_length=120)
    headcount = models.PositiveIntegerField()
    form_token_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)

    retention = Retention(
        title=_("Session that the team gave"),
        plane="team",
        reason=_("For the yearly report, which says how much education and outreach the team did."),
        lifetime=_("As long as the program keeps its team records."),
        readers=_("The coordinator and the clinical director; the report has the totals."),
        fields={
            "id": _("Number of the session."),
            "held_on": _("The day."),
            "kind": _("Education or outreach."),
            "topic": _("What it was about."),
            "headcount": _("How many came."),
            "form_token_hash": _("A hash of the form's number, so that pressing the button twice makes one entry."),
        },
    )

    class Meta:
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(name="headcount_is_sensible", condition=Q(headcount__gte=1, headcount__lte=10_000))
        ]

    def __str__(self) -> str:
        return f"given session {self.pk}"
