"""Makes the folders of the keyring: once for an installation, before its first start."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from peersupport.sealing import keyring


class Command(BaseCommand):
    help = "Makes and marks the two folders of the keyring. What is there stays as it is."

    def handle(self, *args: Any, **options: Any) -> None:
        keyring.prepare()
        self.stdout.write(f"The keyring is in {settings.KEYRING}: back up lasting/, and never shred/.")
