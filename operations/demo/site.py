"""The demo's folder, and what the demo prints when it is ready."""

import gc
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from peersupport.core.errors import Refused
from peersupport.sealing import actions as sealing
from peersupport.sealing import installation, keyring
from peersupport.team.models import User
from requests_app.queries import officers

from ..processes import die_with_parent
from ..upgrade import schema
from . import data, team

# --fresh deletes these files and no others: the folder may contain other things too.
DEMO_FILES = (
    "peersupport.sqlite3*", "keyring/lasting/*", "keyring/shred/*", "private/certificates/*", "mail/*.log",
    "bells/*.log", "broker/*.msg", "broker-control/*", "beat-schedule*", "demo-data", "sample-receipt.txt",
    "audit-head",
)  # fmt: skip
BEGUN, COMPLETE = "begun", "complete 2"  # a new number where this program can't go on with an earlier demo

Result = TypeVar("Result")


def address(port: int) -> str:
    """Where a browser finds the site; also set as SITE_URL, because every mail contains it."""
    settings.SITE_URL = os.environ.get("PEERSUPPORT_SITE_URL", f"http://localhost:{port}")
    return str(settings.SITE_URL)


def prepare(*, fresh: bool, say: Callable[[str], None]) -> None:
    """Make database, keyring and sample data, or use those that are there."""
    marker = settings.VAR / "demo-data"
    found = marker.read_text() if marker.exists() else ""
    if fresh or found == BEGUN:
        _delete_demo_files(settings.VAR)
    elif found not in {"", COMPLETE}:
        raise Refused(f"another version made the demo in {settings.VAR}. Start over with --fresh.")
    keyring.prepare()
    if schema.pending():
        _aside(call_command, "migrate", verbosity=0, interactive=False)
    _refuse_another_keyring()
    if not marker.exists():
        _refuse_foreign_data()
        say("Making the sample data. This takes a few seconds, the first time only.")
        marker.write_text(BEGUN)
        receipt = _aside(data.make, today=timezone.localdate())
        (settings.VAR / "sample-receipt.txt").write_text(f"{receipt}\n")
        marker.write_text(COMPLETE)
    connections.close_all()


def _aside(work: Callable[..., Result], *arguments: object, **options: object) -> Result:
    """What the work returns or raises. It runs in a fork: what it takes is not left to the demo's processes."""
    connections.close_all()
    gc.freeze()  # the collector would look through all that is loaded again and again
    with ProcessPoolExecutor(1, multiprocessing.get_context("fork"), die_with_parent) as fork:
        return fork.submit(work, *arguments, **options).result()


def _delete_demo_files(folder: Path) -> None:
    for pattern in DEMO_FILES:
        for path in folder.glob(pattern):
            path.unlink()


def _refuse_another_keyring() -> None:
    try:
        sealing.check_keyring(now=timezone.now())
    except installation.AnotherKeyring:
        raise Refused("the keyring and the database belong to two demos. Start over with --fresh.") from None


def _refuse_foreign_data() -> None:
    if User.objects.exists():
        raise Refused(
            f"{settings.VAR} holds data that the demo did not make. Set PEERSUPPORT_VAR to another folder, "
            "or replace the data with --fresh."
        )


def welcome(site_url: str) -> str:
    accounts = "\n".join(f"  {email:26} {what}" for email, what in data.ACCOUNTS.items())
    return f"""
Peer Support is ready at {site_url}/

Sign in at {site_url}/sign-in/ with the password {team.PASSWORD}
{accounts}

{_sample_request(site_url)}

All of it is sample data and stays in {settings.VAR}. Mail is not sent: it is written to {settings.VAR / "mail"}.
Phone alerts are not sent either: they are written to {settings.VAR / "bells"}.
Ctrl-C stops everything.
"""


def _sample_request(site_url: str) -> str:
    words = (settings.VAR / "sample-receipt.txt").read_text().strip()
    if officers.request_of(officers.credentials_of(words.split())) is None:
        return f"The sample request has been closed and erased. Send one of your own at {site_url}/request/"
    return f"""A peer has answered one sample request. Return to it at {site_url}/request/return/ with its receipt:
  {words}"""
