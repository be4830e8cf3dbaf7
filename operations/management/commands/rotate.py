"""After a secret was replaced in the settings: signs and seals anew what the old one signed and sealed."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from peersupport.team.actions import keys
from requests_app.actions import seal_again


class Command(BaseCommand):
    help = (
        "Signs members' keys and seals open requests under the host secret that is set now. The one before has to be "
        "in PEERSUPPORT_HOST_SECRET_FALLBACKS, and can go once this has exited with 0."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=["host-secret"])

    def handle(self, *args: Any, **options: Any) -> None:
        signed, left = keys.sign_again()
        closed = seal_again.run()
        self.stdout.write(f"Member keys signed: {signed}. Requests and what they left behind are sealed again.")
        if left:
            self.stdout.write(
                f"Member keys that don't verify under any known host secret, and were left as they are: {left}. "
                "Their coordinator is told to compare the four words again."
            )
        if closed:
            self.stdout.write(f"Rows that don't open under any known host secret, and were left as they are: {closed}.")
        if left or closed:
            sys.exit(1)
