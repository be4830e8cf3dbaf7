"""Replaces secrets, each by its own rule. See docs/settings.md."""

import contextlib
from argparse import SUPPRESS
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils import timezone

from operations import processes
from operations.backup import keys
from operations.home_command import HomeCommand
from operations.rotation import host_secret, lasting, settings_file
from operations.rotation.rules import RULES
from operations.upgrade import connected
from peersupport.core.errors import Refused

IN_THE_SETTINGS = ("secret-key", "host-secret", "backup-key")
HALF_REPLACED = (
    "host-secret: its replacement began and did not end. Stop `serve`, then run `rotate host-secret`: it goes on."
)


class Command(HomeCommand):
    help = (
        "Replaces a secret, or all of them, and says when the old one goes. Without a name it only takes out what is "
        "over. Exits 0 when all is done, 1 when something is left that opens under no known secret, 2 when it could "
        "not run or has to be run again."
    )
    needs_home = False

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("name", nargs="?", type=_name, choices=[*RULES, *IN_THE_SETTINGS])
        which.add_argument("--all", action="store_true", dest="is_all", help="Every secret; `serve` has to be stopped.")
        parser.add_argument(
            "--leaked",
            action="store_true",
            help="With the host secret: sign no key, because somebody else may have known the old one and each key has "
            "to be compared again.",
        )
        parser.add_argument("--settings-are-replaced", action="store_true", dest="is_replaced", help=SUPPRESS)

    def run(self, home: Path, **options: Any) -> bool:
        name, is_all, leaked = options["name"], options["is_all"], options["leaked"]
        is_at_home = settings.HOME is not None
        if name == "host-secret" and (options["is_replaced"] or not is_at_home):
            is_done = host_secret.seal_and_sign_again(leaked=leaked, say=self.say)
            if not is_at_home:
                self.say("The fallback can go now.")
            return is_done
        if not is_at_home and (is_all or name in IN_THE_SETTINGS):
            raise Refused("without a home, secrets in the environment are replaced there. See docs/settings.md.")
        with processes.lock_home(home) if is_all or name == "host-secret" else contextlib.nullcontext():
            if is_all or name == "host-secret":
                connected.refuse_others()  # what they seal meanwhile, nobody could open
            results = [self._rotate(home, each, leaked) for each in self._names(name, is_all)]
            is_well = all(results)
            self._end_overlaps(home if is_at_home else None)
            if is_at_home and settings_file.is_host_secret_half_replaced(home):
                self.say(HALF_REPLACED)
                is_well = False
            if is_all or name == "backup-key":
                self._replace_backup_key(home)  # last, so that no other line hides the private half
            return is_well

    def _names(self, name: str | None, is_all: bool) -> list[str]:
        """In the order in which they are replaced, but for the backup key."""
        return [*RULES, "secret-key", "host-secret"] if is_all else [name] if name and name != "backup-key" else []

    def _rotate(self, home: Path, name: str, leaked: bool) -> bool:
        """Whether nothing is left."""
        now = timezone.now()
        if name == "host-secret":
            return host_secret.rotate(home, leaked=leaked, say=self.say)
        if name == "secret-key":
            self.say(settings_file.rotate_secret_key(home, now=now))
        else:
            self.say(lasting.rotate(name, now=now))
        return True

    def _replace_backup_key(self, home: Path) -> None:
        private, public = settings_file.new_backup_key(home)
        self.say("backup-key: a new one. Keep the old private half as long as you keep backups made before.")
        self.say(keys.paper(private))
        if not self.is_heard:
            raise Refused("backup-key: nobody could read the private half, so the one before stays.")
        settings_file.keep_backup_key(home, public)

    def _end_overlaps(self, home: Path | None) -> None:
        if not lasting.end_overlaps(now=timezone.now()):
            raise Refused("an old secret could not be taken out; the log says why. Run `rotate` again.")
        ended = settings_file.end_secret_key_overlap(home, now=timezone.now()) if home else ""
        if ended:
            self.say(ended)


def _name(typed: str) -> str:
    """A secret of the settings may be named as its variable is."""
    return typed.lower().replace("_", "-").removeprefix("peersupport-")
