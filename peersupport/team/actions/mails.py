"""Mails: sealed and queued with the change they are about, sent when the mail server is up, then deleted."""

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from peersupport.audit import actions as audit
from peersupport.core import doorbell
from peersupport.core.claims import claim, unclaimed
from peersupport.core.mail import ProgramMail
from peersupport.notices.domain.delivery import Delivery
from peersupport.notices.smtp_batch import deliveries
from peersupport.sealing import actions as sealing
from peersupport.sealing import envelope, keyring
from peersupport.sealing.envelope import CannotOpen

from ..documents.mails import Mail, MailKind, email_message, mail_with_link
from ..models import Invitation, QueuedMail, User
from . import tries

logger = logging.getLogger(__name__)

PADDING_BYTES = 4096  # the size of a sealed mail must not reveal what it says
CLAIMED_FOR = timedelta(minutes=10)
PAUSE_OF_UNKNOWN = timedelta(hours=1)  # what the server has no such address for


def queue_link(*, kind: MailKind, email: str, link: str) -> None:
    """Queue one of the team's own mails, with a personal link."""
    queue_mail(kind=kind, email=email, mail=mail_with_link(kind=kind, link=link))


def queue_anybodys_link(*, kind: MailKind, email: str, link: str, is_counted: bool = True) -> None:
    """As queue_link, for a mail that anybody can cause: nothing if one of this kind went there a moment ago.

    The link has to be the one that is in that mail. is_counted: False for somebody on a device that is known.
    """
    with transaction.atomic():
        if not is_counted or tries.may_mail(kind=kind, email=email):
            queue_link(kind=kind, email=email, link=link)
            QueuedMail.objects.filter(pk=0).delete()  # as take_as_long


def take_as_long(*, kind: MailKind, email: str, link: str = "") -> None:
    """For an address that gets no mail: all that one costs, or the time would tell who is here.

    It is queued, and gone before anybody else sees the row.
    """
    with transaction.atomic():
        if tries.may_mail(kind=kind, email=email):
            mail = mail_with_link(kind=kind, link=link or settings.SITE_URL + "/" * 60)
            for queued in queue_mails(kind=kind, mails=[(email, mail)]):
                QueuedMail.objects.filter(pk=queued.pk).delete()


def queue_notice(*, kind: MailKind, email: str) -> None:
    """Queue one of the team's own mails that only tells something."""
    queue_link(kind=kind, email=email, link="")


def tell_owner(*, user_id: int, kind: MailKind, link: str = "", **details: object) -> None:
    """Tell the owner of an account what happened to it. A deactivated account is told nothing.

    details: what the text of this kind names besides; see `templates/team/mails/`.
    """
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is not None:
        queue_mail(kind=kind, email=user.email, mail=mail_with_link(kind=kind, link=link, **details))


def queue_mail(*, kind: str, email: str, mail: Mail) -> None:
    """Queue a mail that leaves once the caller's transaction commits."""
    queue_mails(kind=kind, mails=[(email, mail)])


def queue_mails(*, kind: str, mails: Iterable[tuple[str, Mail]]) -> list[QueuedMail]:
    """Queue mails of one kind, each to its address."""
    key = keyring.lasting("mails")
    queued = QueuedMail.objects.bulk_create(
        QueuedMail(kind=kind, email=email, sealed=_seal(key, kind, email, mail.to_bytes())) for email, mail in mails
    )
    _ring()
    return queued


def _ring() -> None:
    doorbell.ring("peersupport.team.tasks.send_mails")


def send_mails() -> int:
    """Send each queued mail once, and return how many were sent. What the server refuses is tried again later."""
    count = 0
    for queued, outcome in deliveries(_messages(), go_on=_ring):
        if outcome is Delivery.DELIVERED:
            _note_delivery(queued)
            count += 1
        elif outcome is Delivery.UNKNOWN:
            _note_unknown(queued)
    return count


@transaction.atomic
def _note_delivery(queued: QueuedMail) -> None:
    invitation = _locked_invitation_of(queued)
    queued.delete()
    if invitation is not None and invitation.undelivered_since is not None:
        invitation.undelivered_since = None
        invitation.save(update_fields=["undelivered_since"])


@transaction.atomic
def _note_unknown(queued: QueuedMail) -> None:
    """It is tried again all the same: a server may refuse everything for a while, and the mail must not be lost."""
    invitation = _locked_invitation_of(queued)
    QueuedMail.objects.filter(pk=queued.pk).update(claimed_until=timezone.now() + PAUSE_OF_UNKNOWN)
    if invitation is not None and invitation.undelivered_since is None:
        invitation.undelivered_since = timezone.localdate()
        invitation.save(update_fields=["undelivered_since"])
        audit.record(action="invitation_undelivered", by=None, about=f"invitation:{invitation.pk}")


def _locked_invitation_of(queued: QueuedMail) -> Invitation | None:
    """The invitation that a mail brings; None for a mail of another kind.

    Before the mail's own row, as whoever sends it again or cancels it does: else each could wait for the other.
    """
    if queued.kind != MailKind.INVITATION:
        return None
    return Invitation.objects.select_for_update().filter(email=queued.email).first()


def _messages() -> Iterator[tuple[QueuedMail, ProgramMail]]:
    for mail_id in list(_unsent().values_list("pk", flat=True)):
        queued = _claimed(mail_id)
        message = queued and _unseal(queued)
        if queued and message:
            yield queued, message


def _unsent() -> QuerySet[QueuedMail]:
    """Those never tried first, then whichever was tried longest ago: one that breaks the connection keeps none back."""
    return QueuedMail.objects.filter(unclaimed(timezone.now())).order_by(F("claimed_until").asc(nulls_first=True), "pk")


def _claimed(mail_id: int) -> QueuedMail | None:
    """None if another worker is sending it, or it was deleted a moment ago, with its invitation."""
    now, queued = timezone.now(), QueuedMail.objects.filter(pk=mail_id)
    return queued.first() if claim(queued, now=now, until=now + CLAIMED_FOR) else None


def _seal(key: bytes, kind: str, email: str, data: bytes) -> bytes:
    size = -(-len(data) // PADDING_BYTES) * PADDING_BYTES
    return envelope.seal(key, data, size=size, context=envelope.context(kind, email))


def seal_again() -> None:
    """After the secret was renewed: seal each queued mail under the new one."""
    sealing.seal_again(
        QueuedMail,
        "sealed",
        secret="mails",  # noqa: S106  # its name
        opened=_opened,
        sealed=lambda queued, data: _seal(keyring.lasting("mails"), queued.kind, queued.email, data),
    )


def _opened(queued: QueuedMail, secrets: Iterable[bytes]) -> bytes:
    context = envelope.context(queued.kind, queued.email)
    return envelope.open_under_any(secrets, bytes(queued.sealed), context=context)


def _unseal(queued: QueuedMail) -> ProgramMail | None:
    try:
        mail = Mail.from_bytes(_opened(queued, keyring.known("mails")))
    except (CannotOpen, OSError, ValueError):
        logger.warning("a mail cannot be opened; it stays for a later round", exc_info=True)
        return None
    return email_message(email=queued.email, mail=mail)
