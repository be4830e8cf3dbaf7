from pathlib import Path

from django.apps import AppConfig
from django.conf import settings

from peersupport.sealing import keyring


class RunningConfig(AppConfig):
    name = "peersupport.running"
    label = "running"

    def ready(self) -> None:
        """Any command finds the demo's keyring; a real installation's is made once, by hand."""
        if settings.DEMO and not Path(settings.KEYRING).exists():
            keyring.prepare()
