from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention


class Round(models.Model):
    """When a round that the schedule started last ended well; one that was woken in between is not written down."""

    task = models.CharField(max_length=100, primary_key=True)
    ran_at = models.DateTimeField()

    retention = Retention(
        title=_("Last run of each round"),
        plane="program",
        in_backup=False,
        reason=_("So that the person who runs the server sees when a regular task has stopped running."),
        lifetime=_("Until the next run."),
        readers=_("The operator."),
        fields={
            "task": _("Which regular task."),
            "ran_at": _("When the schedule last ran it, to the minute. It says nothing about what there was to do."),
        },
    )

    def __str__(self) -> str:
        return self.task


class Heartbeat(models.Model):
    """The worker's sign, each minute, that it is alive. One row, whichever worker of however many left it."""

    at = models.DateTimeField()

    retention = Retention(
        title=_("The worker's last sign of life"),
        plane="program",
        in_backup=False,
        reason=_("So that the web server notices when the background worker has stopped."),
        lifetime=_("Until the next minute."),
        readers=_("The operator."),
        fields={
            "id": _("Always 1: one sign is enough."),
            "at": _("When the worker last ran its regular tasks. It says nothing about what there was to do."),
        },
    )

    class Meta:
        constraints = [models.CheckConstraint(name="one_heartbeat", condition=Q(id=1))]

    def __str__(self) -> str:
        return "heartbeat"
