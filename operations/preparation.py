"""What an installation needs before it can be served, each step harmless where it was done before."""

import gc
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from peersupport.sealing import actions as sealing
from peersupport.sealing import host_secret, keyring
from stats import actions as stats

from . import housekeeping
from .upgrade import installed

STEPS: dict[str, Callable[[], object]] = {
    "keyring": keyring.prepare,
    "host secret": host_secret.check,
    "migrations": lambda: call_command("migrate", verbosity=0, interactive=False),
    "keyring noted": lambda: sealing.check_keyring(now=timezone.now()),
    "no samples": housekeeping.take_no_samples,
    "static files": lambda: call_command("collectstatic", verbosity=0, interactive=False),
    "current year": stats.open_current_year,
}


def prepare() -> None:
    """Make keyring, tables and static files, and open the current year. Raises what the steps raise."""
    gc.freeze()  # migrations make so much garbage that the collector would look through all that is loaded all the time
    for step in STEPS.values():
        step()
    if settings.HOME is not None:
        installed.record(settings.HOME)
