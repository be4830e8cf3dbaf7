"""How long a tally, a nightly write and a closing take, and that neither depends on how much was counted before.

    .venv/bin/python tests/bench/stats_tally.py [--tallies 1000] [--writers 8] [--folder DIR] [--really]

The demo's settings in a folder of its own under --folder (default: the system's temporary folder; it must lie on the
disk that is to be measured), on SQLite (WAL, synchronous FULL) and, where PostgreSQL is installed, on one that is
started for this alone and does not wait for its disk. Every tally takes the whole way: a key made and fsynced, the
blob sealed anew, the old key overwritten and removed. A million real tallies take most of an hour: so as many as are
asked for are made, then the counters are set to a million, and the same is measured there. With --really the whole
million is tallied, on SQLite alone.
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


def at_once(writers: int, each: int) -> list[float]:
    from django.db import connections

    def write() -> None:
        line.wait()
        answers.put(tallies(each))

    connections.close_all()
    line, answers = FORK.Barrier(writers), FORK.Queue()
    processes = [FORK.Process(target=write) for _ in range(writers)]
    for process in processes:
        process.start()
    return [each for _ in processes for each in answers.get()]


def counted() -> int:
    from stats import vault
    from stats.domain.ledger import CONTACTS
    from stats.models import StatsYear

    return vault.unseal(StatsYear.objects.get(year=OPEN)).by_counter()[CONTACTS]


def count_a_million() -> None:
    from stats import vault
    from stats.domain.ledger import COUNTERS, Ledger
    from stats.models import StatsYear

    row = StatsYear.objects.get(year=OPEN)
    row.blob = vault.seal(row, Ledger((MANY,) * len(COUNTERS)))
    row.save()


def say(what: str, times: list[float]) -> None:
    times = sorted(times)
    p95 = times[int(0.95 * (len(times) - 1))]
    print(f"  {what:<42} median {statistics.median(times):7.2f} ms   p95 {p95:7.2f} ms   n = {len(times)}")


def store(folder: str) -> str:
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
    print("  store before:            ", store(folder))
    say("tally, one writer", tallies(count))
    print(f"  store after {count:,} tallies: ", store(folder))
    before = counted()
    say(f"tally, {writers} writers at once", at_once(writers, count // writers))
    print(f"  of {count // writers * writers:,} by {writers} writers {counted() - before:,} are counted")
    say("nightly write of one open year", [timed(actions.reseal) for _ in range(50)])
    if is_real:
        say("tally, up to a million", tallies(MANY - counted()))
    else:
        count_a_million()
    say("tally, a million counted", tallies(count))
    print("  store at a million:      ", store(folder))
    for year in PAST:
        actions.open_year(year=year)
    say("closing a year", [timed(actions.close_year, year=year) for year in PAST])


def in_a_folder(parent: str | None, *how: object) -> None:
    """In a process of its own: Django is set up once."""
    folder = tempfile.mkdtemp(prefix="bench-stats-", dir=parent)
    try:
        process = FORK.Process(target=measure, args=(folder, *how))
        process.start()
        process.join()
    finally:
        shutil.rmtree(folder)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--tallies", type=int, default=1000)
    options.add_argument("--writers", type=int, default=8)
    options.add_argument("--folder", default=None)
    options.add_argument("--really", action="store_true")
    asked = options.parse_args()
    from tests import services

    print("SQLite", flush=True)
    in_a_folder(asked.folder, None, asked.tallies, asked.writers, asked.really)
    if asked.really:
        return
    try:
        with services.postgresql() as url:
            print("PostgreSQL", flush=True)
            in_a_folder(asked.folder, url, asked.tallies, asked.writers, False)
    except services.Missing as missing:
        print(missing)


if __name__ == "__main__":
    main()
