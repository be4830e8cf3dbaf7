"""What the commands about one installation have in common: a home, and their exit statuses."""

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import OperationalError

from peersupport.core.errors import Refused

from .upgrade import schema

FOUND_SOMETHING, COULD_NOT_RUN = 1, 2


class HomeCommand(BaseCommand):
    """Exits 0 if all is well, 1 if `run` found something, and 2, with one line, if it could not run."""

    requires_system_checks: list[str] = []  # they are `doctor`'s
    takes_newer_database = False  # whether it also runs where a newer program has changed the tables

    def run(self, home: Path, **options: Any) -> bool:
        """Do it. Returns whether all is well; raises Refused with what is in the way and what to do."""
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if settings.HOME is None:
                raise Refused("which installation? Name its folder with --home DIR.")
            if not self.takes_newer_database:
                schema.refuse_newer()
            is_well = self.run(settings.HOME, **options)
        except Refused as refused:
            self.stop(str(refused))
        except OperationalError as error:
            self.stop(f"the database doesn't answer ({type(error).__name__}). Check PEERSUPPORT_DATABASE_URL.")
        if not is_well:
            sys.exit(FOUND_SOMETHING)

    def stop(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(COULD_NOT_RUN)

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
