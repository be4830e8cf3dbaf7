#!/usr/bin/env python
"""The command line. With `--home DIR` or PEERSUPPORT_HOME it is about that installation; without, about the demo."""

import os
import sys

from peersupport.settings import home


def main() -> None:
    arguments = home.take_from(sys.argv)
    kind = "production" if home.folder() else "demo"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"peersupport.settings.{kind}")
    from django.core.management import execute_from_command_line

    execute_from_command_line(arguments)


if __name__ == "__main__":
    main()
