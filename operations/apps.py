from datetime import date
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

from peersupport.access.permissions import Permission
from peersupport.core.todo import Todo
from peersupport.sealing import keyring


def _todos(today: date) -> list[Todo]:
    from . import health, presenters  # half of the program, which a command may not need
    from .doctor import checks

    return presenters.health_todos(health.current(), checks.count_to_see_to())


class OperationsConfig(AppConfig):
    name = "operations"

    def ready(self) -> None:
        """Put health on the operator's home, and make the demo's keyring, which any command may be the first to need.

        The keyring of a real installation is made once, by hand.
        """
        from dashboard.queries import sources  # models are ready when the apps are

        sources.register(Permission.SEE_HEALTH, _todos)
        if settings.DEMO and not Path(settings.KEYRING).exists():
            keyring.prepare()
