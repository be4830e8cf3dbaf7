"""Makes the home that tests/operations/upgrade/test_fixture_home.py upgrades, by the program as it is now.

    .venv/bin/python -m tests.operations.make_home [--again]

writes tests/operations/homes/VERSION.tar.xz and, beside it, what a test has to know of it, and puts the digests of both
on the list of what has landed. All of it is sample data. Each version that changes the tables adds one. What is on the
list is never made again; `--again` is for a version that is still being written, and in nobody's hands.
"""

import io
import json
import os
import re
import sys
import tarfile
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

import time_machine

from tests.operations import landed_migrations

HOMES = Path(__file__).parent / "homes"
YEAR, NOW = 2026, "2026-08-12T15:00:00+00:00"
PASSWORD = "a quiet word at night"
ANSWERS = {
    "--site": "https://peer.example.org",
    "--agency": "Sample County Sheriff's Office",
    "--program": "Peer Support",
    "--mail": "files",
    "--time-zone": "America/Chicago",
    "--operator": "Sample Operator <operator@example.org>",
    "--coordinator": "Sgt. Carla Sample <coordinator@example.org>",
    "--director": "Dr. Dora Sample <director@example.org>",
}
INVITATION = re.compile(r"/invitation/([^/\s]+)/")
TALLIES = 40
MESSAGE, ANSWER = "I would like to talk to somebody. (Sample)", "I am glad that you wrote. (Sample)"
# What is made anew wherever it is missing.
NOT_KEPT = ("static", "broker", "broker-control", "serve.lock", "setup.lock")


def main() -> None:
    sys.dont_write_bytecode = True
    from peersupport.core import release

    archive = HOMES / f"{release.version()}.tar.xz"
    written = [archive, archive.with_suffix("").with_suffix(".json")]
    listed = {landed_migrations.name_of(path) for path in written} & landed_migrations.landed().keys()
    if listed and "--again" not in sys.argv:
        sys.exit(f"{archive.name} is on the list of what has landed. A later version makes one of its own.")
    with TemporaryDirectory() as folder, time_machine.travel(NOW):
        home = Path(folder) / "home"
        set_up(home)
        facts = make()
        pack(home, archive)
    written[1].write_text(json.dumps(facts, indent=2) + "\n")
    landed_migrations.forget(listed)
    landed_migrations.main()
    print(f"{archive}: {archive.stat().st_size:,} bytes")


def set_up(home: Path) -> None:
    """By `setup`, in this process, whose clock is another; and its three people take up their invitations."""
    from operations.setup import new_home
    from peersupport.settings import home as homes

    os.umask(0o077)
    os.environ[homes.VARIABLE] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "peersupport.settings.production"
    said = io.StringIO()
    with redirect_stdout(said):
        flags = [word for pair in ANSWERS.items() for word in pair]
        arguments = new_home.make(home, ["--no-input", *flags])
        import django
        from django.core.management import call_command

        django.setup()
        call_command("setup", *arguments)
    from peersupport.team.actions import invitations

    for token in INVITATION.findall(said.getvalue()):
        invitations.accept_invitation(token=token, password=PASSWORD)


def make() -> dict[str, object]:
    """Fill the home. Returns what a test has to know."""
    from django.db import connections
    from django.utils import timezone

    from operations.demo import data, team, training
    from peersupport.sealing import keyring
    from peersupport.team.actions import availability
    from peersupport.team.domain.states import HoursPurpose
    from peersupport.team.models import User
    from stats import actions as stats

    team.PASSWORD = data.PASSWORD = PASSWORD
    director, coordinator = User.objects.get(is_clinical_director=True), User.objects.get(is_coordinator=True)
    data._approve_texts(director)
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
