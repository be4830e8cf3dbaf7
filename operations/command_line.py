"""The command line of this installation, as it can be typed from anywhere."""

import shlex
import sys
from pathlib import Path

from peersupport.settings import home

MANAGE = Path(__file__).parents[1] / "manage.py"


def manage() -> str:
    """What stands before the name of a command: this Python, `manage.py`, and the home if there is one."""
    folder = home.folder()
    return shlex.join([sys.executable, str(MANAGE), *(["--home", str(folder)] if folder else [])])
