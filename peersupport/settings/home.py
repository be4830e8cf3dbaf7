"""The home of an installation: one folder with its settings, keys and uploads, and its database where there is no URL.

Imports no Django: `manage.py` and `setup` need it before there are settings.
"""

import os
import re
from collections import ChainMap, Counter
from collections.abc import Iterator, MutableMapping
from pathlib import Path

from peersupport.core import whole_file
from peersupport.core.errors import Refused

VARIABLE = "PEERSUPPORT_HOME"
SETTINGS_FILE = "settings.env"
WHICH = "Which installation? Name its folder with --home DIR."
ASSIGNMENT = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>.*)", re.ASCII | re.DOTALL)
ESCAPED = re.compile(r"\\([^rnt])")  # in double quotes


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
    """Whether a home is named that is none yet: `setup` makes it, or `restore` from a backup. Raises Refused."""
    home = folder()
    try:
        return home is not None and not (home / SETTINGS_FILE).is_file()
    except OSError as error:
        raise Refused(f"{home} can't be read: {error.strerror}. Run this as the user that it belongs to.") from None


def environment() -> MutableMapping[str, str]:
    """The variables of this process. Where one stands in the home's file too, the process's own counts.

    `os.environ` stays as it is, so that a process which is started later reads the file anew. Raises Refused.
    """
    home = folder()
    return ChainMap(os.environ, read(home) if home else {})


def read(home: Path) -> dict[str, str]:
    """The variables of a home's file; none if there is no file. Raises Refused with the number of a bad line."""
    return parse(_text(home))


def parse(text: str) -> dict[str, str]:
    """The variables that these lines set. Where one stands twice, the last counts. Raises Refused."""
    return {name: value for _, name, value in _assignments(text)}


def set_twice(home: Path) -> list[str]:
    """The variables with more than one line in a home's file. Raises Refused."""
    counts = Counter(name for _, name, _ in _assignments(_text(home)))
    return [name for name, count in counts.items() if count > 1]


def write(home: Path, variables: dict[str, str | None], *, heading: str = "") -> None:
    """Set these variables in a home's file, and remove those that are None. All other lines stay as they are.

    heading: what a new file begins with.

    The new file takes the place of the old one whole, readable by this user alone.
    """
    lines = (_text(home) or heading).splitlines()
    missing = {name: value for name, value in variables.items() if value is not None}
    kept = []
    for each in lines:
        found = ASSIGNMENT.fullmatch(each.strip())
        if found is None or found["name"] not in variables:
            kept.append(each)
        elif found["name"] in missing:
            kept.append(line(found["name"], missing.pop(found["name"])))
    kept += [line(name, value) for name, value in missing.items()]
    whole_file.write(home / SETTINGS_FILE, "\n".join(kept) + "\n")


def line(name: str, value: str) -> str:
    """The line that sets a variable. Raises ValueError for a value of more than one."""
    if len(value.splitlines()) > 1 or value.endswith("\n"):
        raise ValueError(f"{name}: a setting stands on one line")
    is_quoted = value[:1] in {"'", '"'} or value != value.strip()
    return f"{name}='{value}'" if is_quoted else f"{name}={value}"


def _text(home: Path) -> str:
    try:
        return (home / SETTINGS_FILE).read_text("utf-8-sig")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise Refused(f"{home / SETTINGS_FILE} isn't text in UTF-8.") from None
    except OSError as error:
        raise Refused(
            f"{home / SETTINGS_FILE} can't be read: {error.strerror}. Run this as the user that it belongs to."
        ) from None


def _assignments(text: str) -> Iterator[tuple[int, str, str]]:
    """Number, name and value of each line. No sentence quotes a line: it may hold a password."""
    for number, written in enumerate(text.splitlines(), start=1):
        stripped = written.strip()
        if not stripped or stripped.startswith("#"):
            continue
        found = ASSIGNMENT.fullmatch(stripped)
        if found is None:
            raise Refused(f"line {number} of {SETTINGS_FILE} is no NAME=value. Correct it, or begin it with #.")
        yield number, found["name"], _unquoted(found["value"])


def _unquoted(value: str) -> str:
    """Without the quotes around it. In double quotes, a backslash takes a character as it is."""
    mark = value[:1]
    if len(value) < 2 or mark not in {"'", '"'} or value[-1] != mark:
        return value
    return ESCAPED.sub(r"\1", value[1:-1]) if mark == '"' else value[1:-1]
