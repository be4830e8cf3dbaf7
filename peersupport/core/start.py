"""How a process says that it can't start: in one line, which `serve` knows by its mark from what a library says."""

import os
import sys
from typing import NoReturn

REFUSAL = "Peer Support does not start: "


# Whether this process only looks, as `doctor` does: then it starts with what would stop any other, and tells it.
only_looks = False


def mark() -> str:
    """What the program's own lines begin with in a process of `serve`; nothing in any other."""
    return os.environ.get("PEERSUPPORT_LOG_MARK", "")


def refuse(sentence: str) -> NoReturn:
    """Exit, and say why."""
    sys.exit(f"{mark()}{REFUSAL}{sentence}")
