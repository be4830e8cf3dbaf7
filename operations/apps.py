from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

from peersupport.access.permissions import Permission
from peersupport.sealing import keyring


class OperationsConfig(AppConfig):
    name = "operations"

    def ready(self) -> None:
        """Any command finds the demo's keyring; a real installation's is made once, by hand."""
        from dashboard.queries.home import LOOKS

        from .health_rows import health_rows

        LOOKS[Permission.SEE_HEALTH] = (health_rows,)
        if settings.DEMO and not Path(settings.KEYRING).exists():
            keyring.prepare()
