"""When members can be reached: weekly hours, shifts handed over, pauses. Past ones stay, for the yearly report.

The rows say who was on call, never whether anybody was alerted or had a contact.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention

from ..domain import on_call
from ..domain.states import HoursPurpose

EVERY_DAY = 0b1111111


class WeeklyHours(models.Model):
    """Hours that repeat each week, in which a member is on call or can be offered requests."""

    member = models.ForeignKey("team.Member", on_delete=models.PROTECT, related_name="weekly_hours")
    purpose = models.CharField(max_length=10, choices=[(p.value, p.value) for p in HoursPurpose])
    days = models.PositiveSmallIntegerField(default=EVERY_DAY)
    starts = models.TimeField(default=on_call.ALL_DAY)
    ends = models.TimeField(default=on_call.ALL_DAY)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    retention = Retention(
        title=_("Weekly hours"),
        plane="team",
        reason=_("So that someone can be alerted at any hour, and a report can say how many hours were covered."),
        lifetime=_("Hours on call as long as the program keeps its team records; other hours until they are ended."),
        readers=_("Hours on call: everyone who serves. Other hours: the member and the coordinator."),
        fields={
            "id": _("Number of the hours."),
            "member": _("The member whose hours they are."),
            "purpose": _("On call, or available."),
            "days": _("The days of the week, as bits: Monday is 1, Tuesday 2, Wednesday 4."),
            "starts": _("When they start, in local time."),
            "ends": _("When they end, in local time; the same as the start for the whole day."),
            "since": _("When they began to apply."),
            "until": _("When they were ended; none while they apply."),
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="hours_have_a_day", condition=Q(days__gte=1, days__lte=EVERY_DAY)),
            models.CheckConstraint(
                name="hours_end_after_they_begin", condition=Q(until__isnull=True) | Q(until__gt=F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"hours {self.pk}"

    @property
    def pattern(self) -> on_call.WeeklyPattern:
        days = on_call.days_of(self.days)
        return on_call.WeeklyPattern(self.pk, self.member_id, days, self.starts, self.ends, self.since, self.until)


class ShiftHandover(models.Model):
    """One on-call shift that another member has taken over or is asked to take."""

    hours = models.ForeignKey(WeeklyHours, on_delete=models.CASCADE, related_name="handovers")
    day = models.DateField()
    held_by = models.ForeignKey("team.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    offered_to = models.ForeignKey("team.Member", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    retention = Retention(
        title=_("Shift passed to someone else"),
        plane="team",
        reason=_("So that members can swap single shifts, and nobody gets a shift without saying yes."),
        lifetime=_("As long as the hours it belongs to; one that nobody took is deleted when it is declined."),
        readers=_("Everyone who serves."),
        fields={
            "id": _("Number of the record."),
            "hours": _("The weekly hours it belongs to."),
            "day": _("The day on which the shift starts."),
            "held_by": _("The member who took it; none while nobody has."),
            "offered_to": _("The member who is asked to take it and hasn't answered."),
        },
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hours", "day"], name="one_handover_for_each_shift"),
            models.CheckConstraint(
                name="handed_over_to_somebody", condition=Q(held_by__isnull=False) | Q(offered_to__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"handover {self.pk}"


class Pause(models.Model):
    """A time in which a member is offered nothing and isn't on call: they want a rest, or can't get in."""

    member = models.ForeignKey("team.Member", on_delete=models.PROTECT, related_name="pauses")
    since = models.DateTimeField()
    back_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    retention = Retention(
        title=_("Pause"),
        plane="team",
        reason=_(
            "So that a member who needs a rest, or can't get in, is not asked, and a report does not count them as on "
            "call."
        ),
        lifetime=_("As long as the program keeps its team records. No reason is asked for or kept."),
        readers=_("The member and the coordinator, while it lasts."),
        fields={
            "id": _("Number of the pause."),
            "member": _("The member whose pause it is."),
            "since": _("When it began."),
            "back_on": _("The day they are back; none until then for someone who can't get in."),
            "ended_at": _("When they came back early; none if they did not."),
        },
    )

    class Meta:
        constraints = [
            # Once it is over, a pause doesn't show whether it was a rest or a lost phone.
            models.CheckConstraint(
                name="ended_pause_has_a_day", condition=Q(back_on__isnull=False) | Q(ended_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"pause {self.pk}"
