"""The real Celery application, whose beat looks each second at what has run, so that tests don't wait for minutes."""

from datetime import timedelta
from typing import Any

from celery.signals import beat_init

from peersupport.celery import app

app.conf.beat_max_loop_interval = 1


@beat_init.connect
def be_impatient(**_: Any) -> None:
    from operations import beat  # once Django is set up

    beat.LOOKS_EVERY = timedelta(seconds=1)
