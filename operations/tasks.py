"""Tasks that belong to no other room."""

import logging

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from peersupport.celery import app
from peersupport.core.sqlite import reserve
from peersupport.program import actions as program_actions
from peersupport.program import queries as program
from peersupport.sealing import actions as sealing
from peersupport.sealing import host_secret
from peersupport.team.actions import factors

from . import actions, housekeeping
from .backup import put_aside
from .rotation import lasting
from .upgrade import local_copy

logger = logging.getLogger(__name__)


@app.task
def heartbeat() -> None:
    """A worker with another host secret or keyring does none of the rounds, so it isn't well either."""
    host_secret.check()
    sealing.check_keyring(now=timezone.now())
    program_actions.note_clock(now=timezone.now())
    actions.record_heartbeat(now=timezone.now())


@app.task
def destroy_condemned_keys() -> None:
    sealing.destroy_condemned()


@app.task
def destroy_orphaned_keys() -> None:
    if program.is_clock_steady(timezone.now()):
        sealing.destroy_orphans(now=timezone.now())


@app.task
def end_overlaps() -> None:
    if program.is_clock_steady(timezone.now()):
        lasting.end_overlaps(now=timezone.now())


@app.task
def forget_expired() -> None:
    call_command("clearsessions")
    factors.forget_used_codes(now=timezone.now())
    if settings.HOME is not None and program.is_clock_steady(timezone.now()):
        local_copy.erase_expired(settings.HOME)
        put_aside.erase_expired()


@app.task
def empty_write_ahead_log() -> None:
    """And keep some room for those who erase."""
    housekeeping.empty_write_ahead_log()
    reserve.keep()


@app.task
def rewrite_tables() -> None:
    """Nightly, after what is erased by the calendar."""
    held = housekeeping.rewrite_tables()
    if held:
        logger.warning("tables were in use and are rewritten the next night: %s", len(held))
