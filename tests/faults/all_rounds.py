"""The real Celery application with all its rounds each second; each process says what ran in it, and how."""

import sys
from typing import Any

from celery.signals import task_failure, task_success

from peersupport.celery import app

app.conf.beat_schedule = {name: {**entry, "schedule": 1.0} for name, entry in app.conf.beat_schedule.items()}
app.conf.beat_max_loop_interval = 1


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


@task_success.connect
def note_success(sender: Any, **_: Any) -> None:
    say(f"ran {sender.name}")


@task_failure.connect
def note_failure(sender: Any, exception: BaseException, **_: Any) -> None:
    say(f"failed {sender.name}: {type(exception).__name__}")
