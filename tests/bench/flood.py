"""What a flood of requests does to somebody real in the middle of it, and to the people who are alerted.

    .venv/bin/python tests/bench/flood.py [--requests 1000] [--seconds 60] [--members 8] [--solvers 2] [--folder DIR]

It uses the demo's settings in a folder of its own under --folder (default: the current folder), on SQLite, with a real
sweep each minute and a real outbox that sends to a file for each mail and each ring. Two floods, one after the other:

- without a proof: --requests in --seconds, and in the middle one real "now" that brings its proof. It has to be offered
  within two minutes.
- with a proof: --solvers processes solve as fast as they can what each form asks for, and send. It prints how the
  difficulty rises, how many of them it lets through, and how long the real one waited.

In both it counts mails and rings of each person, and the shortest time between two. Times are of this machine, which
sends, seals, sweeps and solves at once.
"""

import argparse
import json
import multiprocessing
import os
import re
import shutil
import sys
import tempfile
import threading
import time
from collections import defaultdict
from contextlib import suppress
from email.utils import parsedate_to_datetime
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
FORK = multiprocessing.get_context("fork")
SWEEP_SECONDS = 60


def start(folder: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "peersupport.settings.demo"
    os.environ["PEERSUPPORT_VAR"] = folder
    import django

    django.setup()


def prepare(members: int) -> None:
    from django.core.management import call_command
    from django.db import connections

    from operations.demo import phone_alerts
    from peersupport.access.permissions import Role
    from peersupport.notices import alert_services
    from peersupport.notices.models import PhoneAlert
    from peersupport.sealing import envelope, keyring
    from tests.cast import make_member, make_user

    assert phone_alerts
    envelope.PASSWORD_MEMORY_KIB = 64
    keyring.prepare()
    call_command("migrate", verbosity=0)
    coordinator = make_user("Carla Coordinator", Role.COORDINATOR)
    for number in range(members):
        member = make_member(f"M{number} Member", confirmed_by=coordinator, cap=20)
        address = f"demo://{member.user.email.partition('@')[0]}"
        PhoneAlert.objects.create(user=member.user, sealed_address=alert_services.seal(member.user_id, address))
    connections.close_all()


def send_one(*, with_proof: bool, solve_limit: float = 600) -> dict[str, float]:
    """One request as a browser would send it. Returns what it cost and what became of it."""
    import altcha
    from django.db import OperationalError
    from django.utils import timezone

    from peersupport.program import form_tokens
    from requests_app import proof
    from requests_app.actions import submission
    from requests_app.domain.card import Card, Words
    from requests_app.domain.states import Urgency
    from requests_app.queries import flood

    token, solved, seconds = form_tokens.fresh(submission.TOKEN_PURPOSE), "", 0.0
    load = flood.load(timezone.now())
    if with_proof and load.is_braked:
        challenge = altcha.Challenge.from_dict(json.loads(proof.challenge(token, submission.TOKEN_PURPOSE, load.cost)))
        began = time.perf_counter()
        solution = altcha.solve_challenge(challenge, timeout=solve_limit)
        seconds = time.perf_counter() - began
        solved = altcha.Payload(challenge, solution).to_base64() if solution else ""
    typed = submission.Submission(Card(urgency=Urgency.NOW), Words("This is one of many."))
    presses = 0
    while True:  # a busy database answers 503 and keeps the form; the officer presses once more
        presses += 1
        with suppress(OperationalError):
            sent = submission.submit(token=token, submission=typed, proof=solved)
            break
    cost = load.cost if load.is_braked else 0
    return {"cost": cost, "solving": seconds, "is_offered": sent.is_offered, "presses": presses}


def send_many(results, count: int, seconds: float, *, with_proof: bool) -> None:
    """As many as that, evenly over the time. Solvers send when they have solved."""
    began = time.monotonic()
    for number in range(count):
        wait = began + number * seconds / count - time.monotonic()
        if wait > 0 and not with_proof:
            time.sleep(wait)
        if with_proof and time.monotonic() - began > seconds:
            break
        results.put({"at": time.monotonic() - began, **send_one(with_proof=with_proof)})


def run_rounds(stop: threading.Event) -> None:
    """The worker: the outbox whenever something waits, the sweep each minute."""
    from django.db import OperationalError, connections
    from django.utils import timezone

    from peersupport.notices.actions import outbox
    from requests_app.actions import sweep

    next_sweep = time.monotonic() + SWEEP_SECONDS
    while not stop.wait(0.5):
        with suppress(OperationalError):
            outbox.send(urgent=True, now=timezone.now())
        if time.monotonic() >= next_sweep:
            next_sweep += SWEEP_SECONDS
            began, what = time.monotonic(), "took"
            try:
                sweep.run(now=timezone.now())
            except OperationalError as error:  # as in the worker: the next round does it
                what = f"was given up ({error}) after"
            print(f"    a sweep {what} {time.monotonic() - began:.1f} s", flush=True)
    connections.close_all()


def flood_once(options: argparse.Namespace, *, with_proof: bool) -> None:
    results = FORK.Queue()
    senders = options.solvers if with_proof else 2
    share = options.requests if with_proof else options.requests // senders
    processes = [
        FORK.Process(target=in_own_process, args=(results, share, options.seconds, with_proof), daemon=True)
        for _ in range(senders)
    ]
    stop, sent, real, waited = threading.Event(), [], None, 0.0
    rounds = threading.Thread(target=run_rounds, args=(stop,))
    for process in processes:
        process.start()
    rounds.start()
    started = time.monotonic()
    while any(process.is_alive() for process in processes) or not results.empty():
        while not results.empty():
            sent.append(results.get())
        is_middle = time.monotonic() - started > options.seconds / 2 if with_proof else len(sent) > options.requests / 2
        if real is None and is_middle:
            began = time.monotonic()
            real = send_one(with_proof=True)
            waited = time.monotonic() - began
        time.sleep(0.1)
    time.sleep(options.after)
    stop.set()
    rounds.join()
    if real is not None:
        report(sent, real, waited)


def in_own_process(results, count: int, seconds: float, with_proof: bool) -> None:
    from django.db import connections

    connections.close_all()
    send_many(results, count, seconds, with_proof=with_proof)


def report(sent: list[dict[str, float]], real: dict[str, float], waited: float) -> None:
    from collections import Counter

    from requests_app.queries import unsealing

    states = Counter(str(request.routing.state) for request in unsealing.open_requests())
    again = sum(each["presses"] > 1 for each in sent)
    last = max((each["at"] for each in sent), default=0)
    print(f"    {len(sent)} sent in {last:.0f} s, {sum(each['is_offered'] for each in sent):.0f} offered at once; "
          f"{again:.0f} had to press again", flush=True)  # fmt: skip
    costs = sorted({int(each["cost"]) for each in sent})
    solving = sorted(each["solving"] for each in sent if each["solving"])
    if solving:
        middle = solving[len(solving) // 2]
        print(f"    difficulty {costs}; solving took {middle:.1f} s (median), {solving[-1]:.1f} s at most")
    print(f"    stored by state: {dict(states)}")
    print(f"    the real one: solved in {real['solving']:.1f} s, offered {'yes' if real['is_offered'] else 'NO'}, "
          f"{waited:.1f} s after its form was opened", flush=True)  # fmt: skip


def count_alerts(folder: str, quiet_minutes: int) -> None:
    for name in ("mail", "bells"):
        times = defaultdict(list)
        for path in Path(folder, name).iterdir():
            text, sent_at = path.read_text(), path.stat().st_mtime
            for part in re.findall(r"^(?:From: .*|To: .*|Date: .*)$", text, re.MULTILINE):
                if part.startswith("To: "):
                    who = part
                    if name == "bells":
                        times[who].append(sent_at)
                elif part.startswith("Date: "):
                    times[who].append(parsedate_to_datetime(part.removeprefix("Date: ")).timestamp())
        gaps = [later - earlier for each in times.values() for earlier, later in pairwise(sorted(each))]
        most = max((len(each) for each in times.values()), default=0)
        shortest = f"{min(gaps) / 60:.1f} min" if gaps else "-"
        print(f"  {name}: {sum(map(len, times.values()))} in all, {most} at most for one person, "
              f"shortest time between two {shortest} (the setting says {quiet_minutes})", flush=True)  # fmt: skip


def run(folder: str, options: argparse.Namespace) -> None:
    start(folder)
    from django.conf import settings

    prepare(options.members)
    for with_proof in (False, True):
        print(f"  {'with' if with_proof else 'without'} a proof", flush=True)
        flood_once(options, with_proof=with_proof)
        count_alerts(folder, settings.QUIET_MINUTES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--members", type=int, default=8)
    parser.add_argument("--solvers", type=int, default=2)
    parser.add_argument("--after", type=float, default=150, help="seconds to go on after the last request")
    parser.add_argument("--folder", type=Path, default=Path.cwd())
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix=".bench-", dir=options.folder)
    try:
        print(f"{options.requests} requests in {options.seconds:.0f} s, {options.members} members on call, "
              f"{os.cpu_count()} cores", flush=True)  # fmt: skip
        process = FORK.Process(target=run, args=(folder, options))
        process.start()
        process.join()
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
