"""After the program's files were replaced by those of a newer version: brings the home to it."""

from pathlib import Path
from typing import Any

from ...home_command import HomeCommand
from ...upgrade import steps


class Command(HomeCommand):
    help = (
        "Copies the database, brings it to this version, and erases the copy. If a step fails, the database goes back "
        "to the copy. Stop `serve` first. Exits 0 when done or when there is nothing to do, and 2 otherwise."
    )
    takes_newer_database = True  # an upgrade that was killed is gone back from by the older program too
    runs_amid_upgrade = True
    erases_what_is_over = False  # it goes back to its copy first, however old that is

    def run(self, home: Path, **options: Any) -> bool:
        steps.upgrade(home, self.say)
        return True
