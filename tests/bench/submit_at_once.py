"""How long it takes to submit a request when eight officers do so at once, and how much of it is the keyring's disk.

    .venv/bin/python tests/bench/submit_at_once.py [--at-once 8] [--rounds 25] [--members 12] [--folder DIR]

It uses the demo's settings in a folder of its own under --folder (default: the current folder; it must be on the disk
to be measured), on SQLite and, where PostgreSQL is installed, on a server started for this. Each process submits,
submits the same form again and closes, over and over. All start together, and closing is not timed. "its key": the
keyring's share of a submission. "again": the second press. "key alone": a key made with nothing else going on.
PostgreSQL does not wait for its disk here: fsync is off, as in all tests.
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


def prepare(members: int) -> None:
    """Make the tables, and a team with cheap passwords, because nobody signs in here."""
    from django.core.management import call_command
    from django.db import connections

    from peersupport.access.permissions import Role
    from peersupport.sealing import envelope, keyring
    from tests.cast import make_member, make_user

    envelope.PASSWORD_MEMORY_KIB = 64
    keyring.prepare()
    call_command("migrate", verbosity=0)
    coordinator = make_user("Carla Coordinator", Role.COORDINATOR)
    for number in range(members):
        make_member(f"M{number} Member", confirmed_by=coordinator, cap=20)
    connections.close_all()


def submit(line, answers, rounds: int) -> None:
    from peersupport.program import form_tokens
    from peersupport.sealing import keyring
    from peersupport.sealing.receipt import credentials
    from requests_app.actions import officer, submission
    from requests_app.domain.card import Card, Words
    from requests_app.domain.states import Urgency

    submits, replays, keys, create = [], [], [], keyring.create

    def timed_create() -> str:
        began = time.perf_counter()
        key_id = create()
        keys.append(milliseconds_since(began))
        return key_id

    keyring.create = timed_create
    line.wait()
    for number in range(rounds + 1):
        content = submission.Submission(Card(urgency=Urgency.TODAY), Words("I have not slept. " * 50))
        token = form_tokens.fresh("request")
        if number == 1:
            keys.clear()  # the first submission finds nothing warm
        began = time.perf_counter()
        sent = submission.submit(token=token, submission=content)
        submits.append(milliseconds_since(began))
        began = time.perf_counter()
        submission.submit(token=token, submission=content)
        replays.append(milliseconds_since(began))
        officer.close(creds=credentials(keyring.lasting("credentials"), sent.receipt_words))
    answers.put({"send": submits[1:], "its key": keys, "again": replays[1:]})


def make_keys(line, answers, rounds: int) -> None:
    from peersupport.sealing import keyring

    results = []
    line.wait()
    for _ in range(rounds):
        began = time.perf_counter()
        key_id = keyring.create()
        results.append(milliseconds_since(began))
        keyring.destroy(key_id)
    answers.put({"key alone": results})


def milliseconds_since(began: float) -> float:
    return 1000 * (time.perf_counter() - began)


def measure(work, at_once: int, rounds: int) -> None:
    line, answers = FORK.Barrier(at_once), FORK.Queue()
    processes = [FORK.Process(target=work, args=(line, answers, rounds), daemon=True) for _ in range(at_once)]
    for process in processes:
        process.start()
    results = [answers.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    for name in results[0]:
        times = sorted(each for one in results for each in one[name])
        p95 = times[int(0.95 * (len(times) - 1))]
        print(f"  {at_once} at once   {name:9}   median {statistics.median(times):7.1f} ms   p95 {p95:7.1f} ms")


def run(name: str, folder: str, database_url: str | None, options: argparse.Namespace) -> None:
    """Measure in a process of its own, because Django's settings can only be configured once."""

    def measure_all() -> None:
        start(folder, database_url)
        prepare(options.members)
        print(f"{name}, {options.members} members, {os.cpu_count()} cores", flush=True)
        for at_once in (1, options.at_once):
            for work in (submit, make_keys):
                measure(work, at_once, options.rounds)

    process = FORK.Process(target=measure_all)
    process.start()
    process.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--members", type=int, default=12)
    parser.add_argument("--folder", type=Path, default=Path.cwd())
    options = parser.parse_args()
    from tests import services

    measure_in_own_folder("SQLite", None, options)
    try:
        with services.postgresql() as url:
            measure_in_own_folder("PostgreSQL", url, options)
    except services.Missing:
        print("PostgreSQL: not on this machine")


def measure_in_own_folder(name: str, database_url: str | None, options: argparse.Namespace) -> None:
    folder = tempfile.mkdtemp(prefix=".bench-", dir=options.folder)
    try:
        run(name, folder, database_url, options)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
