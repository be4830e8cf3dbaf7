"""E-mail addresses: which are taken, and which are about to change."""

from datetime import datetime

from ..models import AddressChange, Invitation, User


def is_taken(email: str) -> bool:
    """Whether an account, a deactivated one included, or an open invitation has this address."""
    return User.objects.filter(email=email).exists() or Invitation.objects.filter(email=email).exists()


def change_by_token_hash(token_hash: str, now: datetime) -> AddressChange | None:
    """The change behind a link, while the link is valid."""
    changes = AddressChange.objects.select_related("user")
    return changes.filter(token_hash=token_hash, valid_until__gt=now, user__is_active=True).first()


def change_of(user: User, now: datetime) -> AddressChange | None:
    """The change that somebody asked for and has not confirmed yet."""
    return AddressChange.objects.filter(user=user, valid_until__gt=now).first()
