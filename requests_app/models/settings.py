"""How long each step of a request may take."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention

from ..domain.escalation import Times

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def _minutes(default: timedelta) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(default=default // MINUTE)


def _hours(default: timedelta) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(default=default // HOUR)


class RequestSettings(models.Model):
    """The one row that says how long each step may take, and when night is."""

    now_again_minutes = _minutes(Times.now_again)
    now_available_minutes = _minutes(Times.now_available)
    now_oversight_minutes = _minutes(Times.now_oversight)
    now_nobody_minutes = _minutes(Times.now_nobody)
    today_minutes = _minutes(Times.today)
    when_you_can_hours = _hours(Times.when_you_can)
    answer_now_minutes = _minutes(Times.answer_now)
    answer_today_hours = _hours(Times.answer_today)
    answer_when_you_can_hours = _hours(Times.answer_when_you_can)
    night_from = models.PositiveSmallIntegerField(default=Times.night_from)
    night_until = models.PositiveSmallIntegerField(default=Times.night_until)

    retention = Retention(
        title=_("Request settings"),
        plane="program",
        reason=_("So that each program decides how fast peers are asked and how long they have."),
        lifetime=_("As long as the program runs."),
        readers=_("The coordinator, who sets them."),
        fields={
            "id": _("Always 1: there is only one program."),
            "now_again_minutes": _("“Now”: after how long people on call are alerted again."),
            "now_available_minutes": _("“Now”: after how long everyone who is available is asked too."),
            "now_oversight_minutes": _("“Now”: after how long the coordinator and the designee are told."),
            "now_nobody_minutes": _("“Now”: after how long the officer is told nobody was available."),
            "today_minutes": _("“Today”: how long one peer may take before the next is asked."),
            "when_you_can_hours": _("“When you can”: the same."),
            "answer_now_minutes": _("“Now”: how long the first answer may take before the peer is reminded."),
            "answer_today_hours": _("“Today”: the same."),
            "answer_when_you_can_hours": _("“When you can”: the same."),
            "night_from": _("The hour at which the night begins: what can wait is held until morning."),
            "night_until": _("The hour at which the night ends."),
        },
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="one_row_of_times", condition=Q(id=1)),
            models.CheckConstraint(
                name="now_goes_step_by_step",
                condition=Q(now_again_minutes__gte=1)
                & Q(now_available_minutes__gt=models.F("now_again_minutes"))
                & Q(now_oversight_minutes__gt=models.F("now_available_minutes"))
                & Q(now_nobody_minutes__gt=models.F("now_oversight_minutes")),
            ),
            models.CheckConstraint(
                name="nobody_is_given_no_time",
                condition=Q(today_minutes__gte=10)
                & Q(when_you_can_hours__gte=1)
                & Q(answer_now_minutes__gte=5)
                & Q(answer_today_hours__gte=1)
                & Q(answer_when_you_can_hours__gte=1),
            ),
            models.CheckConstraint(
                name="night_is_on_the_clock", condition=Q(night_from__lte=23) & Q(night_until__lte=23)
            ),
        ]

    def __str__(self) -> str:
        return "times"

    @property
    def times(self) -> Times:
        return Times(
            now_again=timedelta(minutes=self.now_again_minutes),
            now_available=timedelta(minutes=self.now_available_minutes),
            now_oversight=timedelta(minutes=self.now_oversight_minutes),
            now_nobody=timedelta(minutes=self.now_nobody_minutes),
            today=timedelta(minutes=self.today_minutes),
            when_you_can=timedelta(hours=self.when_you_can_hours),
            answer_now=timedelta(minutes=self.answer_now_minutes),
            answer_today=timedelta(hours=self.answer_today_hours),
            answer_when_you_can=timedelta(hours=self.answer_when_you_can_hours),
            night_from=self.night_from,
            night_until=self.night_until,
        )

    @classmethod
    def of(cls, times: Times) -> "RequestSettings":
        """The row that says this, not saved yet."""
        return cls(
            pk=1,
            now_again_minutes=times.now_again // MINUTE,
            now_available_minutes=times.now_available // MINUTE,
            now_oversight_minutes=times.now_oversight // MINUTE,
            now_nobody_minutes=times.now_nobody // MINUTE,
            today_minutes=times.today // MINUTE,
            when_you_can_hours=times.when_you_can // HOUR,
            answer_now_minutes=times.answer_now // MINUTE,
            answer_today_hours=times.answer_today // HOUR,
            answer_when_you_can_hours=times.answer_when_you_can // HOUR,
            night_from=times.night_from,
            night_until=times.night_until,
        )
