"""A note in the keyring, which all hosts share, that one of them changes the tables: meanwhile none starts.

What another stored by then would be lost where a step fails, and the database goes back to the copy from before it.
"""

import socket
from pathlib import Path

from django.conf import settings

from peersupport.core import whole_file
from peersupport.core.errors import Refused

FILE = "upgrading"


def begin(home: Path) -> None:
    whole_file.write(_file(), _name(home))


def end(home: Path) -> None:
    """Of this home's own upgrade."""
    if _noted() == _name(home):
        _file().unlink(missing_ok=True)


def refuse(home: Path) -> None:
    """Raise Refused while another host upgrades. One of this home that was killed and left no copy is over."""
    end(home)
    if _noted():
        raise Refused("an upgrade is under way on another host. Let it end, or run it there again.")


def _noted() -> str:
    try:
        return _file().read_text()
    except OSError:  # not there; a keyring that isn't mounted is said by others
        return ""


def _file() -> Path:
    return Path(settings.KEYRING) / FILE


def _name(home: Path) -> str:
    return f"{socket.gethostname()} {home.resolve()}"
