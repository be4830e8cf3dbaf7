from django.apps import AppConfig
from django.conf import settings

from peersupport.core import slow_hashes


class TeamConfig(AppConfig):
    name = "peersupport.team"
    label = "team"

    def ready(self) -> None:
        slow_hashes.limits.at_once, slow_hashes.limits.threads = settings.SLOW_HASHES_AT_ONCE, settings.WEB_THREADS
