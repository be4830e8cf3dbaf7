from django.db import models

from peersupport.core.retention import Retention


class DailyMailCount(models.Model):
    """How many mails people without an account caused to one address on one day. The address isn't stored."""

    address_hash = models.CharField(max_length=64, unique=True)
    day = models.DateField()
    count = models.PositiveSmallIntegerField(default=0)

    retention = Retention(
        title="Mailed today",
        plane="team",
        reason="So that nobody is buried in e-mail by somebody who types their address.",
        lifetime="Until the next day's round.",
        readers="Nobody; the program compares it.",
        fields={
            "id": "Number of the row.",
            "address_hash": "A keyed hash of address and day, whose key is not in the database.",
            "day": "Which day.",
            "count": "How many e-mails.",
        },
    )

    def __str__(self) -> str:
        return f"mailed {self.pk}"
