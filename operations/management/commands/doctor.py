"""Looks whether this installation is well, and says what to do where it isn't."""

import json
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from peersupport.core.errors import Refused

from ...doctor import checks, presenters
from ...doctor.domain.findings import Level
from ...doctor.presenters import Line
from ...home_command import HomeCommand

DEMO = "which installation? Name its folder with --home DIR, or set all of it by the environment."
MARKS = {Level.WELL: "ok", Level.SEE_TO: "SEE TO", Level.CANNOT_SERVE: "CANNOT SERVE"}


class Command(HomeCommand):
    takes_newer_database = True  # it says so
    runs_amid_upgrade = True
    needs_home = False
    takes_another_keyring = True
    help = "Checks this installation, a line for each check. Exits 0 if all is well, 1 to see to, 2 cannot serve."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="A list of {check, level, says, remedy}.")
        parser.add_argument("--no-mail", action="store_true", help="Send no test mail to the operators.")

    def run(self, home: Path, **options: Any) -> bool:
        if settings.DEMO:
            raise Refused(DEMO)
        lines = presenters.lines(checks.run(calls=True, sends_mail=not options["no_mail"]))
        if options["json"]:
            self.say(json.dumps([_as_json(line) for line in lines], indent=2))
        else:
            for line in lines:
                self.say(_as_text(line))
        sys.exit(max(line.level for line in lines))


def _as_json(line: Line) -> dict[str, str]:
    level = presenters.LEVEL_CODES[line.level]
    return {"check": line.check, "level": level, "says": line.says, "remedy": line.remedy}


def _as_text(line: Line) -> str:
    text = f"{MARKS[line.level]:12}  {line.check}: {line.says}"
    return f"{text}\n{'':14}> {line.remedy}" if line.remedy else text
