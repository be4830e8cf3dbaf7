"""An open request, its thread, and the key that finds it."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from peersupport.core.retention import Retention, Sealed
from peersupport.sealing.fields import ShredKeyField

UNTIL_CLOSED = _(
    "Until it is closed, or until 45 days have passed with no activity. Its key is destroyed first, so no copy can be "
    "opened."
)
UNTIL_CLOSED_OR_SET_ASIDE = _(
    "Until it is closed, or until 45 days have passed with no activity. If two peers took it for a test or a mistake, "
    "within a week, unless you send it again or one of the two has peers asked again. Its key is destroyed first, so "
    "no copy can be opened."
)


class Request(models.Model):
    """An open request for support. Its content and its routing are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_id = ShredKeyField()
    tag = models.BinaryField(max_length=32, unique=True)
    # Before what is large: SQLite reads a row up to the last column that somebody asks for.
    stamp = models.BinaryField(max_length=16)
    routing = models.BinaryField()
    card = models.BinaryField()
    words = models.BinaryField()

    retention = Retention(
        title=_("Your request"),
        plane="support",
        reason=_("So that someone who asks for support can be answered."),
        lifetime=UNTIL_CLOSED_OR_SET_ASIDE,
        readers=_(
            "The officer who has the seven words, and the peer who accepts; after a change of peer, the next one too. "
            "The peers who are asked read the card. The people who run the server could see where it stands, which "
            "peers are asked and which one has it, but not what it says or what it is about."
        ),
        fields={
            "id": _("A random number."),
            "key_id": _("A random number: which key opens the sealed parts."),
            "tag": _("Finds the request by its seven words. Useless once the weekly key is gone."),
            "stamp": _(
                "A random number, new whenever something below changes. It tells no more than that something has, "
                "which shows anyway."
            ),
            "routing": Sealed(
                _(
                    "Who is asked, in which order, how soon, and since which half hour. A deadline less than half "
                    "an hour away is kept to the minute. Also which peers may know the officer."
                )
            ),
            "card": Sealed(_("What it is about, how soon, and what was asked for, for the peers who are asked.")),
            "words": Sealed(_("The message and how to reach the officer, for the peer who accepts.")),
        },
    )

    def __str__(self) -> str:
        return "request"


class Message(models.Model):
    """One message of a thread. Its author, time and number are sealed with it."""

    id = models.UUIDField(primary_key=True, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="messages")
    body = models.BinaryField()

    retention = Retention(
        title=_("A message between the two of you"),
        plane="support",
        reason=_("So that the officer and the peer can write to each other."),
        lifetime=UNTIL_CLOSED,
        readers=_(
            "The officer who has the seven words, and the peer who accepted; the next peer only if the officer "
            "shares it. The people who run the server could see which side wrote and in which half hour, but not a "
            "word of what it says."
        ),
        fields={
            "id": _("A random number. Pressing “Send” twice gives the same one."),
            "request": _("Which request it belongs to."),
            "body": Sealed(_("Who wrote it, in which half hour, in which order, and what it says.")),
        },
    )

    def __str__(self) -> str:
        return "message"


class PlaneKey(models.Model):
    """The key by which a receipt finds its request. Renewed weekly; the old one is destroyed."""

    key_id = ShredKeyField()
    week = models.PositiveIntegerField()

    retention = Retention(
        title=_("The key that finds requests"),
        plane="support",
        reason=_(
            "So that an old copy of the database can't even show whether seven words that someone found ever "
            "opened a request."
        ),
        lifetime=_("A week; longer only while there is a request that can't be opened."),
        readers=_("Nobody. Only the program uses it."),
        fields={
            "id": _("Always 1: there is only one."),
            "key_id": _("A random number: which key it is."),
            "week": _("The week in which it was made, counted from 1970."),
        },
    )

    class Meta:
        constraints = [models.CheckConstraint(name="one_plane_key", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return "plane key"
