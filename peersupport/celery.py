"""The Celery application. Only the worker (-A peersupport.celery) and the task modules import it.

The broker is only a doorbell: the work is recorded in tables, and the rounds below find it there.
"""

import logging
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from celery import Celery, Task
from celery.schedules import crontab
from celery.signals import worker_ready
from django.conf import settings
from django.utils.module_loading import import_string
from kombu.transport import TRANSPORT_ALIASES

from peersupport.core import plane

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peersupport.settings.demo")

TRANSPORT_ALIASES["filesystem"] = "peersupport.core.file_broker:Transport"
logger = logging.getLogger("peersupport.rounds")
BY_SCHEDULE = "by_schedule"  # a header of the message


class RecordedTask(Task):
    """Notes when the schedule last ran it. Not when it was woken: that could tell when an officer did something."""

    def before_start(self, task_id: str, args: Any, kwargs: Any) -> None:
        plane.enter(anonymous=not self._is_by_schedule())

    def on_success(self, retval: Any, task_id: str, args: Any, kwargs: Any) -> None:
        if not self._is_by_schedule():
            return
        try:
            # By its name: Django isn't set up when this module is imported.
            import_string("operations.actions.record_round")(task=self.name, now=datetime.now(UTC))
        except Exception:  # the round itself is done
            logger.warning("the run of a round could not be noted", exc_info=True)

    def _is_by_schedule(self) -> bool:
        return bool(self.request.get(BY_SCHEDULE) or (self.request.headers or {}).get(BY_SCHEDULE))


app = Celery("peersupport", task_cls=RecordedTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


class AtTheSameMinuteEverywhere(crontab):
    """In UTC: an hour that comes twice on the local clock gets its rounds twice. Its minutes are the local ones too."""

    tz = UTC  # type: ignore[assignment]  # the stubs expect a name


EACH_MINUTE = timedelta(minutes=1)
EACH_HALF_HOUR = AtTheSameMinuteEverywhere(minute="0,30")

ROUNDS = {
    "operations.tasks.heartbeat": EACH_MINUTE,
    "peersupport.notices.tasks.send_urgent": EACH_MINUTE,
    "peersupport.notices.tasks.send_waiting": EACH_HALF_HOUR,
    "peersupport.team.tasks.send_mails": EACH_MINUTE,
    "operations.tasks.destroy_condemned_keys": EACH_MINUTE,
    "operations.tasks.destroy_orphaned_keys": EACH_HALF_HOUR,
    "operations.tasks.forget_expired": EACH_HALF_HOUR,
    "operations.tasks.empty_write_ahead_log": EACH_MINUTE,
    "operations.tasks.end_overlaps": EACH_HALF_HOUR,
    "peersupport.audit.tasks.link_new": EACH_MINUTE,
    "requests_app.tasks.sweep": EACH_MINUTE,
    "requests_app.tasks.renew_plane_key": crontab(day_of_week="sun", hour="3", minute="0"),
    "dashboard.tasks.notify_of_gaps": crontab(hour="7", minute="30"),
    "training.tasks.work_on_imports": EACH_MINUTE,
    "peersupport.team.tasks.forget_times": EACH_HALF_HOUR,
    "peersupport.team.tasks.end_day": crontab(hour="0", minute="0"),
    "peersupport.team.tasks.settle_lifts": EACH_HALF_HOUR,
    "peersupport.team.tasks.daily": crontab(hour="7", minute="5"),
    "peersupport.incidents.tasks.remind": crontab(hour="7", minute="5"),
    "training.tasks.daily": crontab(hour="7", minute="15"),
    "applications.tasks.mail_references": crontab(hour="7", minute="30"),
    "applications.tasks.purge": crontab(hour="3", minute="40"),
    "operations.tasks.rewrite_tables": crontab(hour="4", minute="10"),  # after the night's erasing
    "stats.tasks.reseal_years": crontab(hour="3", minute="20"),
    "stats.tasks.close_due_years": crontab(hour="2", minute="0"),
    "stats.tasks.ensure_year_open": crontab(hour="0", minute="0"),
}
# A round that hasn't started by then expires: the next one finds the same work, or beat sends it again
# (operations/beat.py). Those of each minute have longer than a minute, or a worker whose clock is ahead ran none.
EXPIRES_AFTER, EACH_MINUTE_EXPIRES_AFTER = 10 * 60, 3 * 60
app.conf.beat_schedule = {
    task: {
        "task": task,
        "schedule": when,
        "options": {
            "headers": {BY_SCHEDULE: True},
            "expires": EACH_MINUTE_EXPIRES_AFTER if when is EACH_MINUTE else EXPIRES_AFTER,
        },
    }
    for task, when in ROUNDS.items()
}


@worker_ready.connect
def catch_up(**_: object) -> None:
    """Start with what piled up while no worker ran, rather than wait for the first round; and tell `serve`."""
    home = getattr(settings, "HOME", None)
    if home:
        with suppress(OSError):  # nobody serves this home
            (home / "run" / "worker-ready").touch()
    for task, when in ROUNDS.items():
        if when is EACH_MINUTE:
            app.send_task(task, expires=EACH_MINUTE_EXPIRES_AFTER)
