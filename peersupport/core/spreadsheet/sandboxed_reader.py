"""Reads one workbook from standard input, as a process of its own that is stopped where it takes too much.

A file of a few kilobytes can be made so that reading it takes hours, or all memory: no look at the file tells which.
"""

import contextlib
import json
import resource
import sys

from ..errors import Refused
from .reading import read_workbook

LIMITS = {
    resource.RLIMIT_CPU: 15,  # seconds; 50,000 rows take two
    resource.RLIMIT_AS: 512 * 1024 * 1024,  # bytes; 50,000 rows take a quarter of it
}


def main() -> None:
    for kind, most in LIMITS.items():
        with contextlib.suppress(ValueError, OSError):  # where it has less already, or the system knows no such limit
            resource.setrlimit(kind, (most, most))
    try:
        rows = read_workbook(sys.stdin.buffer.read(), sys.argv[1:])
    except Refused as refused:
        json.dump({"refused": refused.sentence}, sys.stdout)
    else:
        json.dump({"rows": [(row.number, row.cells) for row in rows]}, sys.stdout)


if __name__ == "__main__":
    main()
