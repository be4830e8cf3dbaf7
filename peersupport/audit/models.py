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
    mark = models.CharField(max_length=96, blank=True, editable=False)

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
            "mark": _("Shows that the program wrote the entry. Empty in entries from before there were marks."),
        },
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mark"], condition=~models.Q(mark=""), name="audit_one_entry_for_each_mark"
            ),
        ]
        verbose_name_plural = "entries"


class Link(models.Model):
    """Fixes that an entry is there, and in which place. Database triggers refuse to change or delete it."""

    position = models.BigIntegerField(primary_key=True)
    # No constraint: what was removed from the one table must be found by the other.
    entry = models.OneToOneField(Entry, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    value = models.CharField(max_length=64)

    retention = Retention(
        title=_("Chain of the audit log"),
        plane="team",
        reason=_("So that an entry of the audit log that was changed, added or removed is found."),
        lifetime=_("As long as the audit log."),
        readers=_("Only the program, to check the audit log."),
        fields={
            "position": _("Which link it is."),
            "entry": _("Which entry of the audit log."),
            "value": _("Worked out from the entry and the link before, with a secret kept outside the database."),
        },
    )

    class Meta:
        ordering = ["position"]
