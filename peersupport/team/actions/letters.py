"""Letters on their way: sealed and queued with the change they are about, sent when mail is up, then deleted."""

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.core.mail import EmailMessage
from django.utils import timezone

from peersupport.core import doorbell
from peersupport.core.claims import claim, unclaimed
from peersupport.notices.smtp_batch import send_batch
from peersupport.sealing import envelope, keyring
from peersupport.sealing.envelope import CannotOpen

from ..documents.letters import LetterKind, Mail, email_message, mail_with_link
from ..models import Letter

logger = logging.getLogger(__name__)

PADDING_BYTES = 4096  # the size of a sealed letter must not reveal what it says
CLAIMED_FOR = timedelta(minutes=10)


def queue_link(*, kind: LetterKind, email: str, link: str) -> None:
    """Queue one of the team's own letters, with a personal link."""
    queue_mail(kind=kind, email=email, mail=mail_with_link(kind=kind, link=link))


def queue_mail(*, kind: str, email: str, mail: Mail) -> None:
    """Queue a mail that leaves once the caller's transaction commits."""
    queue_mails(kind=kind, mails=[(email, mail)])


def queue_mails(*, kind: str, mails: Iterable[tuple[str, Mail]]) -> None:
    """Queue mails of one kind, each to its address."""
    key = _letter_key()
    Letter.objects.bulk_create(
        Letter(kind=kind, email=email, sealed=_seal(key, kind, email, mail.to_bytes())) for email, mail in mails
    )
    doorbell.ring("peersupport.team.tasks.send_letters")


def send_letters() -> int:
    """Send each queued letter once, and return how many were sent. What mail refuses now is tried again later."""
    count = 0
    for letter in send_batch(_mails()):
        letter.delete()
        count += 1
    return count


def _mails() -> Iterator[tuple[Letter, EmailMessage]]:
    unsent = Letter.objects.filter(unclaimed(timezone.now())).order_by("pk")
    for letter_id in list(unsent.values_list("pk", flat=True)):
        letter = _claimed(letter_id)
        message = letter and _unseal(letter)
        if letter and message:
            yield letter, message


def _claimed(letter_id: int) -> Letter | None:
    """None if another worker is sending it, or it was deleted a moment ago, with its invitation."""
    now, letter = timezone.now(), Letter.objects.filter(pk=letter_id)
    return letter.first() if claim(letter, now=now, until=now + CLAIMED_FOR) else None


def _seal(key: bytes, kind: str, email: str, data: bytes) -> bytes:
    size = -(-len(data) // PADDING_BYTES) * PADDING_BYTES
    return envelope.seal(key, data, size=size, context=envelope.context(kind, email))


def _unseal(letter: Letter) -> EmailMessage | None:
    context = envelope.context(letter.kind, letter.email)
    try:
        mail = Mail.from_bytes(envelope.open_sealed(_letter_key(), bytes(letter.sealed), context=context))
    except (CannotOpen, OSError, ValueError):
        logger.warning("a letter cannot be opened; it stays for a later round", exc_info=True)
        return None
    return email_message(email=letter.email, mail=mail)


def _letter_key() -> bytes:
    return keyring.lasting("letters")
