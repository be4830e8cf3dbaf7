"""What is left after closing: a contact to be counted, and a note for the peer."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention, Sealed
from peersupport.sealing.fields import ShredKeyField


class PendingTally(models.Model):
    """A contact that has ended and that its peer has not tallied yet. Whose it is is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_id = ShredKeyField()
    body = models.BinaryField()

    retention = Retention(
        title=_("A contact that hasn't been counted yet"),
        plane="support",
        reason=_("So that a peer can count a contact after it was erased."),
        lifetime=_("Until it is counted, seven days at most."),
        readers=_(
            "The peer, on their desk. The people who run the server could open it. It says nothing about who the "
            "officer was, or what it was about."
        ),
        fields={
            "id": _("A random number."),
            "key_id": _("A random number: which key opens it."),
            "body": Sealed(_("The peer, the year, how soon they accepted, and when this is deleted.")),
        },
    )

    def __str__(self) -> str:
        return "pending tally"


class ClosingNote(models.Model):
    """A note that an officer left for their peer on closing. Only that peer can open it, and only once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_id = ShredKeyField()
    body = models.BinaryField()

    retention = Retention(
        title=_("A closing note"),
        plane="support",
        reason=_("So that a peer can read the note that an officer left them."),
        lifetime=_("Until the peer has read it, seven days at most. Then its key is destroyed."),
        readers=_(
            "The peer whose contact it was, once. The people who run the server could see which peer it is for "
            "and until when, but not what it says."
        ),
        fields={
            "id": _("A random number."),
            "key_id": _("A random number: which key opens it."),
            "body": Sealed(
                _("Which peer it is for, its last day, and what it says, which only that peer's key opens.")
            ),
        },
    )

    def __str__(self) -> str:
        return "closing note"
