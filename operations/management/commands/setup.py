"""Makes an installation, or finishes one that was begun."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from operations.home_command import HomeCommand
from operations.processes import lock
from operations.setup import questions
from operations.setup.finishing import Setup
from peersupport.core.errors import Refused

AGAIN = "Another setup is running in {home}. Wait for its end."


class Command(HomeCommand):
    help = (
        "Makes an installation in the folder that --home names: settings, keys, database, and the first three people's "
        "invitations. Asks what no flag and no answers file says. Run again, it keeps what is there and finishes what "
        "was cut off. Exits 0 when all is made, 2 with one line when something is in the way."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        questions.add_flags(parser)

    def run(self, home: Path, **options: Any) -> bool:
        given = questions.given(options)
        may_ask = not options["no_input"] and options["answers"] != "-"
        try:
            with lock(home / "setup.lock", sentence=AGAIN.format(home=home)):
                Setup(home, given, may_ask=may_ask, say=self.say).finish()
        except KeyboardInterrupt:
            raise Refused("\nStopped. Run setup again to finish: it keeps what is there.") from None
        return True
