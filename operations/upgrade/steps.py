"""From one version to the next: a copy of the database, the steps, the checks; and back to the copy if one fails."""

import logging
from collections.abc import Callable
from pathlib import Path

from django.core import checks
from django.db import connections

from peersupport.core import release
from peersupport.core.errors import Refused
from peersupport.sealing import host_secret, keyring

from .. import health, preparation
from ..processes import lock_home
from . import connected, installed, local_copy, schema, under_way

logger = logging.getLogger("peersupport.upgrade")
MIGRATIONS = "migrations"
# Without these no request can be sent. The worker is not running; what is wrong with a year or a shift was so before.
HAS_TO_BE_WELL = ("database", "keyring")
Say = Callable[[str], None]


class StepFailed(Exception):
    """One of the steps did not end well; its cause is in the log."""


class NotWell(Exception):
    """What the checks found, in codes."""


def upgrade(home: Path, say: Say) -> None:
    """Bring the home to this version. Raises Refused with what was in the way, and then the home is as it was."""
    with lock_home(home):
        local_copy.erase_leftovers(home)
        if local_copy.is_there(home):
            say("An upgrade began and did not end. Going back to the copy of the database from before it.")
            _go_back(home)
        schema.refuse_newer()
        schema.refuse_emptied()
        pending = schema.pending()
        if not pending and installed.is_current(home):
            under_way.end(home)
            say(f"Nothing to do: this home is at version {release.version()}.")
            return
        say(f"{installed.said_from(home)} to {release.version()}, with {schema.counted(pending)}.")
        for name in pending:
            say(f"  {name}")
        _refuse_bad_keyring()
        if pending:
            under_way.begin(home)
            say(f"Copied the database ({_copy(home):,} bytes).")
            _run_or_go_back(home, say)
            local_copy.erase(home)
            under_way.end(home)
            say(f"Done. This home is at version {release.version()}, and the copy is erased.")
        else:
            _run_beside_others(home, say)
            say(f"Done. This home is at version {release.version()}.")


def check_can_serve(home: Path) -> None:
    """Before web and worker start. Raises Refused where an upgrade did not end, or is due, or a newer program was here.

    What a copy of the database is too old to be kept for is erased.
    """
    local_copy.erase_leftovers(home)
    local_copy.erase_expired(home)
    local_copy.refuse_unfinished(home)
    under_way.refuse(home)
    schema.refuse_newer()
    schema.refuse_pending()


def _run_beside_others(home: Path, say: Say) -> None:
    """No table changes, so other hosts may serve, and nothing is gone back to: what they store would be lost."""
    try:
        _run_all(home, say)
    except StepFailed as failed:
        raise Refused(f"{failed}. No table was changed. Mend that, then run `upgrade` again.") from None


def _run_all(home: Path, say: Say) -> None:
    for name, step in (*preparation.STEPS.items(), ("checks", _check)):
        _run(name, step)
        say(f"  {name}: done")
    installed.record(home)


def _run_or_go_back(home: Path, say: Say) -> None:
    try:
        _run_all(home, say)
    except (Exception, KeyboardInterrupt) as stopped:
        why = str(stopped) if isinstance(stopped, StepFailed) else f"The upgrade was stopped ({type(stopped).__name__})"
        _go_back(home)
        raise Refused(
            f"{why}. The database is as it was before, with all that was in it; the "
            "copy is erased. Put the program of before back to go on serving."
        ) from None


def _run(name: str, step: Callable[[], object]) -> None:
    try:
        step()
    except (Exception, SystemExit) as error:
        logger.exception("upgrade: a step failed")
        at = f" at {schema.pending()[0]}" if name == MIGRATIONS and schema.pending() else ""
        code = str(error) if isinstance(error, NotWell) else type(error).__name__
        raise StepFailed(f"The step “{name}” failed{at} ({code})") from None


def _go_back(home: Path) -> None:
    """Raises Refused if even that fails: then the copy stays."""
    try:
        connected.refuse_others()  # what they have stored since would be lost
        local_copy.put_back(home)
    except Refused:
        raise
    except Exception as error:
        logger.exception("upgrade: going back failed")
        raise Refused(
            f"going back to the copy in {home / local_copy.FOLDER} failed ({type(error).__name__}). Nothing is lost: "
            "see that the database answers and the disk has room, then run `upgrade` again."
        ) from None
    local_copy.erase(home)
    under_way.end(home)


def _check() -> None:
    """Django's own checks, and what of the health needs no worker."""
    connections.close_all()
    found = checks.run_checks(databases=["default"])
    errors = [each.id for each in found if each.is_serious() and not each.is_silenced()]
    bad = {part: code for part, code in health.report().items() if part in HAS_TO_BE_WELL and code != health.OK}
    if errors or bad:
        raise NotWell(", ".join([*map(str, errors), *(f"{part} {code}" for part, code in bad.items())]))
    if schema.pending():
        raise NotWell("migrations are left")


def _copy(home: Path) -> int:
    """The size of the copy in bytes. Raises Refused, and then nothing was changed."""
    try:
        return local_copy.make(home)
    except Refused:
        local_copy.erase(home)
        under_way.end(home)
        raise
    except Exception as error:
        logger.exception("upgrade: the copy failed")
        local_copy.erase(home)
        under_way.end(home)
        raise Refused(f"the database could not be copied ({type(error).__name__}); nothing was changed.") from None


def _refuse_bad_keyring() -> None:
    """Before anything: a keyring whose volume isn't mounted would be made anew."""
    try:
        keyring.shred_ids()
        host_secret.check()
    except host_secret.AnotherHostSecret:
        raise Refused("this keyring was used with another PEERSUPPORT_HOST_SECRET; nothing was changed.") from None
    except (OSError, RuntimeError):
        raise Refused("the keyring can't be read (is its volume mounted?); nothing was changed.") from None
