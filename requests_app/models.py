"""The support plane. A row says nothing: a random id, the id of its key, a tag, and sealed bytes of one size."""

import uuid

from django.db import models

from peersupport.keeping import Kept
from peersupport.sealing.fields import ShredKeyField

UNTIL_CLOSED = "Until it is closed or 45 days untouched; its key is destroyed first, so that no copy opens."


class Request(models.Model):
    """An open request for support. What it says and where it stands are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_id = ShredKeyField()
    tag = models.BinaryField(max_length=32, unique=True)
    routing = models.BinaryField()
    card = models.BinaryField()
    words = models.BinaryField()

    kept = Kept(
        plane="support",
        reason="So that somebody who asks for support can be answered.",
        lifetime=UNTIL_CLOSED,
        readers="The officer with the receipt, and the peer who accepts. Nobody else, the server's operator included.",
        fields={
            "id": "A random number.",
            "key_id": "A random number: which key the sealed parts need.",
            "tag": "Finds the request from its receipt; worthless once the weekly key is gone.",
            "routing": "Sealed: who is asked, in which order, since which half hour.",
            "card": "Sealed: concern, urgency and preferences, for the peers who are asked.",
            "words": "Sealed: message and how to be reached, for the peer who accepts.",
        },
    )

    def __str__(self) -> str:
        return "request"


class Message(models.Model):
    """One message of a thread. Who wrote it, when and in which order is sealed with it."""

    id = models.UUIDField(primary_key=True, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="messages")
    body = models.BinaryField()

    kept = Kept(
        plane="support",
        reason="So that the officer and the peer can write to each other.",
        lifetime=UNTIL_CLOSED,
        readers="The officer with the receipt, and the peer who accepted.",
        fields={
            "id": "A random number, the same for the same press of Send.",
            "request": "Which request it belongs to.",
            "body": "Sealed: author, half hour, order and words.",
        },
    )

    def __str__(self) -> str:
        return "message"


class PlaneKey(models.Model):
    """The key under which receipts find their requests. Renewed weekly; the old one is destroyed."""

    key_id = ShredKeyField()
    week = models.PositiveIntegerField()

    kept = Kept(
        plane="support",
        reason="So that an old copy of the database cannot even confirm a receipt that was found.",
        lifetime="A week.",
        readers="Nobody; the program uses it.",
        fields={
            "id": "Always 1: there is one.",
            "key_id": "A random number: which key it is.",
            "week": "The week in which it was made, counted from 1970.",
        },
    )

    class Meta:
        constraints = [models.CheckConstraint(name="one_plane_key", condition=models.Q(id=1))]

    def __str__(self) -> str:
        return "plane key"


class SpentMark(models.Model):
    """A form that has been sent: so that a second press, or a replay after closing, makes no second request."""

    mark = models.BinaryField(primary_key=True, max_length=32)
    half_day = models.PositiveIntegerField()

    kept = Kept(
        plane="support",
        reason="So that nothing is sent twice.",
        lifetime="As long as the form could be sent again: 12 to 24 hours.",
        readers="Nobody; the program compares it.",
        fields={
            "mark": "A keyed hash of the form's random number and what was typed; tells neither.",
            "half_day": "The half day in which it was made, so that it can be dropped.",
        },
    )

    def __str__(self) -> str:
        return "spent mark"


class TallyOwed(models.Model):
    """A contact that has ended and that its peer has not counted yet. Whose it is, is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_id = ShredKeyField()
    body = models.BinaryField()

    kept = Kept(
        plane="support",
        reason="So that a peer can count a contact after it was erased.",
        lifetime="Until it is counted, seven days at most.",
        readers="The peer, as 'contacts to tally'.",
        fields={
            "id": "A random number.",
            "key_id": "A random number: which key it needs.",
            "body": "Sealed: the peer, the year, how soon they had answered, and when this is dropped.",
        },
    )

    def __str__(self) -> str:
        return "tally owed"


class LastWord(models.Model):
    """What an officer left for their peer when they closed. It opens once, for that peer alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key_id = ShredKeyField()
    body = models.BinaryField()

    kept = Kept(
        plane="support",
        reason="So that a peer who was closed with a word reads that word.",
        lifetime="Until the peer has read it, seven days at most; its key is destroyed then.",
        readers="The peer whose contact it was, once.",
        fields={
            "id": "A random number.",
            "key_id": "A random number: which key it needs.",
            "body": "Sealed: for which peer, until which day, and the word, which opens with that peer's key alone.",
        },
    )

    def __str__(self) -> str:
        return "last word"


class Boundary(models.Model):
    """The concerns that a member would rather not take at present. Read by the matching alone."""

    member = models.OneToOneField("team.Member", primary_key=True, on_delete=models.CASCADE, related_name="+")
    body = models.BinaryField()

    kept = Kept(
        plane="support",
        reason="So that nobody is asked about what they cannot carry now.",
        lifetime="Until the member changes it.",
        readers="The member, and the matching. In no list and no export.",
        fields={
            "member": "Whose boundary it is.",
            "body": "Sealed: the concerns set to 'not now', padded so that their number does not show.",
        },
    )

    def __str__(self) -> str:
        return "boundary"
