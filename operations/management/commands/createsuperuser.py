"""Takes the place of Django's: nobody here sees all, and an account is made by its own person."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "There is no superuser. The first accounts come with `setup`, others by invitation on the accounts page."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("anything", nargs="*")

    def run_from_argv(self, argv: list[str]) -> None:
        super().run_from_argv([word for word in argv if not word.startswith("--") or word == "--help"])

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "there is no superuser. `manage.py setup` invites the first three people; "
            "the operator invites others on the page Accounts.",
            returncode=2,
        )
