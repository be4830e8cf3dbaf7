"""Mails with a personal link: written with what makes the link, sent when mail is up, then forgotten."""

import logging
from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.core.mail import EmailMessage
from django.utils import timezone

from peersupport.core import doorbell
from peersupport.notices.smtp_batch import leaving
from peersupport.sealing import envelope, keyring
from peersupport.sealing.envelope import CannotOpen

from .. import letters
from ..models import Invitation, Letter
from ..queries import members

logger = logging.getLogger(__name__)

STEP_BYTES = 4096  # so that its size tells little of what a letter says
LETTER_IS_CLAIMED = timedelta(minutes=10)


def write_letter(*, kind: letters.Kind, email: str, link: str) -> None:
    """One of the team's own letters, with a personal link."""
    post(kind=kind, email=email, mail=letters.with_link(kind=kind, link=link))


def post(*, kind: str, email: str, mail: letters.Mail) -> None:
    """A mail that leaves once the caller's transaction is committed."""
    post_all(kind=kind, mails=[(email, mail)])


def post_all(*, kind: str, mails: Iterable[tuple[str, letters.Mail]]) -> None:
    """Mails of one kind, each to its address."""
    key = _letter_key()
    Letter.objects.bulk_create(
        Letter(kind=kind, email=email, sealed=_sealed(key, kind, email, mail.to_bytes())) for email, mail in mails
    )
    doorbell.ring("peersupport.team.tasks.send_letters")


def _sealed(key: bytes, kind: str, email: str, data: bytes) -> bytes:
    size = -(-len(data) // STEP_BYTES) * STEP_BYTES
    return envelope.seal(key, data, size=size, context=envelope.context(kind, email))


def end_invitation(email: str) -> None:
    """The link works no longer; if it has not left yet, it never does."""
    Invitation.objects.filter(email=email).delete()
    Letter.objects.filter(kind=letters.Kind.INVITATION, email=email).delete()


def send_letters() -> int:
    """Send what waits, each once; what mail refuses now is tried again after a while. Answers how many left."""
    left = 0
    for letter in leaving(_mails()):
        letter.delete()
        left += 1
    return left


def _mails() -> Iterator[tuple[Letter, EmailMessage]]:
    for letter_id in members.letters_due(timezone.now()):
        letter = _claimed(letter_id)
        message = letter and _opened(letter)
        if letter and message:
            yield letter, message


def _claimed(letter_id: int) -> Letter | None:
    """Nothing where somebody else is sending it, or it was taken back a moment ago, with its invitation."""
    now = timezone.now()
    claimed = members.free_letters(now).filter(pk=letter_id).update(claimed_until=now + LETTER_IS_CLAIMED)
    return Letter.objects.filter(pk=letter_id).first() if claimed else None


def _opened(letter: Letter) -> EmailMessage | None:
    context = envelope.context(letter.kind, letter.email)
    try:
        mail = letters.Mail.from_bytes(envelope.open_sealed(_letter_key(), bytes(letter.sealed), context=context))
    except (CannotOpen, OSError, ValueError):
        logger.warning("a letter cannot be opened; it stays for a later round", exc_info=True)
        return None
    return letters.message(email=letter.email, mail=mail)


def _letter_key() -> bytes:
    return keyring.lasting("letters")
