"""The outbox: write notices into it, and send those that are due."""

import logging
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction

from peersupport.core import doorbell
from peersupport.core.backoff import next_try
from peersupport.core.claims import claim, unclaimed
from peersupport.core.mail import ProgramMail

from .. import alert_services, queries, quiet_times
from ..domain.channels import Channel
from ..models import Notice, QuietTime
from ..presenters import notice_text
from ..smtp_batch import send_batch

logger = logging.getLogger(__name__)

ALERTS_AT_ONCE = 16


def notify(*, user_id: int, urgent: bool = False) -> None:
    """Notify one person that something waits, once the caller's transaction commits."""
    notify_all(user_ids=[user_id], urgent=urgent)


def notify_all(*, user_ids: Iterable[int], urgent: bool = False) -> None:
    """Notify several people, by e-mail and, where it reaches them, by phone alert.

    However much waits for somebody, they get one notice for each urgency and channel, and no urgent one before the
    quiet time after the last is over.
    """
    recipients = sorted(set(user_ids))
    reached_by = {Channel.PHONE: queries.reachable_by_phone(recipients), Channel.MAIL: recipients}
    # In one order everywhere, so that two transactions never deadlock over each other's rows.
    notices = [
        Notice(recipient_id=user_id, is_urgent=urgent, channel=channel)
        for user_id in recipients
        for channel, reached in reached_by.items()
        if user_id in reached
    ]
    # A notice that is being sent right now loses its claim and so isn't deleted. It is sent once more, because
    # this event may be newer than what the person saw when they came for the first.
    Notice.objects.bulk_create(
        notices,
        update_conflicts=True,
        unique_fields=["recipient", "is_urgent", "channel"],
        update_fields=["claim", "claimed_until"],
    )
    if urgent and notices:
        doorbell.ring("peersupport.notices.tasks.send_urgent")


def send(*, urgent: bool, now: datetime) -> int:
    """Send what is due and return how many notices were delivered. The others stay for a later round."""
    if urgent:
        QuietTime.objects.filter(quiet_times.over(now)).delete()
    # Phone alerts first: they take seconds, and mail can take its time.
    return _send_phone_alerts(urgent, now) + _send_mails(urgent, now)


def _send_phone_alerts(urgent: bool, now: datetime) -> int:
    due, delivered = queries.due(channel=Channel.PHONE, urgent=urgent, now=now), 0
    for start in range(0, len(due), ALERTS_AT_ONCE):
        batch = due[start : start + ALERTS_AT_ONCE]
        notices = [notice for notice_id in batch if (notice := _claim(notice_id, now))]
        alerts = {notice: alert for notice in notices if (alert := queries.phone_alert_of(notice.recipient_id))}
        accepted = dict(zip(alerts, alert_services.send_all(list(alerts.values())), strict=True))
        for notice in notices:
            if accepted.get(notice, True):
                _delete(notice)
            else:
                _end_quiet_time(notice, now)
                logger.warning("a phone alert could not be sent; it stays for a later round")
        delivered += sum(accepted.values())
    return delivered


def _send_mails(urgent: bool, now: datetime) -> int:
    claimed, delivered = list[Notice](), list[Notice]()
    for notice in send_batch(_mails(urgent, now, claimed)):
        _delete(notice)
        delivered.append(notice)
    for notice in set(claimed) - set(delivered):
        _end_quiet_time(notice, now)
    return len(delivered)


def _mails(urgent: bool, now: datetime, claimed: list[Notice]) -> Iterator[tuple[Notice, ProgramMail]]:
    """Claims each notice only in its turn, so that what a dead server leaves over is free for the next round.

    claimed: takes in those that were handed on.
    """
    for notice_id in queries.due(channel=Channel.MAIL, urgent=urgent, now=now):
        if notice := _claim(notice_id, now):
            claimed.append(notice)
            body = notice_text.body(settings.SITE_URL)
            yield notice, ProgramMail(subject=notice_text.subject(), text=body, to=notice.recipient.email)


def _claim(notice_id: uuid.UUID, now: datetime) -> Notice | None:
    """Claim the notice until its next try, and begin the quiet time after it.

    None if another sender has it, or has alerted the same person a moment ago. One for an inactive account is deleted.
    """
    rows = Notice.objects.filter(pk=notice_id)
    tries = rows.filter(unclaimed(now)).values_list("tries", flat=True).first()
    if tries is None:
        return None
    claim_id, until = uuid.uuid4(), next_try(now, tries + 1)
    with transaction.atomic():
        # Only if nobody tried in between: `tries` decides how long the claim lasts.
        if not claim(rows.filter(tries=tries), now=now, until=until, claim=claim_id, tries=tries + 1):
            return None
        notice = rows.select_related("recipient").filter(claim=claim_id).first()
        if notice is not None and notice.recipient.is_active and not _begin_quiet_time(notice, now):
            transaction.set_rollback(True)
            return None
    if notice is not None and not notice.recipient.is_active:
        _delete(notice)
        return None
    return notice


def _begin_quiet_time(notice: Notice, now: datetime) -> bool:
    """False if the last one isn't over yet: then the notice stays as it is and leaves when it ends.

    It begins before the notice leaves. A newer event frees a notice that is being sent, and another sender may claim
    it then; it finds the quiet time.
    """
    channel = Channel(notice.channel)
    until = quiet_times.end_of_quiet_time(now) if notice.is_urgent else None
    if until is None:
        return True
    if quiet_times.quiet(channel, [notice.recipient_id], now):
        return False
    mark = quiet_times.mark_of(channel, notice.recipient_id, until)
    QuietTime.objects.get_or_create(pk=mark, defaults={"until": until})
    return True


def _end_quiet_time(notice: Notice, now: datetime) -> None:
    """The notice, claimed at this moment, did not get through, so a newer event may alert them at once."""
    until = quiet_times.end_of_quiet_time(now) if notice.is_urgent else None
    if until is not None:
        mark = quiet_times.mark_of(Channel(notice.channel), notice.recipient_id, until)
        QuietTime.objects.filter(pk=mark).delete()


def _delete(notice: Notice) -> None:
    """Delete a delivered notice, unless a newer event reset its claim."""
    Notice.objects.filter(pk=notice.pk, claim=notice.claim).delete()
