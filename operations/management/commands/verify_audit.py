"""Checks that the audit log is as the program wrote it."""

from pathlib import Path
from typing import Any

from operations.home_command import HomeCommand
from peersupport.audit import queries

SENTENCES = {
    "changed": "Entry {entry}: it, or its link, is not as the program wrote it.",
    "removed": "Entry {entry}: it was removed.",
    "added": "Entry {entry}: the program did not write it.",
    "gap": "Before entry {entry}: entries were removed together with their links.",
    "cut": "The chain does not go on from what was noted outside the database: its end was removed, "
    "or it is another. `restore` begins a new note; whoever put the database back in another way takes the later lines "
    "out of audit-head.",
    "head": "The chain's head, noted outside the database in audit-head, can't be read.",
}


class Command(HomeCommand):
    takes_another_keyring = True
    help = (
        "Checks the audit log, entry by entry. Exits 0 when it is as the program wrote it, 1 with a line for each "
        "entry that was changed, added or removed, 2 when it could not be checked."
    )
    runs_amid_upgrade = True
    needs_home = False

    def run(self, home: Path, **options: Any) -> bool:
        problems = queries.verify()
        for problem in problems:
            self.say(SENTENCES[problem.code].format(entry=problem.entry))
        head, waiting = queries.head(), len(queries.unlinked())
        self.say(f"{head.count} entries linked, {waiting} not yet. Head: {head.value or 'none'}")
        return not problems
