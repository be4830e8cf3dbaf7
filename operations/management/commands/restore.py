"""A backup restored: into the home it is of, or into an empty one, which `backup.new_home` has made by now."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from peersupport.core.errors import Refused

from ...backup import new_home, restoring
from ...backup.opening import Source
from ...backup.restoring import Restored
from ...home_command import HomeCommand


class Command(HomeCommand):
    help = (
        "Restores the team's records, texts, settings and reports of a backup. Checks all of it before it changes "
        "anything; stop `serve` first. In a home that is there, open requests, open years, reports and audit entries "
        "since the backup stay. Exits 0 well, 1 restored with something to see to, 2 nothing was changed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        new_home.add_arguments(parser)

    def run(self, home: Path, **options: Any) -> bool:
        if any(options[name] for name in ("site", "database", "redis", "mail")):
            raise Refused(f"{home} is there already: --site, --database, --redis and --mail are for an empty home.")
        source = Source.named(*(Path(options[name]).expanduser() for name in ("data", "lasting", "key_file")))
        restored = restoring.restore(home, source)
        self._say_what_was_done(home, restored)
        self._say_what_is_left(home, restored)
        return restored.is_well

    def _say_what_was_done(self, home: Path, restored: Restored) -> None:
        made_at = parse_datetime(restored.backup.manifest.made_at)
        day = f"{localtime(made_at):%Y-%m-%d %H:%M}" if made_at else "an unknown day"
        self.say(f"Restored {restored.rows.rows} rows of {day} into {home}.")
        self.say(
            f"{restored.uploads_back} uploads and {restored.secrets_back} secrets came back; the others were here."
        )
        if restored.rows.former:
            self.say(f"{restored.rows.former} people came since and stand in the audit: kept, without account or role.")
        if restored.rows.opened_year:
            self.say(f"The year {restored.rows.opened_year} is counted from now on, and its report says partial year.")
        self.say("Everybody is signed out. Passwords, roles and keys are those of the backup.")

    def _say_what_is_left(self, home: Path, restored: Restored) -> None:
        if restored.missing:
            self.say(
                f"{len(restored.missing)} uploads are in neither the backup nor this home: {restored.missing[0]} …"
            )
        if restored.newer:
            self.say(f"Newer here than in the backup, and kept: {', '.join(restored.newer)}. Members whose phone alert")
            self.say("can't be opened type it in again.")
        if restored.rows.unverified:
            self.say(
                f"{restored.rows.unverified} member keys don't verify: coordinators compare their four words again."
            )
        left = restoring.left_to_set(home, restored.backup)
        if left:
            self.say("The other machine had these; where this one needs them, set them in settings.env:")
            for name, value in left.items():
                self.say(f"  {name}={value}")
        if "PEERSUPPORT_EMAIL_URL" in left:
            self.say("Until then, mail goes to files here and to nobody.")
        self.say("Next: doctor, then serve.")
