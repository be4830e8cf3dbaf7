"""What an installation needs before it can be served, each step harmless where it was done before."""

from django.core.management import call_command

from peersupport.sealing import host_secret, keyring
from stats import actions as stats


def prepare() -> None:
    """Make keyring, tables, shared cache and static files, and open the current year. Raises what the steps raise."""
    keyring.prepare()
    host_secret.check()  # notes whose keyring it is
    call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    stats.open_current_year()
