"""How long history takes to be read, checked and written: 20,000 rows, and 10 times the records beside them.

    .venv/bin/python tests/bench/training_import.py [--rows 20000]

Runs the demo's SQLite in a folder of its own and removes it; the worker's work is done in this process.
"""

import argparse
import shutil
import tempfile
import time
from datetime import date, timedelta

from training_coverage import fill, start


def content(rows: int) -> bytes:
    first = date(2001, 1, 1)
    lines = [f"bench{n % 500}@example.org,mediation,{first + timedelta(days=n // 500)},4" for n in range(rows)]
    return "\r\n".join(["E-mail,Subject,Completed on,Hours", *lines]).encode()


def measure(rows: int) -> None:
    from peersupport.team.models import User
    from training.actions import imports
    from training.models import Import, Record

    by, before = User.objects.get(email="coordinator@example.org"), Record.objects.count()
    received, began = imports.receive(content=content(rows), by=by), time.perf_counter()
    imports.work_on_imports()
    checked = time.perf_counter()
    imports.confirm(import_id=received.pk, by=by)
    imports.work_on_imports()
    written = time.perf_counter()
    print(
        f"{rows:,} rows beside {before:,} records: read and checked {checked - began:5.1f} s, "
        f"written {written - checked:5.1f} s, new {Import.objects.get(pk=received.pk).written:,}"
    )


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=20_000)
    arguments = options.parse_args()
    folder = tempfile.mkdtemp(prefix="bench-import-")
    try:
        start(folder)
        from django.core.management import call_command

        from peersupport.team.models import User

        call_command("migrate", verbosity=0)
        User.objects.create(name="Coordinator", email="coordinator@example.org", is_coordinator=True)
        for times in (3, 30):
            fill(500, 15, times)
            measure(arguments.rows)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
