"""Private links: made with what they are for, looked up by a hash, gone when they are used."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from peersupport.team.actions.invitations import hash_of

from ..models import Application, PrivateLink, Reference
from ..queries import applications
from .transitions import locked

Purpose = PrivateLink.Purpose
VALID_FOR: dict[str, timedelta] = {
    Purpose.DRAFT: timedelta(days=30),
    Purpose.CONFIRM: timedelta(days=30),
    Purpose.STATUS: timedelta(days=400),
    Purpose.REFERENCE: timedelta(days=45),
    Purpose.INTERVIEW: timedelta(days=60),
}


class LinkGone(Exception):
    """Mistyped, used, replaced or too old: which of them is not said."""


def make_link(application: Application, purpose: str, reference: Reference | None = None) -> str:
    """The link's secret. What was made before goes on working until it is used or dropped."""
    token = secrets.token_urlsafe(32)
    PrivateLink.objects.create(
        application=application,
        reference=reference,
        purpose=purpose,
        token_hash=hash_of(token),
        valid_until=timezone.now() + VALID_FOR[purpose],
    )
    return token


def address_of(token: str, purpose: str) -> str:
    """As it stands in a mail, on this site's own address."""
    return settings.SITE_URL + reverse(f"apply:{purpose}", args=[token])


def new_address(application: Application, purpose: str, reference: Reference | None = None) -> str:
    return address_of(make_link(application, purpose, reference), purpose)


def follow(token: str, purpose: str) -> PrivateLink:
    """The link with its application, both held until the caller's transaction ends. Raises LinkGone."""
    found = applications.link_for(token, purpose, timezone.now())
    if found is None:
        raise LinkGone
    found.application = locked(found.application_id)
    if not PrivateLink.objects.filter(pk=found.pk).exists():  # used while this press waited for its turn
        raise LinkGone
    return found


def drop_links(application: Application, *purposes: str) -> None:
    application.links.filter(purpose__in=purposes).delete()
