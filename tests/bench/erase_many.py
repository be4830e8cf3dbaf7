"""Take a thousand requests through every way they can end, then search every byte that the program wrote.

    .venv/bin/python tests/bench/erase_many.py [--requests 1000]

Runs the demo's SQLite (a file, with its write-ahead log), keyring, filesystem broker, mails as files and a log file in
a temporary folder. Printed: what was searched; the rows, keys and readable words that are left; and what an attacker
opens, with every surviving key, of one copy for each end, taken while the request was open.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))


def start(folder: Path) -> None:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "peersupport.settings.demo", "PEERSUPPORT_VAR": str(folder)}
    import django
    from django.conf import settings

    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(folder / "mail")
    django.setup()
    from django.core.management import call_command

    from peersupport.sealing import keyring
    from stats.actions import open_current_year

    keyring.prepare()
    call_command("migrate", verbosity=0)
    open_current_year()


def team() -> object:
    from peersupport.access.permissions import Role
    from tests.cast import make_member, make_user, private_key_of
    from tests.requests_app.ends import Team

    coordinator = make_user("Carla Coordinator", Role.COORDINATOR)
    first, second = (make_member(name, confirmed_by=coordinator) for name in ("Ana Alvarez", "Ben Brandt"))
    keys = {member.pk: private_key_of(member.user.name) for member in (first, second)}
    return Team(first, second, keys, coordinator)


def run_requests(people: object, requests: int) -> tuple[list[object], list[object]]:
    """All requests, and what an attacker could have kept of the first one for each end."""
    from django.utils import timezone

    from peersupport.notices.actions import outbox
    from tests.requests_app.ends import ENDS
    from tests.requests_app.test_erasure import taken_through

    submitted, attacked = [], []
    for number in range(requests):
        end = ENDS[number % len(ENDS)]
        if number < len(ENDS):
            attacked.append(taken_through(end, people))
            submitted.append(attacked[-1].submitted)
        else:
            submitted += list(end(people))
        if number % 10 == 0:  # as the worker does each minute
            outbox.send(urgent=True, now=timezone.now())
    return submitted, attacked


def pass_eight_days() -> None:
    """What the worker does within eight days."""
    from django.utils import timezone

    from operations.housekeeping import empty_write_ahead_log
    from peersupport.notices.actions import outbox
    from peersupport.sealing import actions as sealing
    from requests_app.actions import plane_key
    from tests.requests_app.ends import later

    later(days=8)
    plane_key.renew(now=timezone.now())
    for is_urgent in (True, False):
        outbox.send(urgent=is_urgent, now=timezone.now())
    sealing.destroy_condemned()
    empty_write_ahead_log()


def search(folder: Path, submitted: list[object], attacked: list[object], people: object) -> int:
    from django.conf import settings

    from peersupport.sealing import keyring
    from peersupport.sealing import queries as sealing
    from requests_app.models import ClosingNote, Message, PendingTally, Request, SubmittedForm
    from tests.requests_app.attacker import all_that_opens, is_confirmed
    from tests.requests_app.canary.traces import every_file, found_in, spellings
    from tests.requests_app.test_erasure import surviving_keys

    files = every_file(folder)
    for kind in ("sqlite3", "-wal", "mail/", "broker", "shred/", "log"):
        found = [data for name, data in files.items() if kind in name]
        print(f"looked through: {kind:8} {len(found):6} files, {sum(map(len, found)):10} bytes")
    receipts = {spelling for each in submitted for spelling in spellings(each.receipt_words)}  # type: ignore[attr-defined]
    words = found_in(files) + [(name, "a receipt") for name, data in files.items() if contains(receipts, data)]
    rows = sum(model.objects.count() for model in (Request, Message, PendingTally, ClosingNote, SubmittedForm))
    keys = len(set(keyring.shred_ids()) - sealing.key_ids_in_use())
    keys_left = surviving_keys()
    known = [*people.keys.values(), settings.SECRET_KEY.encode()]  # type: ignore[attr-defined]
    opened = sum(len(all_that_opens(each.copy, [*known, *each.secrets], keys_left)) for each in attacked)  # type: ignore[attr-defined]
    confirmed = sum(is_confirmed(e.copy, e.submitted.credentials.locator, [*known, *keys_left]) for e in attacked)  # type: ignore[attr-defined]
    print(f"left: {len(words)} readable words, {rows} live rows, {keys} keys of requests")
    print(f"attacked {len(attacked)} copies: {opened} parts opened, {confirmed} receipts confirmed")
    return len(words) + rows + keys + opened + confirmed


def contains(receipts: set[str], data: bytes) -> bool:
    """Whether any spelling of a receipt is in the data. In large files only runs of words are compared."""
    text = data.decode("latin-1").lower()
    return (
        any(receipt in text for receipt in receipts) if len(data) < 200_000 else bool(in_runs_of_words(receipts, text))
    )


def in_runs_of_words(receipts: set[str], text: str) -> set[str]:
    import re

    runs = " ".join(re.findall(r"[a-z ,'-]{9,}", text))
    return {receipt for receipt in receipts if receipt in runs}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=1000)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix=".bench-", dir=Path.cwd()))
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT)
    shown = os.dup(2)
    os.dup2(log, 2)
    try:
        start(folder)
        people, began = team(), time.monotonic()
        submitted, attacked = run_requests(people, options.requests)
        pass_eight_days()
        print(f"{options.requests} requests through {len(attacked)} ends in {time.monotonic() - began:.0f} s")
        left = search(folder, submitted, attacked, people)
    finally:
        os.dup2(shown, 2)
        shutil.rmtree(folder)
    if left:
        sys.exit("Something is left.")


if __name__ == "__main__":
    main()
