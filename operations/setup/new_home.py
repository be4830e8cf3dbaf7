"""Makes a home out of answers. All that can be checked is checked before anything is written.

Imports no Django: there are no settings yet. The command `setup` goes on where this ends, and again if it was cut off.
"""

import argparse
import secrets
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from operations.backup import keys
from operations.exit_status import COULD_NOT_RUN
from peersupport.core.errors import Refused
from peersupport.settings import home as homes

from . import probes, questions

HEADING = """\
# Settings of this installation of Peer Support. docs/settings.md says what each one is.
# It holds secrets: only the user that the program runs as may read it. After a change, send `serve` a SIGHUP.
"""


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refused(f"{message}. `manage.py setup --help` lists what there is.")


def begin(arguments: list[str], go_on: Callable[[list[str]], None]) -> None:
    """The first step of `manage.py setup`."""
    home = homes.folder()
    if home is not None and homes.is_to_be_made():
        arguments[2:] = make(home, arguments[2:])
    go_on(arguments)


def make(home: Path, arguments: list[str]) -> list[str]:
    """Make folder and settings, and return the arguments for the command `setup`. Exits with one line if it can't."""
    try:
        return _make(home, arguments)
    except Refused as refused:
        _stop(f"Nothing was made: {refused}")
    except OSError as error:
        _stop(f"{error.filename or home} can't be written: {error.strerror}. Choose another folder, or make room.")
    except KeyboardInterrupt:
        _stop("\nStopped. Nothing was made.")


def _stop(sentence: str) -> NoReturn:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(COULD_NOT_RUN)


def _make(home: Path, arguments: list[str]) -> list[str]:
    parser = Parser(prog="manage.py setup --home DIR", description="Makes an installation.", allow_abbrev=False)
    questions.add_flags(parser)
    options = vars(parser.parse_args(arguments))
    probes.folder(home)
    answers = questions.given(options)
    questions.check_all(answers)
    # Standard input that held the answers has no more to say.
    may_ask = not options["no_input"] and options["answers"] != "-"
    complete = questions.complete(answers, needed=questions.EVERY, may_ask=may_ask)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.chmod(0o700)  # it may have been there, and open
    private, public = keys.make()
    # Before the public half is written: a key that was never seen must not be the one in use.
    sys.stdout.write(f"{keys.paper(private)}\n")
    sys.stdout.flush()
    homes.write(home, _variables(complete, public), heading=HEADING)
    about_program = [word for each in questions.ABOUT_PROGRAM for word in (each.flag, complete[each.name])]
    return ["--no-input", *about_program]


def _variables(answers: questions.Answers, backup_key: str) -> dict[str, str | None]:
    return {
        "PEERSUPPORT_SECRET_KEY": secrets.token_urlsafe(48),
        "PEERSUPPORT_HOST_SECRET": secrets.token_urlsafe(48),
        "PEERSUPPORT_BACKUP_KEY": backup_key,
        "PEERSUPPORT_SITE_URL": answers["site"],
        "PEERSUPPORT_TIME_ZONE": answers["time_zone"],
        "PEERSUPPORT_EMAIL_URL": answers["mail"],
        "PEERSUPPORT_FROM_EMAIL": answers["mail_from"],
        "PEERSUPPORT_DATABASE_URL": answers["database"] or None,
        "PEERSUPPORT_REDIS_URL": answers["redis"] or None,
    }
