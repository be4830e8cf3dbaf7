"""A backup restored: into the home it is of, or into an empty one, which `backup.empty_home` has made by now."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from peersupport.core.errors import Refused

from ...backup import empty_home, put_aside, restoring
from ...backup.opening import Source
from ...backup.restoring import Restored
from ...home_command import HomeCommand


class Command(HomeCommand):
    help = (
        "Restores the team's records, texts, settings and reports of a backup. Checks all of it before it changes "
        "anything; stop `serve` first. In a home that is there, open requests, open years, reports and audit entries "
        "since the backup stay; a database that is damaged is moved aside. Exits 0 well, 1 restored with something to "
        "see to, 2 nothing was changed."
    )
    takes_newer_database = True  # `restoring` looks itself, once it knows that the database can be read

    def add_arguments(self, parser: CommandParser) -> None:
        empty_home.add_arguments(parser)

    def run(self, home: Path, **options: Any) -> bool:
        if other := empty_home.differing(home, options):
            raise Refused(f"{home} is there already, with other settings: {', '.join(other)} is for an empty home.")
        source = Source.named(*(Path(options[name]).expanduser() for name in ("data", "lasting", "key_file")))
        restored = restoring.restore(home, source)
        self._say_what_was_done(home, restored)
        self._say_what_is_left(home, restored)
        return restored.is_well

    def _say_what_was_done(self, home: Path, restored: Restored) -> None:
        made_at = parse_datetime(restored.backup.manifest.made_at)
        day = f"{localtime(made_at):%Y-%m-%d %H:%M}" if made_at else "an unknown day"
        self.say(f"Restored {restored.rows.rows} rows of {day} into {home}.")
        back = f"{restored.uploads_back} uploads and {restored.secrets_back} secrets came back"
        self.say(f"{back}." if restored.is_copy and restored.is_new else f"{back}; the others were here.")
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
        if restored.is_copy:
            self.say("This home is an installation of its own now. Keyring, database and uploads of the one that the")
            self.say("backup is of are no part of it: lead it to none of them.")
        if restored.is_new:
            self._say_what_is_lost()
        if restored.rows.is_audit_cut:
            self.say("The audit since the backup is lost. Its chain goes on with an entry that says so; what was noted")
            self.say("of it before is kept as audit-head.until-…, and from here on verify_audit checks again.")
        self._say_places(restoring.differing_places(home, restored.backup))
        self.say(f"Delete the key file from this machine. Next: doctor --home {home}, then serve, then a new backup.")

    def _say_what_is_lost(self) -> None:
        self.say("No backup has open requests: those of before are lost, and what is left of their keys is destroyed.")
        folder = put_aside.folder_of_it()
        if folder is not None and folder.exists():
            self.say(f"The damaged database is in {folder}. It holds personal data: delete it, or it is erased after")
            self.say("24 hours by serve or the next command.")

    def _say_places(self, there: dict[str, str]) -> None:
        if there:
            self.say("The other machine had these; where this one needs them, set them in settings.env before serve:")
            for name, value in there.items():
                self.say(f"  {name}={value}")
        if "PEERSUPPORT_EMAIL_URL" in there:
            self.say("Until then, mail goes to files here and to nobody.")
