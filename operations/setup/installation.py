"""What the command `setup` does to a home that has its settings: once, and not again."""

from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.db import connection

from operations import preparation
from operations.processes import lock_home
from operations.serve import front
from peersupport.program import actions as program
from peersupport.program.models import ProgramSettings
from peersupport.settings import home as homes

# Where settings.env has the answers about the home. What stands nowhere was answered with nothing.
VARIABLES = {
    "site": "PEERSUPPORT_SITE_URL",
    "database": "PEERSUPPORT_DATABASE_URL",
    "redis": "PEERSUPPORT_REDIS_URL",
    "mail": "PEERSUPPORT_EMAIL_URL",
    "mail_from": "PEERSUPPORT_FROM_EMAIL",
    "time_zone": "PEERSUPPORT_TIME_ZONE",
}


def is_prepared() -> bool:
    """Whether tables, keys and files are all there: what is written first after them is there."""
    table = ProgramSettings._meta.db_table
    return table in connection.introspection.table_names() and ProgramSettings.objects.exists()


def prepare(home: Path) -> None:
    """Raises Refused while the home is being served."""
    with lock_home(home):
        preparation.prepare()


def name_program(*, agency: str, name: str) -> None:
    program.change_settings(values={"agency": agency, "name": name}, lines=[], by=None)


def write_front(home: Path) -> None:
    """A first configuration of nginx, to look at. From its first start on it is `serve`'s, which may be running."""
    if (home / front.CONFIGURATION).exists():
        return
    front.write_configuration(home, front.front_of(homes.environment()))


def differing(given: Mapping[str, str]) -> list[str]:
    """Answers that an earlier run was given otherwise, each with where it is changed now."""
    saved, variables = ProgramSettings.objects.get(pk=1), homes.environment()
    in_file = {name: variables.get(variable, "") for name, variable in VARIABLES.items()}
    on_page = {"agency": saved.agency, "program": saved.name}
    return [
        *(_kept(name, "settings.env") for name, value in in_file.items() if given.get(name, value) != value),
        *(
            f"{_kept(name, f'{settings.SITE_URL}/settings/')} It stays “{value}”."
            for name, value in on_page.items()
            if given.get(name, value) != value
        ),
    ]


def _kept(name: str, where: str) -> str:
    said = f"--{name.replace('_', '-')} is another than before, and nothing was changed."
    if name == "database":
        return f"{said} To move the data: backup, then restore --database URL into a new home."
    return f"{said} Change it in {where}."
