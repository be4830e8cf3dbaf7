"""A home made from a backup, before there are settings to run Django with. The database is filled by `restore` then."""

import argparse
import contextlib
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from operations import disk
from operations.exit_status import COULD_NOT_RUN
from operations.setup import probes, rules
from peersupport.core import release, whole_file
from peersupport.core.errors import Refused
from peersupport.settings import home as home_settings

from . import machine_settings, opening
from .opening import Backup, Source

# As in the keyring, which needs settings: its marker, and what says which installation it is of.
MARKER, INSTALLATION, NOTED, RESTORED_FROM = ".keyring", "installation", "installation-noted", "restored-from"
SECRET_BYTES = 32
# What a home may have before it is one: its keyring's volume, or what a restore that was killed has left.
MAY_BE_THERE = probes.NOT_OURS | {"keyring", "backup.lock", "serve.lock"}
ROOM_IN_DATABASES = 3  # the database, its log, and static files beside it


@dataclass(frozen=True)
class Place:
    """What this machine has elsewhere than the other. read, probe: as `setup` does it."""

    name: str
    variable: str
    without: str
    read: Callable[[str], str]
    probe: Callable[[str], None]


PLACES = (
    Place("site", "PEERSUPPORT_SITE_URL", "the address as in the backup", rules.site, probes.port),
    Place("database", "PEERSUPPORT_DATABASE_URL", "SQLite in the home", rules.database, probes.database),
    Place("redis", "PEERSUPPORT_REDIS_URL", "none", rules.redis, probes.redis),
    Place(
        "mail", "PEERSUPPORT_EMAIL_URL", "files, so that a drill mails nobody", rules.mail_server, probes.mail_server
    ),
)


def begin(arguments: list[str], go_on: Callable[[list[str]], None]) -> None:
    """The first step of `manage.py restore`."""
    home = home_settings.folder()
    if home is not None and home_settings.is_to_be_made():
        arguments[2:] = make(home, arguments[2:])
    go_on(arguments)


def make(home: Path, arguments: list[str]) -> list[str]:
    """Write settings and secrets; returns the arguments of the command that goes on. Exits 2 with one line."""
    options = parser().parse_args(arguments)
    try:
        _make(home, options)
    except Refused as refused:
        _stop(str(refused))
    except OSError as error:
        _stop(f"{error.filename or home} can't be written: {error.strerror or error}.")
    return ["--from", options.data, "--lasting", options.lasting, "--key-file", options.key_file]


def _stop(sentence: str) -> NoReturn:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(COULD_NOT_RUN)


def parser() -> argparse.ArgumentParser:
    named = argparse.ArgumentParser(prog="manage.py restore", description="Restores a backup.")
    add_arguments(named)
    return named


def add_arguments(named: argparse.ArgumentParser) -> None:
    """The arguments of `restore`, here and in Django's command."""
    named.add_argument("--from", required=True, dest="data", metavar="FILE", help="The backup's database and uploads.")
    named.add_argument("--lasting", required=True, metavar="FILE", help="Its secrets and settings: FILE.lasting.")
    named.add_argument("--key-file", required=True, metavar="F", help="The private half of the backup key.")
    for place in PLACES:
        without = f"Only into an empty home. Without it: {place.without}."
        named.add_argument(f"--{place.name}", default="", metavar="URL", help=without)


def differing(home: Path, given: Mapping[str, str]) -> list[str]:
    """The flags that say otherwise than the settings of a home that is there. Raises Refused."""
    there = home_settings.read(home)
    named = [each for each in PLACES if given[each.name]]
    return [f"--{each.name}" for each in named if each.read(given[each.name]) != there.get(each.variable)]


def _make(home: Path, options: argparse.Namespace) -> None:
    """Nothing is written before all of it is checked."""
    probes.own_folder(home)
    _check_is_empty(home)
    given = {place.variable: _checked(place, getattr(options, place.name)) for place in PLACES}
    source = Source.named(*(Path(name).expanduser() for name in (options.data, options.lasting, options.key_file)))
    backup = opening.check(source)
    _check_version(backup)
    check_room(home, backup, backup.uploads)
    _check_keyring(home / "keyring" / "lasting", backup)
    _write(home, backup, _settings(backup.secrets.variables, given))


def _write(home: Path, backup: Backup, variables: dict[str, str | None]) -> None:
    folders = [home, home / "keyring", home / "keyring" / "lasting", home / "keyring" / "shred"]
    for folder in folders:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_secrets(folders[2], _secrets(folders[2], backup))
    write_secrets(folders[3], {MARKER: b""})
    for folder in reversed(folders):
        whole_file.sync(folder)
    # Last: from here on it is a home, and whatever is still missing, `restore` does again.
    home_settings.write(home, variables)


def _secrets(lasting: Path, backup: Backup) -> dict[str, bytes]:
    """What the new home has of them. It becomes another installation, unless the keyring of the old one is here."""
    there = {**backup.secrets.files, MARKER: b""}
    if _content(lasting / INSTALLATION) == there.get(INSTALLATION):
        return there
    kept = {name: content for name, content in there.items() if name not in (INSTALLATION, NOTED)}
    # In this order: where the second is, the first says why it is not the backup's.
    return kept | {
        RESTORED_FROM: backup.manifest.installation.encode(),
        INSTALLATION: secrets.token_bytes(SECRET_BYTES),
    }


def _check_keyring(lasting: Path, backup: Backup) -> None:
    """What is here already is this installation's, or what a restore that was killed has left. Raises Refused."""
    here, was_from = _content(lasting / INSTALLATION), _content(lasting / RESTORED_FROM)
    is_own = here == backup.secrets.files.get(INSTALLATION)
    if here is not None and not is_own and was_from != backup.manifest.installation.encode():
        raise Refused(f"the keyring in {lasting.parent} is another installation's. Use an empty folder.")


def _content(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def _check_is_empty(home: Path) -> None:
    found = sorted(entry.name for entry in home.iterdir()) if home.is_dir() else []
    half_written = f".{home_settings.SETTINGS_FILE}."
    strange = [name for name in found if name not in MAY_BE_THERE and not name.startswith(half_written)]
    if strange:
        raise Refused(
            f"{home} has no {home_settings.SETTINGS_FILE} and isn't empty ({strange[0]}). Use an empty folder."
        )


def _checked(place: Place, typed: str) -> str:
    if not typed:
        return ""
    try:
        answer = place.read(typed)
        place.probe(answer)
    except Refused as refused:
        raise Refused(f"--{place.name}: {refused}") from None
    return answer


def _check_version(backup: Backup) -> None:
    """By the number alone; `restore` looks at the migrations, which needs settings."""
    there = backup.manifest.version
    with contextlib.suppress(ValueError):
        if _number(there) > _number(release.version()):
            raise Refused(f"this backup is of a newer version ({there}). Restore it with that.")


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def check_room(home: Path, backup: Backup, missing: Mapping[str, int]) -> None:
    """missing: the size of each upload that is still to come. Raises Refused."""
    needed = sum(missing.values()) + ROOM_IN_DATABASES * len(backup.database)
    disk.check_room(home, needed, what="this backup")


def _settings(there: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str | None]:
    kept: dict[str, str | None] = {
        name: value for name, value in there.items() if name not in machine_settings.OF_A_MACHINE
    }
    kept["PEERSUPPORT_EMAIL_URL"] = rules.FILES
    return kept | {name: value for name, value in given.items() if value}


def write_secrets(folder: Path, files: Mapping[str, bytes]) -> int:
    """Those that are missing, each whole or not at all, readable by this user alone; returns how many."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    missing = {name: content for name, content in files.items() if not (folder / name).exists()}
    for name, content in missing.items():
        whole_file.write(folder / name, content)
    return len(missing)
