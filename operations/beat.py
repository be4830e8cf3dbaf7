"""The schedule of beat, kept in no file: it goes on from the last runs in the database, by the clock as it is."""

import logging
import time
from datetime import UTC, timedelta
from typing import Any

from celery import beat
from django.db import connection

from . import queries

logger = logging.getLogger("peersupport.rounds")
LOOKS_EVERY = timedelta(minutes=10)
# By so much the clocks of two hosts may differ; and runs are noted to the minute.
SKEW = timedelta(minutes=3)


class Scheduler(beat.Scheduler):
    """What was sent and never ran is sent again: the broker lost it, no worker was there, or it failed.

    Celery's own keeps in a file what it has sent. A last run of the future, noted while the clock was ahead, silences a
    round until then, over restarts; and it never learns what became of a message.
    """

    _looked_at = 0.0  # by the monotonic clock

    def setup_schedule(self) -> None:
        super().setup_schedule()
        self._go_on_from_last_runs(sent_before=timedelta())

    def tick(self, *args: Any, **kwargs: Any) -> float:
        self._follow_a_clock_that_was_set_back()
        if time.monotonic() - self._looked_at >= LOOKS_EVERY.total_seconds():
            self._go_on_from_last_runs(sent_before=LOOKS_EVERY)
        return float(super().tick(*args, **kwargs))

    @property
    def _entries(self) -> list[Any]:
        return list(self.schedule.values())

    def _follow_a_clock_that_was_set_back(self) -> None:
        for entry in self._entries:
            # As moments: two times of one zone are compared as its clock shows them, and that is set back each fall.
            if entry.last_run_at.timestamp() > entry.default_now().timestamp():
                entry.last_run_at = entry.default_now()
                self._heap = None  # and it is made anew: its times are those of the clock of before

    def _go_on_from_last_runs(self, *, sent_before: timedelta) -> None:
        """sent_before: what was sent later may still be waiting or running. A round that never ran is left as it is."""
        self._looked_at = time.monotonic()
        try:
            last_runs = queries.last_runs()
        except Exception:
            logger.warning("the last runs can't be read; the schedule goes on without them", exc_info=True)
            return
        finally:
            connection.close()
        for entry in self._entries:
            now, ran_at = entry.default_now(), last_runs.get(entry.task)
            sent_at = entry.last_run_at.astimezone(UTC)
            is_run = ran_at is not None and sent_before and ran_at >= sent_at - SKEW
            if ran_at and not is_run and now.astimezone(UTC) - sent_at >= sent_before:
                entry.last_run_at = min(ran_at + SKEW, now.astimezone(UTC)).astimezone(now.tzinfo)
                self._heap = None
