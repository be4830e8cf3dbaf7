"""The outbox: write notices into it, and send those that are due."""

import logging
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import connection, transaction

from peersupport.core import doorbell
from peersupport.core.backoff import next_try
from peersupport.core.mail import ProgramMail

from .. import alert_services, queries, quiet_times
from ..domain.channels import Channel
from ..domain.delivery import NOT_DELIVERED, Delivery
from ..models import Notice, QuietTime
from ..presenters import notice_text
from ..smtp_batch import deliveries

logger = logging.getLogger(__name__)

ALERTS_AT_ONCE = 16
ROWS_AT_ONCE = 2000  # PostgreSQL takes 65,535 values in one statement
Clock = Callable[[], datetime]


def notify(*, user_id: int, urgent: bool = False) -> None:
    """Notify one person that something waits, once the caller's transaction commits."""
    notify_all(user_ids=[user_id], urgent=urgent)


def notify_all(*, user_ids: Iterable[int], urgent: bool = False) -> None:
    """Notify several people, by e-mail and, where they have set one, by phone alert.

    However much waits for somebody, they get one notice for each urgency and channel, and no urgent one before the
    quiet time after the last is over.
    """
    recipients = sorted(set(user_ids))
    reached_by = {Channel.PHONE: queries.with_phone_alert(recipients), Channel.MAIL: recipients}
    # In one order everywhere, so that two transactions never deadlock over each other's rows.
    notices = [
        Notice(recipient_id=user_id, is_urgent=urgent, channel=channel)
        for user_id in recipients
        for channel, reached in reached_by.items()
        if user_id in reached
    ]
    # A notice that is being sent right now loses its claim and so isn't deleted. It is sent once more, because
    # this event may be newer than what the person saw when they came for the first. When it was tried last stays:
    # an event alone is no reason to call a service again that has just failed.
    with transaction.atomic(savepoint=False):
        for start in range(0, len(notices), ROWS_AT_ONCE):
            _put(notices[start : start + ROWS_AT_ONCE])
    if urgent and notices:
        _ring(urgent)


def _ring(urgent: bool) -> None:
    if urgent:
        doorbell.ring("peersupport.notices.tasks.send_urgent")
    else:
        doorbell.ring("peersupport.notices.tasks.send_waiting")


def _put(notices: Sequence[Notice]) -> None:
    """In words of SQL: each sending does, while others wait for its transaction, and Django takes ten times longer."""
    table, columns = Notice._meta.db_table, Notice._meta.concrete_fields
    names, places = ", ".join(str(field.column) for field in columns), ", ".join(["%s"] * len(columns))
    values = [
        field.get_db_prep_save(getattr(notice, field.attname), connection) for notice in notices for field in columns
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) VALUES {', '.join([f'({places})'] * len(notices))} "  # noqa: S608  # nosec B608
            "ON CONFLICT (recipient_id, is_urgent, channel) DO UPDATE SET claim = EXCLUDED.claim",
            values,
        )


def send(*, urgent: bool, now: datetime) -> int:
    """Send what is due and return how many notices were delivered. The others stay for a later round.

    now: when the round begins. It can take minutes, so each notice is sent by a clock that goes on from there.
    """
    if urgent:
        QuietTime.objects.filter(quiet_times.over(now)).delete()
    clock = _clock_from(now)
    # Phone alerts first: they take seconds, and mail can take its time.
    return _send_phone_alerts(urgent, clock) + _send_mails(urgent, clock)


def _clock_from(now: datetime) -> Clock:
    began = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - began)


def _send_phone_alerts(urgent: bool, clock: Clock) -> int:
    due, delivered = queries.due(channel=Channel.PHONE, urgent=urgent, now=clock()), 0
    for start in range(0, len(due), ALERTS_AT_ONCE):
        batch, began = due[start : start + ALERTS_AT_ONCE], clock()
        notices = [notice for notice_id in batch if (notice := _claim(notice_id, began))]
        alerts = {notice: alert for notice in notices if (alert := queries.phone_alert_of(notice.recipient_id))}
        outcomes = dict(zip(alerts, alert_services.send_all(list(alerts.values())), strict=True))
        ended = clock()
        for notice in notices:
            outcome = outcomes.get(notice, Delivery.DELIVERED)
            _record(notice, outcome, began=began, ended=ended)
            if outcome is not Delivery.DELIVERED:
                logger.warning("a phone alert could not be sent; it stays for a later round")
        delivered += list(outcomes.values()).count(Delivery.DELIVERED)
    return delivered


def _send_mails(urgent: bool, clock: Clock) -> int:
    delivered = 0
    for (notice, began), outcome in deliveries(_mails(urgent, clock), go_on=partial(_ring, urgent)):
        _record(notice, outcome, began=began, ended=clock())
        delivered += outcome is Delivery.DELIVERED
    return delivered


def _mails(urgent: bool, clock: Clock) -> Iterator[tuple[tuple[Notice, datetime], ProgramMail]]:
    """Each notice, and when it was claimed, with its mail.

    It is claimed only in its turn, so that what a dead server leaves over is free for the next round.
    """
    for notice_id in queries.due(channel=Channel.MAIL, urgent=urgent, now=clock()):
        began = clock()
        if notice := _claim(notice_id, began):
            body = notice_text.body(settings.SITE_URL)
            yield (notice, began), ProgramMail(subject=notice_text.subject(), text=body, to=notice.recipient.email)


def _claim(notice_id: uuid.UUID, now: datetime) -> Notice | None:
    """Claim the notice until its next try, and begin the quiet time after it.

    None if another sender has it, or has alerted the same person a moment ago. One for an inactive account is deleted.
    """
    rows = Notice.objects.filter(pk=notice_id)
    may_be_tried = queries.may_be_tried(now)
    tries = rows.filter(may_be_tried).values_list("tries", flat=True).first()
    if tries is None:
        return None
    claim_id, until = uuid.uuid4(), next_try(now, tries + 1)
    with transaction.atomic():
        # One conditional update, so that of two senders one gets it: `tries` decides how long the claim lasts.
        free = rows.filter(may_be_tried, tries=tries)
        if not free.update(claim=claim_id, claimed_until=until, tries=tries + 1):
            return None
        notice = rows.select_related("recipient").filter(claim=claim_id).first()
        if notice is not None and notice.recipient.is_active and not _begin_quiet_time(notice, now):
            transaction.set_rollback(True)
            return None
    if notice is not None and not notice.recipient.is_active:
        _delete(notice)
        return None
    return notice


def _record(notice: Notice, outcome: Delivery, *, began: datetime, ended: datetime) -> None:
    """What became of a notice that was claimed when its sending began."""
    if outcome in NOT_DELIVERED:
        _end_quiet_time(notice, began)
    else:
        _move_quiet_time(notice, began, ended)
    if outcome is Delivery.DELIVERED and not _delete(notice):
        # A newer event came while it was being sent. Nobody was notified of that one yet.
        Notice.objects.filter(pk=notice.pk, claim=None).update(claimed_until=None, tries=0)


def _begin_quiet_time(notice: Notice, now: datetime) -> bool:
    """False if the last one isn't over yet: then the notice stays as it is and leaves when it ends.

    It begins before the notice leaves, so that a sender that is killed then leaves it too.
    """
    if notice.is_urgent and quiet_times.quiet(Channel(notice.channel), [notice.recipient_id], now):
        return False
    _write_quiet_time(notice, now)
    return True


def _move_quiet_time(notice: Notice, began: datetime, ended: datetime) -> None:
    """Somebody may have been alerted only at the end of a sending that took long: it counts from there."""
    if quiet_times.end_of_quiet_time(began) != quiet_times.end_of_quiet_time(ended):
        _write_quiet_time(notice, ended)
        _end_quiet_time(notice, began)


def _write_quiet_time(notice: Notice, began: datetime) -> None:
    until = quiet_times.end_of_quiet_time(began) if notice.is_urgent else None
    if until is not None:
        mark = quiet_times.mark_of(Channel(notice.channel), notice.recipient_id, until)
        QuietTime.objects.get_or_create(pk=mark, defaults={"until": until})


def _end_quiet_time(notice: Notice, began: datetime) -> None:
    until = quiet_times.end_of_quiet_time(began) if notice.is_urgent else None
    if until is not None:
        mark = quiet_times.mark_of(Channel(notice.channel), notice.recipient_id, until)
        QuietTime.objects.filter(pk=mark).delete()


def _delete(notice: Notice) -> bool:
    """Delete a delivered notice; False if a newer event took its claim."""
    deleted, _ = Notice.objects.filter(pk=notice.pk, claim=notice.claim).delete()
    return bool(deleted)
