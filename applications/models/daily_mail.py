from django.db import models
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention


class DailyMailCount(models.Model):
    """How many mails people without an account caused to one address on one day. The address isn't stored."""

    address_hash = models.CharField(max_length=64, unique=True)
    day = models.DateField()
    count = models.PositiveSmallIntegerField(default=0)

    retention = Retention(
        title=_("Count of e-mails sent today"),
        plane="team",
        reason=_("So that nobody gets flooded with e-mail because someone else types in their address."),
        lifetime=_("Until the next day."),
        readers=_("Nobody; the program compares it."),
        in_backup=False,
        fields={
            "id": _("Number of the row."),
            "address_hash": _("A keyed hash of the address and the day; the key is not in the database."),
            "day": _("Which day."),
            "count": _("How many e-mails."),
        },
    )

    def __str__(self) -> str:
        return f"mailed {self.pk}"
