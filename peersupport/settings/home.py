"""The home of an installation: one folder with its settings, keys and uploads, and its database where there is no URL.

Imports no Django: `manage.py` and `setup` need it before there are settings.
"""

import io
import os
from collections import ChainMap
from collections.abc import MutableMapping
from pathlib import Path

import environ

from peersupport.core import whole_file

VARIABLE = "PEERSUPPORT_HOME"
SETTINGS_FILE = "settings.env"


def take_from(arguments: list[str]) -> list[str]:
    """The command line without its `--home DIR`, which holds for this process and for those that it starts."""
    left = list(arguments)
    for index, argument in enumerate(left):
        name, is_joined, folder = argument.partition("=")
        if name != "--home":
            continue
        if not is_joined:
            folder = left[index + 1] if index + 1 < len(left) else ""
        del left[index : index + (1 if is_joined else 2)]
        if not folder:
            raise SystemExit("--home needs a folder.")
        os.environ[VARIABLE] = str(Path(folder).expanduser().resolve())
        os.environ["DJANGO_SETTINGS_MODULE"] = "peersupport.settings.production"
        break
    return left


def folder() -> Path | None:
    """The home of this process; None if everything is set by the environment."""
    given = os.environ.get(VARIABLE)
    return Path(given).resolve() if given else None


def is_to_be_made() -> bool:
    """Whether a home is named that is none yet: `setup` makes it, or `restore` from a backup."""
    home = folder()
    return home is not None and not (home / SETTINGS_FILE).is_file()


def environment() -> MutableMapping[str, str]:
    """The variables of this process. Where one stands in the home's file too, the process's own counts.

    `os.environ` stays as it is, so that a process which is started later reads the file anew.
    """
    home = folder()
    return ChainMap(os.environ, read(home) if home else {})


def read(home: Path) -> dict[str, str]:
    """The variables of a home's file; none if there is no file."""
    file = home / SETTINGS_FILE
    return parse(file.read_text() if file.exists() else "")


def parse(text: str) -> dict[str, str]:
    """The variables that these lines set."""

    class Lines(environ.Env):
        ENVIRON: dict[str, str] = {}

    Lines.read_env(io.StringIO(text))
    return Lines.ENVIRON


def write(home: Path, variables: dict[str, str | None], *, heading: str = "") -> None:
    """Set these variables in a home's file, and remove those that are None. All other lines stay as they are.

    heading: what a new file begins with.

    The new file takes the place of the old one whole, readable by this user alone.
    """
    file = home / SETTINGS_FILE
    lines = (file.read_text() if file.exists() else heading).splitlines()
    missing = {name: value for name, value in variables.items() if value is not None}
    kept = []
    for each in lines:
        name = each.removeprefix("export ").partition("=")[0]
        if name not in variables:
            kept.append(each)
        elif name in missing:
            kept.append(line(name, missing.pop(name)))
    kept += [line(name, value) for name, value in missing.items()]
    whole_file.write(file, "\n".join(kept) + "\n")


def line(name: str, value: str) -> str:
    """The line that sets a variable. Raises ValueError for a value of more than one."""
    if "\n" in value:
        raise ValueError(f"{name}: a setting stands on one line")
    return f"{name}='{value}'" if value[:1] in {"'", '"'} else f"{name}={value}"
