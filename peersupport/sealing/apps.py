from django.apps import AppConfig
from django.conf import settings

from peersupport.core import start


class SealingConfig(AppConfig):
    name = "peersupport.sealing"
    label = "sealing"

    def ready(self) -> None:
        """No process starts with another host secret than the keyring's: it would take all it finds for damaged."""
        from . import envelope, host_secret, keyring  # settings are ready when the apps are

        envelope.PASSWORD_MEMORY_KIB = settings.KEY_MEMORY_KIB
        try:
            host_secret.check()
        except host_secret.AnotherHostSecret:
            if start.only_looks:
                return
            start.refuse(
                "PEERSUPPORT_HOST_SECRET is not the one that this keyring was used with. See docs/settings.md."
            )
        except keyring.KeyringUnavailable:
            pass  # not made yet, or not mounted; health says so, and everything that needs it checks again
        except (OSError, RuntimeError) as error:
            start.refuse(f"the keyring can't be used. {error}")
