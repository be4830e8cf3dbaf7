"""Makes the home that tests/operations/upgrade/test_fixture_home.py upgrades, by the program as it is now.

    .venv/bin/python -m tests.operations.make_home

writes tests/operations/homes/VERSION.tar.xz and, beside it, what a test has to know of it. All of it is sample data.
A landed archive is never made again: each version that changes the tables adds one.
"""

import json
import os
import secrets
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

HOMES = Path(__file__).parent / "homes"
YEAR, NOW = 2026, "2026-08-12T15:00:00+00:00"
PASSWORD = "a quiet word at night"
TALLIES = 40
MESSAGE, ANSWER = "I would like to talk to somebody. (Sample)", "I am glad that you wrote. (Sample)"
# What is made anew wherever it is missing.
NOT_KEPT = ("static", "broker", "broker-control", "serve.lock")


def main() -> None:
    sys.dont_write_bytecode = True
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir(mode=0o700)
        run_in(home)
        from peersupport.core import release

        facts = make_in_time()
        version = release.version()
        (HOMES / f"{version}.json").write_text(json.dumps(facts, indent=2) + "\n")
        archive = HOMES / f"{version}.tar.xz"
        pack(home, archive)
        print(f"{archive}: {archive.stat().st_size:,} bytes")


def run_in(home: Path) -> None:
    from peersupport.settings import home as homes

    homes.write(home, {
        "PEERSUPPORT_SECRET_KEY": f"sample-{secrets.token_urlsafe(48)}",
        "PEERSUPPORT_HOST_SECRET": f"sample-{secrets.token_urlsafe(48)}",
        "PEERSUPPORT_SITE_URL": "http://localhost:8000",
        "PEERSUPPORT_EMAIL_URL": "files",
        "PEERSUPPORT_FROM_EMAIL": "peer-support@example.org",
    })  # fmt: skip
    os.umask(0o077)
    os.environ[homes.VARIABLE] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "peersupport.settings.production"
    import django

    django.setup()


def make_in_time() -> dict[str, object]:
    import time_machine

    with time_machine.travel(NOW):
        return make()


def make() -> dict[str, object]:
    """Fill the home. Returns what a test has to know."""
    from django.db import connections
    from django.utils import timezone

    from operations import preparation
    from operations.demo import data, team, training
    from peersupport.sealing import keyring
    from peersupport.team.actions import availability
    from peersupport.team.domain.states import HoursPurpose
    from stats import actions as stats

    preparation.prepare()
    team.PASSWORD = data.PASSWORD = PASSWORD
    director, coordinator = data._program_and_accounts()
    data._approve_texts(coordinator, director)
    samples = [sample for sample in team.MEMBERS if sample.years_ago == 2]
    members = team.import_team(YEAR - 2, samples, coordinator)
    training.initial_training(YEAR - 2, members, coordinator)
    team.confirm_keys(members, coordinator)
    receipt_words = send_requests(members)
    for number in range(TALLIES):
        stats.tally(year=YEAR, first_this_year=number % 2 == 0, codes={"concern": "family"})
    for member in members:
        availability.add_hours(member_id=member.pk, purpose=HoursPurpose.ON_CALL, since=timezone.now(), by=member.user)
    keys = keyring.shred_ids()
    connections.close_all()
    return {"now": NOW, "year": YEAR, "password": PASSWORD, "receipt": receipt_words, "keys": len(keys)}


def send_requests(members: list) -> tuple[str, ...]:
    """A contact whose peer has answered, and an offer that waits. Returns the receipt of the contact."""
    from operations.demo import data
    from peersupport.program import form_tokens
    from requests_app.actions import peer, submission
    from requests_app.domain.card import Card, Words
    from requests_app.domain.states import Urgency
    from requests_app.queries import members as peer_queries

    def send(words: Words) -> tuple[str, ...]:
        card = Card(urgency=Urgency.WHEN_YOU_CAN, concern="grief")
        token = form_tokens.fresh("request")
        return submission.submit(token=token, submission=submission.Submission(card, words)).receipt_words

    receipt_words = send(Words(message=MESSAGE))
    member, private_key = data._accept_offer(members)
    contact = peer_queries.contacts_of(member)[0].id
    token = form_tokens.fresh("write")
    peer.write(member=member, request_id=contact, private_key=private_key, token=token, text=ANSWER)
    send(Words())
    return receipt_words


def pack(home: Path, archive: Path) -> None:
    def kept(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
        parts = Path(entry.name).parts
        if len(parts) > 1 and parts[1] in NOT_KEPT:
            return None
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        return entry

    with tarfile.open(archive, "w:xz") as out:
        out.add(home, arcname="home", filter=kept)


if __name__ == "__main__":
    main()
