"""Putting notices into the outbox, and sending them."""

import logging
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F

from peersupport.core import doorbell
from peersupport.core.backoff import next_try

from .. import phone_alerts, queries
from ..domain.channels import Channel
from ..models import Notice
from ..presenters import notice as notice_presenters
from ..smtp_batch import leaving

logger = logging.getLogger(__name__)

RUNG_AT_ONCE = 16


def notify(*, user_id: int, urgent: bool = False) -> None:
    """Tells one person that something waits, once the caller's transaction is committed."""
    notify_all(user_ids=[user_id], urgent=urgent)


def notify_all(*, user_ids: Iterable[int], urgent: bool = False) -> None:
    """Tells several people, by mail and by ringing where they can be rung. However much waits, they are told once."""
    people = sorted(set(user_ids))
    ways = {Channel.BELL: queries.with_bell(people), Channel.MAIL: people}
    # In one order everywhere, so that two transactions never wait for each other's rows.
    notices = [
        Notice(recipient_id=user_id, is_urgent=urgent, channel=channel)
        for user_id in people
        for channel, reached in ways.items()
        if user_id in reached
    ]
    # A notice that is being sent at this very moment loses its claim and so is not deleted: it is sent once more,
    # because what it tells of may be newer than what was said.
    Notice.objects.bulk_create(
        notices,
        update_conflicts=True,
        unique_fields=["recipient", "is_urgent", "channel"],
        update_fields=["claim", "claimed_until"],
    )
    if urgent and notices:
        doorbell.ring("peersupport.notices.tasks.send_urgent")


def send(*, urgent: bool, now: datetime) -> int:
    """Sends what is due, and returns how many notices left. A notice that cannot leave stays for a later round."""
    # What rings goes first: it is over in seconds, and mail can take its time.
    return _ring_all(urgent, now) + _mail_all(urgent, now)


def _ring_all(urgent: bool, now: datetime) -> int:
    due, left = queries.due(channel=Channel.BELL, urgent=urgent, now=now), 0
    for start in range(0, len(due), RUNG_AT_ONCE):
        held = [notice for notice_id in due[start : start + RUNG_AT_ONCE] if (notice := _hold(notice_id, now))]
        rung = {notice: bell for notice in held if (bell := queries.bell_of(notice.recipient_id))}
        heard = dict(zip(rung, phone_alerts.ring_together(list(rung.values())), strict=True))
        for notice in held:
            if heard.get(notice, True):
                _forget(notice)
            else:
                logger.warning("a bell could not be rung; it stays for a later round")
        left += sum(heard.values())
    return left


def _mail_all(urgent: bool, now: datetime) -> int:
    left = 0
    for notice in leaving(_mails(urgent, now)):
        _forget(notice)
        left += 1
    return left


def _mails(urgent: bool, now: datetime) -> Iterator[tuple[Notice, EmailMessage]]:
    """Each is held only when it is its turn, so that what a dead server leaves over is free for the next round."""
    for notice_id in queries.due(channel=Channel.MAIL, urgent=urgent, now=now):
        if notice := _hold(notice_id, now):
            text = notice_presenters.body(settings.SITE_URL)
            yield notice, EmailMessage(notice_presenters.SUBJECT, text, None, [notice.recipient.email])


def _hold(notice_id: uuid.UUID, now: datetime) -> Notice | None:
    """The notice, if this sender has it now. What is for somebody who no longer serves is forgotten at once."""
    claim = uuid.uuid4()
    if not _claim(notice_id, claim, now):
        return None
    notice = Notice.objects.select_related("recipient").filter(pk=notice_id, claim=claim).first()
    if notice is not None and not notice.recipient.is_active:
        _forget(notice)
        return None
    return notice


def _forget(notice: Notice) -> None:
    """Told. Unless something new happened meanwhile and took the claim away."""
    Notice.objects.filter(pk=notice.pk, claim=notice.claim).delete()


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
