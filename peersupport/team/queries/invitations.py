"""Invitations that have not been accepted yet."""

from datetime import datetime

from django.db.models import QuerySet

from ..models import Invitation


def open_invitations() -> QuerySet[Invitation]:
    """All of them, by name, those with an expired link included."""
    return Invitation.objects.order_by("name", "pk")


def undelivered() -> int:
    """How many have an address that the mail server doesn't know."""
    return Invitation.objects.exclude(undelivered_since=None).count()


def invitation_by_token_hash(token_hash: str, now: datetime) -> Invitation | None:
    """The invitation behind a link, while the link is valid."""
    return Invitation.objects.filter(token_hash=token_hash, valid_until__gt=now).first()


def invitation_to(email: str) -> Invitation | None:
    return Invitation.objects.filter(email=email).first()


def invitation_by_id(invitation_id: int) -> Invitation | None:
    return Invitation.objects.filter(pk=invitation_id).first()
