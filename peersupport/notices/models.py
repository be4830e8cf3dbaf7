"""The outbox, which holds whom to notify but not of what; and the addresses for phone alerts."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention

from .domain.channels import Channel


class Notice(models.Model):
    """One person to notify, by one channel, that something waits. Deleted once it was delivered."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # No constraint in the database: its check would leave the transaction's id on the user's row in PostgreSQL.
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    is_urgent = models.BooleanField(default=False)
    channel = models.CharField(max_length=10, choices=[(c.value, c.value) for c in Channel], default=Channel.MAIL)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)

    retention = Retention(
        title=_("A notice that something waits"),
        plane="support",
        reason=_("So that a notice survives a worker, a mail server or a telephone that fails."),
        lifetime=_("Until the notice has left: a minute where it is urgent, half an hour where it can wait."),
        readers=_("The sender alone. No page shows it."),
        fields={
            "id": _("A random number."),
            "recipient": _("Who is told. It does not say about what, or because of whom."),
            "is_urgent": _("Whether it leaves at once or at the next half hour."),
            "channel": _("By mail, or by ringing."),
            "claim": _("Random number of the sender who is at it."),
            "claimed_until": _("When another may try, in steps of five minutes. Empty until the first try."),
            "tries": _("How often it was tried, so that a mail server that is down gets some peace."),
        },
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "is_urgent", "channel"], name="one_notice_waits_for_each_person"
            ),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class PhoneAlert(models.Model):
    """The address of the service that alerts somebody's phone, as they typed it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sealed_address = models.BinaryField(max_length=600)

    retention = Retention(
        title=_("What rings a telephone"),
        plane="team",
        reason=_("So that a notice is heard at night."),
        lifetime=_("Until the person takes it back, or leaves."),
        readers=_("The sender alone; the person themselves sees of which kind it is."),
        fields={
            "id": _("Number of the bell."),
            "user": _("Whose telephone it is."),
            "sealed_address": _("Sealed under a secret outside the database: which service rings it, and how."),
        },
    )

    def __str__(self) -> str:
        return f"phone alert {self.pk}"
