"""Backup and restore as the operator runs them: real homes, on SQLite and PostgreSQL, and processes that are killed."""

import json
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from operations.backup import keys, record
from operations.processes import lock_home
from tests.operations.backup.conftest import members_of
from tests.operations.home import Home, copy_of
from tests.services import NEEDS_AGE, free_port

pytestmark = pytest.mark.sqlite_only
MAIL = "smtp+tls://mailer:a-mail-password@mail.example.org:587"
PASSWORD = "a quiet word at night"
FILL = f"""
from datetime import date
from decimal import Decimal
from io import BytesIO
from PIL import Image
from peersupport.team import key_confirmation, key_pair
from peersupport.team.models import Member, MemberKey, User
from peersupport.audit import actions as audit
from stats.actions import close_year, open_year
from training.actions import external_training
carla = User(name="Carla Coordinator", email="carla@example.org", is_coordinator=True)
carla.set_password("{PASSWORD}"); carla.save()
ana = User(name="Ana Alvarez", email="ana@example.org", is_member=True); ana.set_password("{PASSWORD}"); ana.save()
member = Member.objects.create(user=ana, state="designated", designated_on="2026-01-15", designated_by="The sheriff")
pair, _ = key_pair.new_key_pair("{PASSWORD}")
key = MemberKey.objects.create(
    member=member, **vars(pair), confirmed_by=carla, confirmed_on="2026-01-15", recovery_checked=True)
key.confirmation = key_confirmation.confirmation_of(key.as_confirmed); key.save()
audit.record(action="member_designated", by=carla.pk, about="member:1")
open_year(year=2024)
close_year(year=2024)
out = BytesIO(); Image.new("RGB", (40, 40), "navy").save(out, "PNG")
external_training.report(member=member, subject="mediation", completed_on=date(2026, 1, 15), hours=Decimal(4),
    provider="The county academy", certificate=out.getvalue(), by=ana)
"""
LOOK = f"""
import json
from django.contrib.auth import authenticate
from django.utils import timezone
from peersupport.audit.models import Entry
from peersupport.team.models import Member, MemberKey
from peersupport.team.queries import eligibility
from stats import queries, vault
from stats.models import StatsReport, StatsYear
from training import certificates
from training.models import ExternalTraining
year = StatsYear.objects.get()
print(json.dumps({{
    "signs in": authenticate(None, username="ana@example.org", password="{PASSWORD}") is not None,
    "can serve": [str(member) for member in eligibility.members_who_can_serve(timezone.localdate())],
    "partial": vault.unseal(year).is_partial,
    "problems": list(queries.problems_by_year()),
    "reports": list(StatsReport.objects.values_list("year", "document")),
    "audit": list(Entry.objects.order_by("pk").values_list("action", flat=True)),
    "certificate": len(certificates.load(ExternalTraining.objects.get().certificate)),
}}))
"""
NEW_PERSON = """
from peersupport.team.models import User
User.objects.create(name="Nia", email="nia@example.org")
"""


class Backed(Home):
    """A home with people, a key, an upload and a report, and its backup."""

    def __init__(self, template: Path, folder: Path) -> None:
        super().__init__(copy_of(template, folder).folder)
        private, public = keys.make()
        self.private, self.key_file = private, folder.parent / "key"
        self.key_file.write_text(f"# created: 2026-01-15\n{private}\n")
        self.set(**{keys.VARIABLE: public, "PEERSUPPORT_EMAIL_URL": MAIL})
        self.run(FILL)
        self.file = folder.parent / "backup"
        self.said = self.manage("backup", "--to", self.file)

    def audit(self) -> list[str]:
        return [action for (action,) in self.sql("SELECT action FROM audit_entry ORDER BY id")]

    def reports(self) -> list[list[Any]]:
        return [list(row) for row in self.sql("SELECT year, document FROM stats_report")]

    def restore_arguments(self, file: Path | None = None) -> list[object]:
        file = file or self.file
        return ["restore", "--from", file, "--lasting", f"{file}.lasting", "--key-file", self.key_file]


@pytest.fixture(scope="module")
def backed(home_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Backed:
    return Backed(home_template, tmp_path_factory.mktemp("backed") / "home")


def assert_is_whole(home: Home, backed: Backed, *, restored: int = 1, first: str = "") -> None:
    """People sign in, members are matched, the year is counted anew, reports are there, and the audit goes on."""
    seen, audit, reports = json.loads(home.run(first + LOOK)), backed.audit(), backed.reports()
    assert seen.pop("audit")[: len(audit) + restored] == audit + ["backup_restored", "year_opened"][:restored]
    assert seen.pop("certificate") > 50
    assert seen == {
        "signs in": True,
        "can serve": ["Ana Alvarez"],
        "partial": True,
        "problems": [],
        "reports": reports,
    }


def test_backup_says_what_it_did_and_notes_it(backed: Backed) -> None:
    assert backed.said.returncode == 0 and backed.said.stderr == ""
    assert "1 uploads" in backed.said.stdout and len(backed.said.stdout.splitlines()) == 1
    noted = record.last(backed.folder / "keyring")
    assert noted is not None and noted.file == backed.file


def test_age_of_another_maker_opens_both_files(backed: Backed) -> None:
    if shutil.which("age") is None:
        pytest.skip(NEEDS_AGE)
    for file in (backed.file, Path(f"{backed.file}.lasting")):
        opened = subprocess.run(["age", "-d", "-i", backed.key_file, file], capture_output=True, check=True).stdout
        assert b"manifest.json" in opened[:100]


def test_killed_at_any_moment_a_new_home_is_whole_after_the_next_run(backed: Backed, tmp_path: Path) -> None:
    home = Home(tmp_path / "elsewhere")
    arguments = backed.restore_arguments()
    site = ["--site", f"http://localhost:{free_port()}"]
    for step in ("empty_home:write_secrets", "restoring:_prepare", "tables:copy_rows"):
        home.killed_at(f"operations.backup.{step}", *arguments, *site)
    refused = home.manage(*arguments, "--site", "https://peer.example.org")
    assert refused.returncode == 2 and "with other settings: --site" in refused.stderr
    done = home.manage(*arguments, *site)
    assert done.returncode == 0, done.stderr
    assert (
        "partial year" in done.stdout and "PEERSUPPORT_EMAIL_URL=smtp+tls://mailer@mail.example.org:587" in done.stdout
    )
    assert "a-mail-password" not in done.stdout
    assert home.settings["PEERSUPPORT_EMAIL_URL"] == "files"
    assert_is_whole(home, backed)


def test_killed_in_the_home_itself_it_is_as_before(backed: Backed) -> None:
    before = backed.content()
    backed.killed_at("operations.backup.tables:copy_rows", *backed.restore_arguments())
    assert backed.content() == before


def test_it_is_made_while_somebody_writes(backed: Backed, tmp_path: Path) -> None:
    """And has what was there at one moment: nothing that isn't committed."""
    with closing(sqlite3.connect(backed.folder / "peersupport.sqlite3")) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE team_user SET name = 'Not Committed'")
        with lock_home(backed.folder):  # as `serve` holds it
            done = backed.manage("backup", "--to", tmp_path / "second")
        other.execute("ROLLBACK")
    assert done.returncode == 0, done.stderr
    database = members_of(tmp_path / "second", backed.private)["database.sqlite3"]
    assert b"Ana Alvarez" in database and b"Not Committed" not in database


@pytest.fixture
def empty_database(postgresql_url: str) -> Iterator[str]:
    name = f"restored_{uuid4().hex}"
    folder = "/" + postgresql_url.partition("@//")[2].rpartition("/")[0]
    with psycopg.connect(host=folder, user="tests", dbname="postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    yield postgresql_url.rpartition("/")[0] + f"/{name}"


def test_from_sqlite_to_postgresql_and_back(backed: Backed, tmp_path: Path, empty_database: str) -> None:
    on_postgresql, back = Home(tmp_path / "pg"), Home(tmp_path / "back")
    done = on_postgresql.manage(*backed.restore_arguments(), "--database", empty_database)
    assert done.returncode == 0, done.stderr
    assert_is_whole(on_postgresql, backed, first=NEW_PERSON)
    file = tmp_path / "second"
    assert on_postgresql.manage("backup", "--to", file).returncode == 0
    assert back.manage(*backed.restore_arguments(file)).returncode == 0
    assert_is_whole(back, backed, restored=2)
    assert "PEERSUPPORT_DATABASE_URL" not in back.settings
    users = [row for row in back.content() if row.startswith('INSERT INTO "team_user"')]
    assert len(users) == 3 and "Nia" in users[2]


def test_a_postgresql_that_holds_another_installation_is_refused(
    backed: Backed, tmp_path: Path, empty_database: str
) -> None:
    parts = urlsplit(empty_database.replace("@//", "@localhost/"))
    folder, _, name = parts.path.rpartition("/")
    with psycopg.connect(host=folder, user="tests", dbname=name) as other:
        other.execute("CREATE TABLE django_migrations ()")
    home = Home(tmp_path / "elsewhere")
    home.folder.mkdir()
    done = home.manage(*backed.restore_arguments(), "--database", empty_database)
    assert (done.returncode, done.stdout) == (2, "") and "holds an installation already" in done.stderr
    assert list(home.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--from", "nowhere", "--lasting", "nowhere"], "isn't there"),
        (["--key-file", "/dev/null"], "private age key"),
        (["--database", "postgresql://nobody:secret@127.0.0.1:1/none"], "doesn't answer"),
        (["--site", "peer.example.org"], "--site: an address looks like"),
        (["--redis", "redis://:secret@127.0.0.1:1/0"], "--redis: Redis on 127.0.0.1 doesn't answer"),
        (["--mail", "smtp://sam:secret@127.0.0.1:1"], "--mail: the mail server 127.0.0.1:1: nothing listens"),
    ],
)
def test_what_is_in_the_way_is_one_line_and_makes_no_home(
    backed: Backed, tmp_path: Path, arguments: list[str], sentence: str
) -> None:
    home = Home(tmp_path / "elsewhere")
    done = home.manage(*backed.restore_arguments(), *arguments)
    assert done.returncode == 2 and done.stdout == "" and not home.folder.exists()
    assert len(done.stderr.splitlines()) == 1 and sentence in done.stderr and "secret" not in done.stderr


def test_a_folder_with_something_else_in_it_is_no_place_for_a_home(backed: Backed, tmp_path: Path) -> None:
    home = Home(tmp_path / "elsewhere")
    home.folder.mkdir()
    (home.folder / "peersupport.sqlite3").touch()
    done = home.manage(*backed.restore_arguments())
    assert done.returncode == 2 and "isn't empty" in done.stderr
    assert [file.name for file in home.folder.iterdir()] == ["peersupport.sqlite3"]


LINK = "from peersupport.audit import actions; actions.record(action='leave_taken', by=None); actions.link_new()"


def test_a_damaged_database_is_said_and_a_restore_into_the_same_home_mends_it(backed: Backed, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    shutil.copytree(backed.folder, home.folder)
    home.run(LINK)
    database = home.folder / "peersupport.sqlite3"
    database.write_bytes(b"no database at all" * 1000)
    for command in (["verify_audit"], ["backup", "--to", tmp_path / "other"]):
        done = home.manage(*command)
        assert done.returncode == 2 and len(done.stderr.splitlines()) == 1, done.stderr
        assert "damaged (SQLITE_NOTADB)" in done.stderr and "restore" in done.stderr
    secrets = {file.name: file.read_bytes() for file in (home.folder / "keyring" / "lasting").iterdir()}

    done = home.manage(*backed.restore_arguments())
    assert done.returncode == 1, done.stderr  # the audit since is lost
    assert_is_whole(home, backed)
    folder = home.folder / "damaged-database"
    assert str(folder) in done.stdout and folder.stat().st_mode & 0o777 == 0o700
    (kept,) = folder.iterdir()
    assert kept.read_bytes().startswith(b"no database") and kept.stat().st_mode & 0o777 == 0o600
    assert {file.name: file.read_bytes() for file in (home.folder / "keyring" / "lasting").iterdir()} == secrets
    assert "audit-head.until-" in done.stdout and list(home.folder.glob("audit-head.until-*"))
    assert home.manage("verify_audit").returncode == 0

    database.unlink()
    assert home.manage(*backed.restore_arguments()).returncode == 1
    with closing(sqlite3.connect(database)) as restored:
        assert restored.execute("SELECT count(*) FROM team_user").fetchone() == (2,)
