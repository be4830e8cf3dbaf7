"""Makes the folders of the keyring: once for an installation, before its first start."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from peersupport.core.errors import Refused
from peersupport.sealing import actions, keyring


class Command(BaseCommand):
    help = "Makes and marks the two folders of the keyring. What is there stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--adopt",
            action="store_true",
            help="Make it the keyring of this database, after the one before was lost. Nothing is destroyed.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        keyring.prepare()
        if options["adopt"]:
            try:
                actions.adopt_keyring(now=timezone.now())
            except Refused as refused:
                raise CommandError(str(refused), returncode=2) from None
        self.stdout.write(f"The keyring is in {settings.KEYRING}: back up lasting/, and never shred/.")
