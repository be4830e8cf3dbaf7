#!/usr/bin/env python
"""The command line. With `--home DIR` or PEERSUPPORT_HOME it is about that installation; without, about the demo."""

import os
import sys
from importlib import import_module
from typing import NoReturn

from operations.exit_status import COULD_NOT_RUN
from peersupport.core.errors import Refused
from peersupport.settings import home

# Commands with something to do before there are settings to run Django with: each module has begin(arguments, go_on).
BEGINNINGS = {
    "setup": "operations.setup.new_home",
    "restore": "operations.backup.empty_home",
    "doctor": "operations.doctor.start",
    "release_manifest": "operations.management.commands.release_manifest",
}
# They are about an installation, and so never about the demo, whose folder they would make.
OF_AN_INSTALLATION = frozenset(
    {"setup", "serve", "doctor", "backup", "restore", "upgrade", "rotate", "recover_account", "verify_audit"}
)
SETTINGS = "DJANGO_SETTINGS_MODULE"


def main() -> None:
    arguments = home.take_from(sys.argv)
    if home.folder():
        os.umask(0o077)
    name = arguments[1] if len(arguments) > 1 else ""
    if name in OF_AN_INSTALLATION and not {"--help", "-h"}.isdisjoint(arguments):
        os.environ[SETTINGS] = "peersupport.settings.usage"
        run(arguments)
    elif name in OF_AN_INSTALLATION and not home.folder() and SETTINGS not in os.environ:
        refuse(home.WHICH)
    elif name in BEGINNINGS:
        import_module(BEGINNINGS[name]).begin(arguments, run)
    else:
        run(arguments)


def run(arguments: list[str]) -> None:
    kind = "production" if home.folder() else "demo"
    os.environ.setdefault(SETTINGS, f"peersupport.settings.{kind}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(arguments)


def refuse(sentence: str) -> NoReturn:
    sys.stderr.write(f"{sentence}\n")
    sys.exit(COULD_NOT_RUN)


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        refuse(str(refused))
    except SystemExit as left:
        if not home.folder() or not isinstance(left.code, str):
            raise
        refuse(left.code)
