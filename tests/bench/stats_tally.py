"""How long a tally, a nightly write, and a closing take, and that none depends on how much was counted before.

    .venv/bin/python tests/bench/stats_tally.py [--tallies 1000] [--writers 8] [--folder DIR] [--really]

Uses the demo's settings in a new folder under --folder (default: the system's temporary folder; it must be on the disk
to be measured), on SQLite (WAL, synchronous FULL) and, if PostgreSQL is installed, on one that is started just for
this and does not wait for its disk. Every tally does the real work: a key made and fsynced, the blob resealed, the old
key overwritten and removed. A million real tallies take most of an hour, so only --tallies of them are made; then the
counters are set to a million and the same is measured again. With --really the whole million is tallied, on SQLite
only.
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
OPEN, PAST, MANY = 2025, range(2005, 2025), 1_000_000
FORK = multiprocessing.get_context("fork")


def start(folder: str, database_url: str | None) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "peersupport.settings.demo"
    os.environ["PEERSUPPORT_VAR"] = folder
    import django
    import environ
    from django.conf import settings

    if database_url:
        settings.DATABASES = {"default": environ.Env().db_url_config(database_url)}
    django.setup()


def timed(action, **arguments) -> float:
    began = time.perf_counter()
    action(**arguments)
    return 1000 * (time.perf_counter() - began)


def tallies(count: int) -> list[float]:
    from stats import actions

    return [timed(actions.tally, year=OPEN, first_this_year=i % 2 == 0, codes=CODES) for i in range(count)]


def tallies_at_once(writers: int, count: int) -> list[float]:
    from django.db import connections

    def write() -> None:
        barrier.wait()
        results.put(tallies(count))

    connections.close_all()
    barrier, results = FORK.Barrier(writers), FORK.Queue()
    processes = [FORK.Process(target=write) for _ in range(writers)]
    for process in processes:
        process.start()
    return [milliseconds for _ in processes for milliseconds in results.get()]


def contacts_counted() -> int:
    from stats import vault
    from stats.domain.ledger import CONTACTS
    from stats.models import StatsYear

    return vault.unseal(StatsYear.objects.get(year=OPEN)).by_counter()[CONTACTS]


def set_counters_to_a_million() -> None:
    from stats import vault
    from stats.domain.ledger import COUNTERS, Ledger
    from stats.models import StatsYear

    row = StatsYear.objects.get(year=OPEN)
    row.blob = vault.seal(row, Ledger((MANY,) * len(COUNTERS)))
    row.save()


def print_times(what: str, times: list[float]) -> None:
    times = sorted(times)
    p95 = times[int(0.95 * (len(times) - 1))]
    print(f"  {what:<42} median {statistics.median(times):7.2f} ms   p95 {p95:7.2f} ms   n = {len(times)}")


def database_size(folder: str) -> str:
    from django.db import connection

    keys = len(list((Path(folder) / "keyring" / "shred").glob("[0-9a-f]*")))
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return f"{(Path(folder) / 'peersupport.sqlite3').stat().st_size:,} bytes of database, {keys} key"
        cursor.execute("VACUUM stats_year")
        cursor.execute("SELECT pg_total_relation_size('stats_year')")
        return f"{cursor.fetchone()[0]:,} bytes of its table once vacuumed, {keys} key"


def measure(folder: str, database_url: str | None, count: int, writers: int, is_real: bool) -> None:
    start(folder, database_url)
    from django.core.management import call_command

    from peersupport.sealing import keyring
    from stats import actions

    keyring.prepare()
    call_command("migrate", verbosity=0)
    actions.open_year(year=OPEN)
    tallies(20)
    print("  store before:            ", database_size(folder))
    print_times("tally, one writer", tallies(count))
    print(f"  store after {count:,} tallies: ", database_size(folder))
    before = contacts_counted()
    print_times(f"tally, {writers} writers at once", tallies_at_once(writers, count // writers))
    print(f"  of {count // writers * writers:,} by {writers} writers {contacts_counted() - before:,} are counted")
    print_times("nightly write of one open year", [timed(actions.reseal) for _ in range(50)])
    if is_real:
        print_times("tally, up to a million", tallies(MANY - contacts_counted()))
    else:
        set_counters_to_a_million()
    print_times("tally, a million counted", tallies(count))
    print("  store at a million:      ", database_size(folder))
    for year in PAST:
        actions.open_year(year=year)
    print_times("closing a year", [timed(actions.close_year, year=year) for year in PAST])


def measure_in_new_folder(parent: str | None, *arguments: object) -> None:
    """In a process of its own, because Django can be set up only once."""
    folder = tempfile.mkdtemp(prefix="bench-stats-", dir=parent)
    try:
        process = FORK.Process(target=measure, args=(folder, *arguments))
        process.start()
        process.join()
    finally:
        shutil.rmtree(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tallies", type=int, default=1000)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--folder", default=None)
    parser.add_argument("--really", action="store_true")
    arguments = parser.parse_args()
    from tests import services

    print("SQLite", flush=True)
    measure_in_new_folder(arguments.folder, None, arguments.tallies, arguments.writers, arguments.really)
    if arguments.really:
        return
    try:
        with services.postgresql() as url:
            print("PostgreSQL", flush=True)
            measure_in_new_folder(arguments.folder, url, arguments.tallies, arguments.writers, False)
    except services.Missing as missing:
        print(missing)


if __name__ == "__main__":
    main()
