"""Putting notices into the outbox, and sending them."""

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F

from . import message, queries
from .models import Notice
from .pauses import next_try

logger = logging.getLogger(__name__)


def notify(*, user_id: int, urgent: bool = False) -> None:
    """Tells one person that something waits, once the caller's transaction is committed."""
    notify_all(user_ids=[user_id], urgent=urgent)


def notify_all(*, user_ids: Iterable[int], urgent: bool = False) -> None:
    """Tells several people. However much waits for somebody, they are told once."""
    # In one order everywhere, so that two transactions never wait for each other's rows.
    notices = [Notice(recipient_id=user_id, is_urgent=urgent) for user_id in sorted(set(user_ids))]
    # A notice that is being sent at this very moment loses its claim and so is not deleted: it is sent once more,
    # because what it tells of may be newer than the mail.
    Notice.objects.bulk_create(
        notices,
        update_conflicts=True,
        unique_fields=["recipient", "is_urgent"],
        update_fields=["claim", "claimed_until"],
    )
    if urgent and notices:
        transaction.on_commit(_ring)


def _ring() -> None:
    """Wakes the sender now. Where that fails, its next round finds the notice in the table."""
    from .tasks import send_urgent  # only who rings loads the job machinery

    try:
        send_urgent.apply_async(retry=False)
    except Exception:  # whatever a broker does, it must not reach somebody who asks for help
        logger.warning("the doorbell is silent; the next round sends", exc_info=True)


def send(*, urgent: bool, now: datetime) -> int:
    """Sends what is due, and returns how many notices left. A notice that cannot leave stays for a later round."""
    return sum(_send_one(notice_id, now) for notice_id in queries.due(urgent=urgent, now=now))


def _send_one(notice_id: uuid.UUID, now: datetime) -> bool:
    claim = uuid.uuid4()
    if not _claim(notice_id, claim, now):
        return False
    notice = Notice.objects.select_related("recipient").filter(pk=notice_id, claim=claim).first()
    if notice is None:
        return False
    if notice.recipient.is_active:
        try:
            send_mail(message.SUBJECT, message.body(settings.SITE_URL), None, [notice.recipient.email])
        except (SMTPException, OSError, ValueError):
            logger.warning("a notice could not leave; it stays for a later round", exc_info=True)
            return False
    Notice.objects.filter(pk=notice_id, claim=claim).delete()
    return bool(notice.recipient.is_active)


def _claim(notice_id: uuid.UUID, claim: uuid.UUID, now: datetime) -> bool:
    """Whether this sender has it. Two senders cannot both: the condition and the claim are one statement.

    The claim lapses by itself, so that what a killed worker held is sent by the next.
    """
    due = queries.due_at(now).filter(pk=notice_id)
    tries = due.values_list("tries", flat=True).first()
    if tries is None:
        return False
    changed = due.filter(tries=tries).update(claim=claim, tries=F("tries") + 1, claimed_until=next_try(now, tries + 1))
    return bool(changed)
