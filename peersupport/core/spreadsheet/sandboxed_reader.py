"""Reads one workbook from standard input, in a process of its own with limits on CPU time and memory.

A file of a few kilobytes can be crafted so that reading it takes hours, or all memory; nothing about the file shows it.
"""

import contextlib
import json
import resource
import sys

from ..errors import Refused
from .reading import read_workbook_rows

LIMITS = {
    resource.RLIMIT_CPU: 15,  # seconds; 50,000 rows take two
    resource.RLIMIT_AS: 512 * 1024 * 1024,  # bytes; 50,000 rows take a quarter of it
}


def main() -> None:
    """Arguments: the columns. Prints {"rows": [[number, cells], ...]} or {"refused": sentence, "values": {...}}."""
    for kind, limit in LIMITS.items():
        with contextlib.suppress(ValueError, OSError):  # already limited to less, or the system has no such limit
            resource.setrlimit(kind, (limit, limit))
    try:
        rows = read_workbook_rows(sys.stdin.buffer.read(), sys.argv[1:])
    except Refused as refused:
        json.dump({"refused": refused.sentence, "values": refused.values}, sys.stdout)
    else:
        json.dump({"rows": [(row.number, row.cells) for row in rows]}, sys.stdout)


if __name__ == "__main__":
    main()
