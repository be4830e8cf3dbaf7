"""Replacing the host secret: in the settings, and then in all that it signed and sealed."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from peersupport.core.errors import Refused
from peersupport.sealing import host_secret
from peersupport.settings import home as home_file
from peersupport.team.actions import keys
from requests_app.actions import plane_key, seal_again
from requests_app.actions.seal_again import Outcome

from . import settings_file
from .settings_file import FALLBACKS, HOST_SECRET

Say = Callable[[str], None]


def rotate(home: Path, *, leaked: bool, say: Say) -> bool:
    """All of it, for a home that nobody serves. Whether nothing is left. Raises Refused; then run it again.

    Killed at any point, the fallback is still there, and the next run goes on from there with the same new secret.
    """
    variables = settings_file.own_variables(home, HOST_SECRET, HOST_SECRET + FALLBACKS)
    if not variables.get(HOST_SECRET + FALLBACKS):
        settings_file.replace(home, HOST_SECRET)
    # Another process, because the settings of this one are the old ones.
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "rotate", "host-secret", "--settings-are-replaced"]
    done = subprocess.run(
        [*command, *(["--leaked"] if leaked else []), "--home", str(home)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    for line in done.stdout.splitlines():
        say(line)
    if done.returncode not in (0, 1):
        raise Refused(done.stderr.strip() or "host-secret: it was not finished. Run it again.")
    home_file.write(home, {HOST_SECRET + FALLBACKS: None})
    say("host-secret: replaced. The old one is gone from the settings.")
    return done.returncode == 0


def seal_and_sign_again(*, leaked: bool, say: Say) -> bool:
    """Under the host secret that is set now. Whether nothing is left; raises Refused where it has to be run again."""
    if not settings.HOST_SECRET_FALLBACKS:
        raise Refused(
            "PEERSUPPORT_HOST_SECRET_FALLBACKS is empty, so nothing could be opened. Put the old secret there."
        )
    host_secret.check()
    with transaction.atomic():  # who had checked before that has stored what they sealed, or will find out
        plane_key.lock_current_key(timezone.now())
    signed, left = (0, 0) if leaked else keys.sign_again()
    rows = seal_again.run()
    say(f"Signed {signed} member keys. Sealed {rows[Outcome.SEALED]} rows of open requests again.")
    if rows[Outcome.FAILED]:
        raise Refused(
            f"{rows[Outcome.FAILED]} rows could not be sealed; the log says why. Run this again with the fallback."
        )
    return not any(_say_what_is_left(left, rows[Outcome.UNKNOWN], leaked=leaked, say=say))


def _say_what_is_left(keys_left: int, rows_left: int, *, leaked: bool, say: Say) -> tuple[int, int, bool]:
    if leaked:
        say("No key is signed: coordinators compare the four words of each again.")
    if keys_left:
        say(f"{keys_left} member keys don't verify: coordinators compare their four words again.")
    if rows_left:
        say(f"{rows_left} rows open under no known secret, and stay as they are.")
    return keys_left, rows_left, leaked
