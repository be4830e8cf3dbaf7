"""A home made from a backup, before there are settings to run Django with. The database is filled by `restore` then."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from peersupport.core import whole_file
from peersupport.core.errors import Refused
from peersupport.settings import home as home_settings

from . import opening, settings_file
from .opening import Source

COULD_NOT_RUN = 2
MARKER = ".keyring"  # as in the keyring, which needs settings
# What a home may have before it is one: its keyring's volume, or what a restore that was killed has left.
MAY_BE_THERE = {"keyring", "backup.lock", "serve.lock", "lost+found"}


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
        print(refused, file=sys.stderr)  # noqa: T201
        sys.exit(COULD_NOT_RUN)
    except OSError as error:
        print(f"{home} can't be made: {error.strerror or error}.", file=sys.stderr)  # noqa: T201
        sys.exit(COULD_NOT_RUN)
    return ["--from", options.data, "--lasting", options.lasting, "--key-file", options.key_file]


def parser() -> argparse.ArgumentParser:
    named = argparse.ArgumentParser(prog="manage.py restore", description="Restores a backup.")
    add_arguments(named)
    return named


def add_arguments(named: argparse.ArgumentParser) -> None:
    """The arguments of `restore`, here and in Django's command."""
    named.add_argument("--from", required=True, dest="data", metavar="FILE", help="The backup's database and uploads.")
    named.add_argument("--lasting", required=True, metavar="FILE", help="Its secrets and settings: FILE.lasting.")
    named.add_argument("--key-file", required=True, metavar="F", help="The private half of the backup key.")
    only_new = "only into an empty home; "
    named.add_argument("--site", default="", metavar="URL", help=f"{only_new}the address as in the backup.")
    named.add_argument("--database", default="", metavar="URL", help=f"{only_new}SQLite in the home.")
    named.add_argument("--redis", default="", metavar="URL", help=f"{only_new}none.")
    named.add_argument("--mail", default="", metavar="URL", help=f"{only_new}files, so that a drill mails nobody.")


def _make(home: Path, options: argparse.Namespace) -> None:
    _check_is_empty(home)
    source = Source.named(*(Path(name).expanduser() for name in (options.data, options.lasting, options.key_file)))
    backup = opening.check(source)
    _check_database(options.database)
    folders = [home, home / "keyring", home / "keyring" / "lasting", home / "keyring" / "shred"]
    for folder in folders:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_secrets(folders[2], {**backup.secrets.files, MARKER: b""})
    write_secrets(folders[3], {MARKER: b""})
    for folder in reversed(folders):
        whole_file.sync(folder)
    # Last: from here on it is a home, and whatever is still missing, `restore` does again.
    home_settings.write(home, _settings(backup.secrets.variables, options))


def _check_is_empty(home: Path) -> None:
    found = sorted(entry.name for entry in home.iterdir()) if home.is_dir() else []
    half_written = f".{home_settings.SETTINGS_FILE}."
    strange = [name for name in found if name not in MAY_BE_THERE and not name.startswith(half_written)]
    if strange:
        raise Refused(
            f"{home} has no {home_settings.SETTINGS_FILE} and isn't empty ({strange[0]}). Use an empty folder."
        )


def _check_database(url: str) -> None:
    """Before anything is written. A file of SQLite needs no look."""
    if not url.startswith(("postgres://", "postgresql://", "pgsql://")):
        return
    import environ
    import psycopg

    given = environ.Env.db_url_config(url)
    names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password", "NAME": "dbname"}
    try:
        psycopg.connect(**{names[key]: given[key] for key in names if given.get(key)}, connect_timeout=5).close()
    except psycopg.Error as error:
        where = urlsplit(url).hostname or "this machine"
        raise Refused(f"the database on {where} doesn't answer ({type(error).__name__}). Check --database.") from None


def _settings(there: Mapping[str, str], options: argparse.Namespace) -> dict[str, str | None]:
    kept: dict[str, str | None] = {
        name: value for name, value in there.items() if name not in settings_file.OF_A_MACHINE
    }
    kept["PEERSUPPORT_EMAIL_URL"] = options.mail or "files"
    given = {"SITE_URL": options.site, "DATABASE_URL": options.database, "REDIS_URL": options.redis}
    return kept | {f"PEERSUPPORT_{name}": value for name, value in given.items() if value}


def write_secrets(folder: Path, files: Mapping[str, bytes]) -> int:
    """Those that are missing, each whole or not at all, readable by this user alone; returns how many."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    missing = {name: content for name, content in files.items() if not (folder / name).exists()}
    for name, content in missing.items():
        whole_file.write(folder / name, content)
    return len(missing)
