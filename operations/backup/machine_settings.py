"""Which settings belong to one machine, and so are not restored on another. Imports no Django."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from peersupport.core.variables import OF_A_MACHINE, VARIABLES

# Where an installation keeps what is its own alone.
OF_DATA = (
    "PEERSUPPORT_DATABASE_URL",
    "PEERSUPPORT_KEYRING",
    "PEERSUPPORT_PRIVATE_FILES",
    "PEERSUPPORT_REDIS_URL",
    "PEERSUPPORT_STATIC_ROOT",
)
# Only the processes of `serve` and the demo have these.
OF_PROCESSES = (*(each.name for each in VARIABLES if each.is_set_by_serve), "PEERSUPPORT_VAR", "PEERSUPPORT_HOME")


def places(variables: Mapping[str, str]) -> dict[str, str]:
    """What of these belongs to one machine, without passwords."""
    return {
        name: _without_password(variables[name])
        for name in OF_A_MACHINE
        if variables.get(name) and name not in OF_PROCESSES
    }


def _without_password(value: str) -> str:
    if "://" not in value:
        return value
    parts = urlsplit(value)
    user, _, host = parts.netloc.rpartition("@")
    user = user.partition(":")[0]
    return parts._replace(netloc=f"{user}@{host}" if user else host, query="", fragment="").geturl()
