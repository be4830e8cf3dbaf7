#!/usr/bin/env python
"""The command line. With `--home DIR` or PEERSUPPORT_HOME it is about that installation; without, about the demo."""

import os
import sys
from importlib import import_module

from operations.exit_status import COULD_NOT_RUN
from peersupport.settings import home

# Commands with something to do before there are settings to run Django with: each module has begin(arguments, go_on).
BEGINNINGS = {
    "setup": "operations.setup.new_home",
    "restore": "operations.backup.empty_home",
    "doctor": "operations.doctor.start",
    "release_manifest": "operations.management.commands.release_manifest",
}


def main() -> None:
    arguments = home.take_from(sys.argv)
    if home.folder():
        os.umask(0o077)
    name = arguments[1] if len(arguments) > 1 else ""
    if name in BEGINNINGS:
        import_module(BEGINNINGS[name]).begin(arguments, run)
    else:
        run(arguments)


def run(arguments: list[str]) -> None:
    kind = "production" if home.folder() else "demo"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"peersupport.settings.{kind}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(arguments)


if __name__ == "__main__":
    try:
        main()
    except SystemExit as left:
        if not home.folder() or not isinstance(left.code, str):
            raise
        sys.stderr.write(f"{left.code}\n")
        sys.exit(COULD_NOT_RUN)
