"""How long a tally, a nightly write and a closing take, and whether counting makes the store grow.

    .venv/bin/python tests/bench/stats_tally.py [--tallies 1000] [--writers 8]

Runs the demo's SQLite (WAL, synchronous FULL) in a folder of its own under --folder (default: the system's
temporary folder) and removes it. Every tally takes the whole way: a key made and fsynced, the blob sealed anew,
the old key overwritten and removed.
"""

import argparse
import multiprocessing
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
CODES = {"concern": "grief", "mode": "phone", "feedback": "helped_again"}
OPEN, PAST = 2025, range(2005, 2025)


def start(folder: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "peersupport.settings.demo"
    os.environ["PEERSUPPORT_VAR"] = folder
    import django

    django.setup()


def timed(action, **arguments) -> float:
    began = time.perf_counter()
    action(**arguments)
    return 1000 * (time.perf_counter() - began)


def tallies(folder: str, count: int) -> list[float]:
    start(folder)
    from stats import actions

    return [timed(actions.tally, year=OPEN, first_this_year=i % 2 == 0, codes=CODES) for i in range(count)]


def say(what: str, times: list[float]) -> None:
    times = sorted(times)
    p95 = times[int(0.95 * (len(times) - 1))]
    print(f"{what:<44} median {statistics.median(times):7.2f} ms   p95 {p95:7.2f} ms   n = {len(times)}")


def store(folder: str) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    keys = len(list((Path(folder) / "keyring" / "shred").iterdir()))
    return f"{(Path(folder) / 'peersupport.sqlite3').stat().st_size:,} bytes of database, {keys} keys"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--tallies", type=int, default=1000)
    options.add_argument("--writers", type=int, default=8)
    options.add_argument("--folder", default=None)
    asked = options.parse_args()
    folder = tempfile.mkdtemp(prefix="bench-stats-", dir=asked.folder)
    try:
        measure(folder, asked.tallies, asked.writers)
    finally:
        shutil.rmtree(folder)


def measure(folder: str, count: int, writers: int) -> None:
    start(folder)
    from django.core.management import call_command
    from django.db import connection

    from peersupport.sealing import keyring
    from stats import actions

    keyring.prepare()
    call_command("migrate", verbosity=0)
    actions.open_year(year=OPEN)
    tallies(folder, 20)
    print("store before:", store(folder))
    say("tally, one writer", tallies(folder, count))
    print("store after: ", store(folder))
    say("nightly write of one open year", [timed(actions.reseal) for _ in range(50)])
    connection.close()
    with multiprocessing.get_context("spawn").Pool(writers) as pool:
        began = time.perf_counter()
        found = pool.starmap(tallies, [(folder, count // writers)] * writers, chunksize=1)
        seconds = time.perf_counter() - began
    say(f"tally, {writers} writers at once", [each for times in found for each in times])
    print(f"{'':<44} {sum(map(len, found)) / seconds:.0f} tallies a second, start of the processes included")
    for year in PAST:
        actions.open_year(year=year)
    say("closing a year", [timed(actions.close_year, year=year) for year in PAST])


if __name__ == "__main__":
    main()
