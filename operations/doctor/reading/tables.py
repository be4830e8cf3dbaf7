"""What the database tells: keys, rounds, queues, migrations, clock, audit."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max
from django.utils import timezone

from operations import queries
from operations.backup import record
from operations.upgrade import table_owner
from peersupport.audit import queries as audit
from peersupport.notices.models import Notice
from peersupport.program import queries as program
from peersupport.program.domain.clock import WAITS
from peersupport.sealing import queries as sealing
from peersupport.settings import home
from peersupport.team.models import QueuedMail

from ..domain.keys import Keys
from ..domain.times import Backup, Queue, longest_gap


def keys(now: datetime) -> Keys:
    return Keys(len(sealing.keys_without_row(now=now)), sealing.rows_without_key())


def gaps() -> dict[str, timedelta]:
    """The longest time between two runs of each round."""
    from peersupport.celery import EACH_MINUTE, ROUNDS  # slow to load

    return {
        task: EACH_MINUTE
        if when is EACH_MINUTE
        else longest_gap(len(when.day_of_week), len(when.hour), len(when.minute))  # type: ignore[attr-defined]
        for task, when in ROUNDS.items()
    }


def runs() -> dict[str, datetime]:
    return {task: timezone.localtime(ran_at) for task, ran_at in queries.last_runs().items()}


def noted_since() -> datetime:
    """When the tables were last changed: a round that never ran may have come with that version."""
    changed = MigrationRecorder.Migration.objects.aggregate(at=Max("applied"))["at"]
    return changed or timezone.now()


def notices() -> Queue:
    most = Notice.objects.aggregate(most=Max("tries"))["most"]
    return Queue(Notice.objects.count(), most or 0)


def mails() -> Queue:
    """A mail has no number of tries, only that it was tried."""
    was_tried = QueuedMail.objects.filter(claimed_until__isnull=False, claimed_until__lt=timezone.now()).exists()
    return Queue(QueuedMail.objects.count(), int(was_tried))


def database_ahead() -> timedelta:
    """How far the database server's clock is ahead of ours."""
    if connection.vendor != "postgresql":
        return timedelta()
    before = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (theirs,) = cursor.fetchone()
    return theirs - before - (datetime.now(UTC) - before) / 2


def clock_waits_until(now: datetime) -> datetime | None:
    """Until when nothing goes by the clock, because it has jumped; None where it hasn't."""
    seen = program.clock_seen()
    if seen is None or seen.is_steady(now):
        return None
    return timezone.localtime(seen.at(now).steady_since + WAITS)


def backup() -> Backup:
    has_key = bool(home.environment().get("PEERSUPPORT_BACKUP_KEY"))
    last = record.last(Path(settings.KEYRING), *([settings.HOME] if settings.HOME else []))
    if last is None:
        return Backup(has_key)
    made_at = timezone.localtime(last.at if last.at.tzinfo else last.at.replace(tzinfo=UTC))
    files = (str(last.file), f"{last.file}.lasting")
    return Backup(has_key, made_at, tuple(each for each in files if Path(each).exists()))


def program_may_change() -> bool | None:
    """Whether the program's role could change tables; None where the database has no roles."""
    return table_owner.program_may_change() if connection.vendor == "postgresql" else None


def audit_chain() -> tuple[bool, int, str]:
    """Whether the chain of the audit holds, how many entries it links, and its head."""
    head = audit.head()
    return not audit.verify(), head.count, head.value[:16]
