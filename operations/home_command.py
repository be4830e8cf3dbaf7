"""What the commands about one installation have in common: a home, and their exit statuses."""

import contextlib
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import Error, OperationalError

from peersupport.core import full_disk
from peersupport.core.errors import Refused
from peersupport.sealing import installation, keyring
from peersupport.settings import home as home_settings

from .backup import put_aside
from .exit_status import COULD_NOT_RUN, FOUND_SOMETHING
from .upgrade import local_copy, schema

DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT")
NO_TABLE = ("SQLITE_ERROR", "42P01")
ANOTHERS = "this keyring is another installation's. Nothing was touched. Mount this one's own (see docs/settings.md)."


class HomeCommand(BaseCommand):
    """Exits 0 if all is well, 1 if `run` found something, and 2, with one line, if it could not run.

    is_heard: whether somebody still reads what it says.
    """

    is_heard = True

    requires_system_checks: list[str] = []  # they are `doctor`'s
    takes_newer_database = False  # whether it also runs where a newer program has changed the tables, or nothing is yet
    runs_amid_upgrade = False  # whether it also runs where an upgrade began and did not end
    takes_another_keyring = False  # whether it also runs where the keyring is another installation's
    needs_home = True
    erases_what_is_over = True  # copies of the database that are too old to be kept

    def run(self, home: Path, **options: Any) -> bool:
        """Do it. Returns whether all is well; raises Refused with what is in the way and what to do.

        home: means nothing to a command that needs none, where all is set by the environment.
        """
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if settings.HOME is None and self.needs_home:
                raise Refused(home_settings.WHICH)
            if settings.HOME is not None and self.erases_what_is_over:
                with contextlib.suppress(OSError):  # another user's, such as a doctor's that only looks
                    local_copy.erase_expired(settings.HOME)
                    put_aside.erase_expired()
            if settings.HOME is not None and not self.runs_amid_upgrade:
                local_copy.refuse_unfinished(settings.HOME)
            if not self.takes_newer_database:
                schema.refuse_newer()
                schema.refuse_emptied()
            if not self.takes_another_keyring:
                _refuse_another_keyring()
            is_well = self.run(settings.HOME or Path(), **options)
        except Refused as refused:
            self.stop(str(refused))
        except keyring.KeyringUnavailable:
            self.stop(f"the keyring can't be read. Mount its volume, or check {settings.KEYRING}.")
        except Error as error:
            self.stop(_about_database(error))
        except OSError as error:
            self.stop(_about_file(error))
        if not is_well:
            sys.exit(FOUND_SOMETHING)

    def stop(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        sys.exit(COULD_NOT_RUN)

    def say(self, line: str) -> None:
        """The work goes on to its end where nobody reads any more, as after `| head`."""
        try:
            self.stdout.write(line)
            self.stdout.flush()
        except BrokenPipeError:
            self.is_heard = False
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)


def _refuse_another_keyring() -> None:
    """Before anything is written: keys would be replaced, or sealed rows saved, that belong to somebody else."""
    with contextlib.suppress(Error, keyring.KeyringUnavailable):  # what can't be asked is the command's own to tell
        if installation.is_anothers():
            raise Refused(ANOTHERS)


def _about_database(error: Error) -> str:
    """What to do, with the driver's code and never its words: they can quote a row."""
    cause = error.__cause__
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or type(error).__name__
    if code.startswith(DAMAGED):
        return f"the database is damaged ({code}). Stop `serve`, then `restore` the last backup into this same home."
    if code in NO_TABLE:
        return f"the database lacks tables ({code}). Run `setup` to finish it, or `restore` the last backup into it."
    if full_disk.is_cause(error):
        return f"the database's disk is full ({code}). Make room, then run this again."
    if isinstance(error, OperationalError):
        return f"the database doesn't answer ({code}). Check PEERSUPPORT_DATABASE_URL."
    return f"the database refused what was to be done ({code}). Run `doctor`, and report this with its version."


def _about_file(error: OSError) -> str:
    """A full disk, a folder of another user, a mail server that is away: what and where, and no traceback."""
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or type(error).__name__}. Put that right, then run this again."
