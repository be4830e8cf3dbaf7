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
        title=_("A notice that something is waiting"),
        plane="support",
        reason=_("So that a notice isn't lost when the mail server or a phone service is down."),
        lifetime=_(
            "Until the notice is sent: within a minute if it is urgent, or some minutes after the person was last "
            "alerted; within half an hour if it can wait."
        ),
        readers=_(
            "No page shows it. The program reads it to send it, and until then anyone who has the database could."
        ),
        fields={
            "id": _("A random number."),
            "recipient": _("Who is told. It doesn't say what or who it is about."),
            "is_urgent": _("Whether it is sent as soon as it may be, or at the next half hour."),
            "channel": _("By e-mail or by phone alert."),
            "claim": _("Random number of its last try. Empty if something new has happened since."),
            "claimed_until": _("When it may be tried again, in steps of five minutes. Empty until the first try."),
            "tries": _("How many times it was tried, so that it is tried less often while the mail server is down."),
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


class QuietTime(models.Model):
    """Somebody was alerted a moment ago and isn't alerted again before this is over. Whom is a keyed hash."""

    mark = models.BinaryField(primary_key=True, max_length=32)
    until = models.DateTimeField()

    retention = Retention(
        title=_("A quiet time after an alert"),
        plane="support",
        reason=_("So that nobody's phone rings again and again when many people ask for support at once."),
        lifetime=_("A few minutes. Then it is deleted."),
        readers=_("Only the program. No page shows it. The people who run the server could find out who it is."),
        fields={
            "mark": _(
                "A keyed hash of the person, the channel and the end. Without the server's secret, it doesn't show who "
                "it is, or that it is the same person again."
            ),
            "until": _("When the quiet time ends, in steps of a minute."),
        },
    )

    def __str__(self) -> str:
        return "quiet time"


class PhoneAlert(models.Model):
    """The address of the service that alerts somebody's phone, as they typed it."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sealed_address = models.BinaryField(max_length=600)

    retention = Retention(
        title=_("Phone alert"),
        plane="team",
        reason=_("So that a notice is heard, even at night."),
        lifetime=_("Until the person removes it or leaves the team."),
        readers=_("Only the program, to send alerts. The person sees which service it is."),
        fields={
            "id": _("Number of the phone alert."),
            "user": _("Whose phone it is."),
            "sealed_address": _(
                "Which service alerts the phone, and how. Encrypted with a secret kept outside the database."
            ),
        },
    )

    def __str__(self) -> str:
        return f"phone alert {self.pk}"
