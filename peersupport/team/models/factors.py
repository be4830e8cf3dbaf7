"""What the second factor needs besides the library's own table."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention


class UsedCode(models.Model):
    """The mark of a used code, or of what a passkey signed: of two uses at the same time, the database takes one."""

    mark = models.CharField(max_length=64, unique=True)
    over_at = models.DateTimeField()

    retention = Retention(
        title=_("Codes of apps, and answers of passkeys, that were used"),
        plane="team",
        reason=_("So that nobody can use a code a second time that they have seen over somebody's shoulder."),
        lifetime=_("An hour at most."),
        readers=_("Nobody. The program compares what is typed with it."),
        in_backup=False,
        fields={
            "id": _("Number."),
            "mark": _("A keyed hash, of which nobody can tell whose code it was."),
            "over_at": _("When it is deleted, to the half hour."),
        },
    )

    def __str__(self) -> str:
        return f"used code {self.pk}"
