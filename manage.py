#!/usr/bin/env python
"""The command line. With `--home DIR` or PEERSUPPORT_HOME it is about that installation; without, about the demo."""

import os
import sys
from importlib import import_module

from peersupport.settings import home

# What makes a home: their first steps come before there are any settings to run Django with.
MAKERS = {"setup": "operations.setup.new_home", "restore": "operations.backup.new_home"}
COULD_NOT_RUN = 2  # the exit status of every command about an installation that could not even begin
# Is about the program's files alone: makes no demo's folder, and needs no sound home.
ABOUT_FILES = "release_manifest"


def main() -> None:
    arguments = home.take_from(sys.argv)
    if home.folder():
        os.umask(0o077)
    if arguments[1:2] == [ABOUT_FILES]:
        import_module(f"operations.management.commands.{ABOUT_FILES}").run_alone(arguments)
        return
    if home.is_to_be_made() and arguments[1:2] and arguments[1] in MAKERS:
        # Returns the rest of the command line, for the command of the same name.
        arguments[2:] = import_module(MAKERS[arguments[1]]).make(home.folder(), arguments[2:])
    kind = "production" if home.folder() else "demo"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"peersupport.settings.{kind}")
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(arguments)
    except SystemExit as left:
        if not home.folder() or not isinstance(left.code, str):
            raise
        sys.stderr.write(f"{left.code}\n")
        sys.exit(COULD_NOT_RUN)


if __name__ == "__main__":
    main()
