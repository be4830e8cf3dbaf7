"""How long a roster of 2,000 people takes: looked at on a page, written and invited, and the same one looked at again.

    .venv/bin/python tests/bench/roster_import.py [--rows 2000]

Runs the demo's SQLite in a folder of its own and removes it.
"""

import argparse
import shutil
import tempfile
import time

from training_coverage import start


def content(rows: int) -> bytes:
    from peersupport.team.domain.roster_rows import COLUMNS

    facts = "Sworn,Patrol,,no,2024-03-31,Sheriff Example,2024-17,2027-03-31,2024-03-30"
    lines = [f"bench{number}@example.org,Person {number},{facts}" for number in range(rows)]
    return "\r\n".join([",".join(COLUMNS), *lines]).encode()


def measure(rows: int) -> None:
    from django.utils import timezone

    from peersupport.team import tasks  # noqa: F401  # a web process has rung before
    from peersupport.team.actions import roster_import
    from peersupport.team.models import User
    from peersupport.team.queries import roster_file

    by = User.objects.get(email="coordinator@example.org")
    for words in ("new", "known"):
        roster_import.receive(content=content(rows), by=by)
        began = time.perf_counter()
        roster_file.roster_preview(roster_file.import_of(by), timezone.localdate())
        looked = time.perf_counter()
        written = roster_import.confirm(by=by)
        done = time.perf_counter()
        print(f"{rows:,} {words}: looked at {looked - began:5.2f} s, {written:,} written {done - looked:5.2f} s")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=2_000)
    asked = options.parse_args()
    folder = tempfile.mkdtemp(prefix="bench-roster-")
    try:
        start(folder)
        from django.core.management import call_command

        from peersupport.sealing import keyring
        from peersupport.team.models import User

        keyring.prepare()
        call_command("migrate", verbosity=0)
        User.objects.create(name="Coordinator", email="coordinator@example.org", is_coordinator=True)
        measure(asked.rows)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
