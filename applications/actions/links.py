"""Private links: for one purpose, looked up by a hash, valid for a time. What works once is revoked on use."""

import base64
import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from peersupport.sealing import envelope, host_secret
from peersupport.team.actions.invitations import hash_token

from ..models import Application, LinkPurpose, PrivateLink, Reference
from ..queries import applications
from ..queries.applications import DRAFT_LIFETIME
from . import transitions

# The pages and mails in templates/applications name the 30 and the 45 days, and actions/candidate.py the 30.
VALID_FOR: dict[str, timedelta] = {
    LinkPurpose.DRAFT: DRAFT_LIFETIME,
    LinkPurpose.CONFIRM: DRAFT_LIFETIME,
    LinkPurpose.STATUS: timedelta(days=400),
    LinkPurpose.REFERENCE: timedelta(days=45),
    LinkPurpose.INTERVIEW: timedelta(days=60),
}


class InvalidLink(Exception):
    """Mistyped, used, revoked or expired: the page doesn't say which."""


def make_link(application: Application, purpose: str, reference: Reference | None = None) -> str:
    """The new link's secret. Earlier links keep working until they are used or revoked."""
    token = secrets.token_urlsafe(32)
    PrivateLink.objects.create(
        application=application,
        reference=reference,
        purpose=purpose,
        token_hash=hash_token(token),
        valid_until=timezone.now() + VALID_FOR[purpose],
    )
    return token


def url_of(token: str, purpose: str) -> str:
    """The absolute URL, on this site's configured address."""
    return settings.SITE_URL + reverse(f"apply:{purpose}", args=[token])


def new_url(application: Application, purpose: str, reference: Reference | None = None) -> str:
    return url_of(make_link(application, purpose, reference), purpose)


def url_sent_again(application: Application, purpose: str) -> str:
    """The same for the same application, purpose and address, however often it is asked for. It may have been revoked.

    Nobody can make one up without the host secret, and none works unless there is a row with its hash.
    """
    key = envelope.derive(host_secret.current(), salt=b"", info=envelope.context("candidate link"))
    asked = envelope.context(application.pk, purpose, application.email)
    token = base64.urlsafe_b64encode(hmac.digest(key, asked, "sha256")).rstrip(b"=").decode()
    PrivateLink.objects.update_or_create(
        token_hash=hash_token(token),
        defaults={
            "application": application,
            "purpose": purpose,
            "valid_until": timezone.now() + VALID_FOR[purpose],
        },
    )
    return url_of(token, purpose)


def resolve(token: str, purpose: str) -> PrivateLink:
    """The link, with its application locked until the caller's transaction ends. Raises InvalidLink."""
    link = applications.valid_link(token, purpose, timezone.now())
    if link is None:
        raise InvalidLink
    link.application = transitions.lock(link.application_id)
    if not PrivateLink.objects.filter(pk=link.pk).exists():  # used while this press waited for the lock
        raise InvalidLink
    return link


def revoke(application: Application, *purposes: str) -> None:
    application.links.filter(purpose__in=purposes).delete()
