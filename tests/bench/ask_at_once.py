"""How long it takes to send a request when eight officers do so at once, and how much of it is the keyring's disk.

    .venv/bin/python tests/bench/ask_at_once.py [--at-once 8] [--rounds 25] [--members 12] [--folder DIR]

The demo's settings in a folder of its own under --folder (default: the folder it is started in; it must lie on the
disk that is to be measured), on SQLite and, where PostgreSQL is installed, on one that is started for this alone.
Each process sends, sends the same form again and closes, over and over; all start together, and closing is not timed.
"its key": what the keyring takes of a send. "again": the second press. "key alone": a key made with nothing else going
on. PostgreSQL does not wait for its disk here: fsync is off, as in all tests.
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
    """The tables, and a team whose passwords are made quickly: nobody signs in here."""
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


def ask(line, answers, rounds: int) -> None:
    from peersupport.program import form_tokens
    from peersupport.sealing import keyring
    from peersupport.sealing.receipt import credentials
    from requests_app.actions import officer, submission
    from requests_app.domain.states import Urgency

    sends, agains, keys, create = [], [], [], keyring.create

    def timed_create() -> str:
        began = time.perf_counter()
        key_id = create()
        keys.append(milliseconds_since(began))
        return key_id

    keyring.create = timed_create
    line.wait()
    for number in range(rounds + 1):
        typed = submission.Submission(urgency=Urgency.TODAY, message="I have not slept. " * 50)
        token = form_tokens.fresh("ask")
        if number == 1:
            keys.clear()  # the first send finds nothing warm
        began = time.perf_counter()
        sent = submission.submit(token=token, submission=typed)
        sends.append(milliseconds_since(began))
        began = time.perf_counter()
        submission.submit(token=token, submission=typed)
        agains.append(milliseconds_since(began))
        officer.close(creds=credentials(keyring.lasting("credentials"), sent.words))
    answers.put({"send": sends[1:], "its key": keys, "again": agains[1:]})


def make_keys(line, answers, rounds: int) -> None:
    from peersupport.sealing import keyring

    found = []
    line.wait()
    for _ in range(rounds):
        began = time.perf_counter()
        key_id = keyring.create()
        found.append(milliseconds_since(began))
        keyring.destroy(key_id)
    answers.put({"key alone": found})


def milliseconds_since(began: float) -> float:
    return 1000 * (time.perf_counter() - began)


def measure(work, at_once: int, rounds: int) -> None:
    line, answers = FORK.Barrier(at_once), FORK.Queue()
    processes = [FORK.Process(target=work, args=(line, answers, rounds), daemon=True) for _ in range(at_once)]
    for process in processes:
        process.start()
    found = [answers.get(timeout=60) for _ in processes]
    for process in processes:
        process.join()
    for name in found[0]:
        times = sorted(each for one in found for each in one[name])
        p95 = times[int(0.95 * (len(times) - 1))]
        print(f"  {at_once} at once   {name:9}   median {statistics.median(times):7.1f} ms   p95 {p95:7.1f} ms")


def run(name: str, folder: str, database_url: str | None, options: argparse.Namespace) -> None:
    """In a process of its own, because Django's settings can be made once only."""

    def measure_all() -> None:
        start(folder, database_url)
        prepare(options.members)
        print(f"{name}, {options.members} members, {os.cpu_count()} cores", flush=True)
        for at_once in (1, options.at_once):
            for work in (ask, make_keys):
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
