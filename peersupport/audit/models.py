from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention


class Entry(models.Model):
    """One action on the team plane. Database triggers refuse to change or delete it."""

    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=60)
    about = models.CharField(max_length=80, blank=True)

    retention = Retention(
        title=_("The audit: who did what"),
        plane="team",
        reason=_("So that it can be shown who did what to the team's records."),
        lifetime=_("As long as the program keeps its team records; it cannot be changed or deleted."),
        readers=_("Coordinator, clinical director and designee."),
        fields={
            "id": _("Number of the entry."),
            "at": _("When it was done."),
            "by": _("Who did it; empty for the calendar."),
            "action": _("What was done, as a code."),
            "about": _("To what, as a code and a number, never a name."),
        },
    )

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "entries"
