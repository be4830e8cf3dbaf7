"""A backup of this installation, sealed to its backup key, while the program runs."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from ...backup import pair, taking
from ...home_command import HomeCommand


class Command(HomeCommand):
    help = (
        "Writes FILE (database and uploads) and FILE.lasting (the lasting secrets and the settings), both sealed to "
        "the public backup key. Needs no secret, and may run while the program serves. Exits 0 well, 1 if a file that "
        "the records name is missing, 2 if no backup was made."
    )

    needs_home = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", required=True, type=Path, metavar="FILE", help="Replaces the backup before it.")

    def run(self, home: Path, **options: Any) -> bool:
        file = Path(options["to"]).expanduser().absolute()
        # Without a home, what is noted of it lies where every host looks.
        taken = taking.take(settings.HOME or Path(settings.KEYRING), file)
        self.say(f"Backed up {taken.rows} rows and {taken.files} uploads to {file} and {pair.lasting_of(file)}.")
        if taken.missing:
            self.say(f"{len(taken.missing)} uploads that the records name are not on the disk.")
        return not taken.missing
