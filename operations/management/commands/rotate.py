"""After a secret was replaced in the settings: signs and seals anew what the old one signed and sealed."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from peersupport.team.actions import keys
from requests_app.actions import seal_again
from requests_app.actions.seal_again import Outcome


class Command(BaseCommand):
    help = (
        "Signs members' keys and seals open requests under the host secret that is set now, while the one before is in "
        "PEERSUPPORT_HOST_SECRET_FALLBACKS. Exits 0 when all is done, 1 when something is left that opens under no "
        "known secret, 2 when it has to be run again. See docs/settings.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=["host-secret"])
        parser.add_argument(
            "--leaked",
            action="store_true",
            help="Sign no key: somebody else may have known the old secret, so each key has to be compared again.",
        )

    def handle(self, *args: Any, leaked: bool, **options: Any) -> None:
        if not settings.HOST_SECRET_FALLBACKS:
            raise CommandError(
                "PEERSUPPORT_HOST_SECRET_FALLBACKS is empty, so nothing could be opened. Put the old secret there.",
                returncode=2,
            )
        signed, left = (0, 0) if leaked else keys.sign_again()
        rows = seal_again.run()
        self.stdout.write(f"Signed {signed} member keys. Sealed {rows[Outcome.SEALED]} rows of open requests again.")
        if rows[Outcome.FAILED]:
            raise CommandError(
                f"{rows[Outcome.FAILED]} rows could not be sealed; the log says why. Run this again with the fallback.",
                returncode=2,
            )
        self._say_what_is_left(left, rows[Outcome.UNKNOWN], leaked=leaked)

    def _say_what_is_left(self, keys_left: int, rows_left: int, *, leaked: bool) -> None:
        if leaked:
            self.stdout.write("No key is signed: coordinators compare the four words of each again.")
        if keys_left:
            self.stdout.write(f"{keys_left} member keys don't verify: coordinators compare their four words again.")
        if rows_left:
            self.stdout.write(f"{rows_left} rows open under no known secret, and stay as they are.")
        self.stdout.write("The fallback can go now.")
        if leaked or keys_left or rows_left:
            raise SystemExit(1)
