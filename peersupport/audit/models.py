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
        title=_("Audit log"),
        plane="team",
        reason=_("So that the program can show who did what to the team's records."),
        lifetime=_("As long as the program keeps its team records. Entries can't be changed or deleted."),
        readers=_("The coordinator, the clinical director and the designees."),
        fields={
            "id": _("Number of the entry."),
            "at": _("When it was done."),
            "by": _("Who did it. Empty when the program did it on schedule."),
            "action": _("What was done, as a code."),
            "about": _("What it was about, as a code and a number. Never a name."),
        },
    )

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "entries"
