from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

from peersupport.access.permissions import Permission
from peersupport.sealing import keyring


class OperationsConfig(AppConfig):
    name = "operations"

    def ready(self) -> None:
        """Put health on the operator's home, and make the demo's keyring, which any command may be the first to need.

        The keyring of a real installation is made once, by hand.
        """
        from dashboard.queries import sources  # models are ready when the apps are

        from . import health, presenters
        from .doctor import checks

        sources.register(
            Permission.SEE_HEALTH, lambda today: presenters.health_todos(health.current(), checks.count_to_see_to())
        )
        if settings.DEMO and not Path(settings.KEYRING).exists():
            keyring.prepare()
