"""How long the list of applications takes with many rows: pages, filters, searches, and the page of one.

    .venv/bin/python tests/bench/applications_list.py [--rounds 10]

Runs on the demo's SQLite in a temporary folder. Each request goes through all of Django: session, permission, queries,
template. Prints median and longest server time in milliseconds, bytes, and queries.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
PAGES = {
    "list": "",
    "last page": "?state=all&page=9999",
    "filter by state": "?state=under_review",
    "filter by who": "?state=all&assignee=nobody",
    "accepted": "?state=conditional",
    "search": "?state=all&q=person+499",
    "search, none": "?state=all&q=nobody+of+that+name",
    "one": "{pk}/",
}


def start(folder: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "peersupport.settings.demo"
    os.environ["PEERSUPPORT_VAR"] = folder
    import django

    django.setup()


def fill(number: int) -> None:
    """The same number in each state; the accepted have become members in training."""
    from django.utils import timezone

    from applications.domain.states import ApplicationState
    from applications.models import Application, Move
    from peersupport.team.models import Member, User

    now, states = timezone.now(), list(ApplicationState)
    essay = "It is a long story, and I have told it to few. " * 40
    Application.objects.bulk_create(
        Application(
            name=f"Person {n}", email=f"person{n}@example.org", kind="sworn", unit=f"Unit {n % 40}",
            state=states[n % len(states)], since=now - timedelta(hours=n), confirmed_on=now.date(), why=essay,
            qualifications=essay, benefit=essay,
        )
        for n in range(number)
    )  # fmt: skip
    Move.objects.bulk_create(
        Move(application=application, to_state="draft", mover="candidate", at=now)
        for application in Application.objects.all()
    )
    accepted = Application.objects.filter(state="conditional").values_list("name", "email")
    User.objects.bulk_create(User(name=name, email=email, is_member=True) for name, email in accepted)
    Member.objects.bulk_create(Member(user=user) for user in User.objects.filter(is_member=True))


def measure(address: str, rounds: int) -> str:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from peersupport.team.models import User
    from tests.cast import sign_in_directly

    client = Client(SERVER_NAME="localhost")
    sign_in_directly(client, User.objects.get(email="coordinator@example.org"))
    client.get(address)
    times, cpu = [], []
    for _ in range(rounds):
        began, cpu_before = time.perf_counter(), time.process_time()
        answer = client.get(address)
        times.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() - cpu_before))
    assert answer.status_code == 200, answer.status_code
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return (
        f"median {statistics.median(times):6.0f} ms   longest {max(times):6.0f} ms   processor {min(cpu):6.0f} ms   "
        f"{len(answer.content):9,} bytes   {len(queries)} queries"
    )


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=10)
    options.add_argument("--applications", type=int, default=5000)
    arguments = options.parse_args()
    folder = tempfile.mkdtemp(prefix="bench-applications-")
    try:
        start(folder)
        from django.core.management import call_command

        from applications.models import Application
        from peersupport.team.models import User

        call_command("migrate", verbosity=0)
        User.objects.create(name="Coordinator", email="coordinator@example.org", is_coordinator=True)
        fill(arguments.applications)
        pk = Application.objects.filter(state="under_review").earliest("pk").pk
        for name, page in PAGES.items():
            print(f"{name:16} {measure('/applications/' + page.format(pk=pk), arguments.rounds)}")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
