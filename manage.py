#!/usr/bin/env python
"""The command line. Without DJANGO_SETTINGS_MODULE it runs the demo, which creates all it needs under var/."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peersupport.settings.demo")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
