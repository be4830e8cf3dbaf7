"""A member's own request for a call."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention, Sealed
from peersupport.sealing.fields import ShredKeyField


class Consultation(models.Model):
    """A member asks to be called by the clinical director or a designee. Who, by whom and how soon are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_id = ShredKeyField()
    body = models.BinaryField()

    retention = Retention(
        title=_("A member's request for a call"),
        plane="support",
        reason=_("So that a member who isn't sure about something gets a call from someone they may tell."),
        lifetime=_("Until the call is made or canceled, 14 days at most. Then its key is destroyed."),
        readers=_("The member, and the person who was asked. The people who run the server could open it."),
        fields={
            "id": _("A random number."),
            "key_id": _("A random number: which key opens it."),
            "body": Sealed(_("The member, who is asked, how soon, and the half hour. Nothing about anyone else.")),
        },
    )

    def __str__(self) -> str:
        return "consultation"
