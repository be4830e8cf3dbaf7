"""The first step of `manage.py doctor`: what stops any process from starting stops the doctor too, so it is told here.

Imports no Django before there are settings.
"""

import json
import sys
from collections.abc import Callable

from peersupport.core import start

CANNOT_SERVE = 2


def begin(arguments: list[str], go_on: Callable[[list[str]], None]) -> None:
    """Run the command. Where the program doesn't start, say why in the doctor's way and exit with 2."""
    start.only_looks = True
    try:
        go_on(arguments)
    except SystemExit as stopped:
        if not isinstance(stopped.code, str):
            raise
        _say(stopped.code, as_json="--json" in arguments)
    except (ValueError, ImportError) as error:  # Django's own words for a setting that it can't use
        _say(f"{start.REFUSAL}{error}", as_json="--json" in arguments)


def _say(sentence: str, *, as_json: bool) -> None:
    remedy = "Correct it, and see docs/settings.md."
    if as_json:
        line = {"check": "start", "level": "cannot_serve", "says": sentence, "remedy": remedy}
        sys.stdout.write(json.dumps([line], indent=2) + "\n")
    else:
        sys.stdout.write(f"CANNOT SERVE  start: {sentence}\n              > {remedy}\n")
    sys.exit(CANNOT_SERVE)
