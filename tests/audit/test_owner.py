"""On PostgreSQL the audit's tables belong to another role: the program adds to them, and changes nothing."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import errors

from peersupport.audit import owner
from tests import services

pytestmark = pytest.mark.sqlite_only  # it starts a PostgreSQL of its own
SCRIPT = Path(__file__).parents[2] / "deploy" / "audit-owner.sql"
WORKS = """
from peersupport.audit import actions, owner, queries
from peersupport.team.models import User
user = User.objects.create(email="a@example.org", name="A")
for number in range(3):
    actions.record(action="member_designated", by=user.pk, about="member:12")
User.objects.filter(pk=user.pk).update(name="B")
print(actions.link_new(), queries.verify(), owner.may_change(), owner.foreign_owner())
"""


class Separated:
    """A database with the program's tables, at a server of its own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.host = "/" + url.partition("@//")[2].rpartition("/")[0]
        self.folder = folder
        self.psql("postgres", "-c", "CREATE ROLE peersupport LOGIN", "-c", "CREATE DATABASE peer OWNER peersupport")
        self.program("from django.core.management import call_command; call_command('migrate', verbosity=0)")

    def psql(self, database: str, *arguments: str) -> str:
        psql = services.find("psql", services.NEEDS_POSTGRESQL)
        command = [psql, "-X", "-q", "-h", self.host, "-U", "tests", "-d", database, "-v", "ON_ERROR_STOP=1"]
        return subprocess.run([*command, *arguments], check=True, capture_output=True, text=True).stdout

    def separate(self) -> None:
        self.psql("peer", "-v", "program=peersupport", "-f", str(SCRIPT))

    def program(self, script: str) -> str:
        """Run a piece of the program as its own role."""
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "peersupport.settings.test",
            "PEERSUPPORT_TEST_DATABASE_URL": f"postgresql://peersupport@//{self.host.lstrip('/')}/peer",
        }
        whole = (
            "import django; django.setup(); from django.conf import settings; "
            f"settings.KEYRING = {str(self.folder)!r}; settings.AUDIT_HEAD = {str(self.folder / 'head')!r}; "
            f"from peersupport.sealing import keyring; keyring.prepare()\n{script}"
        )
        done = subprocess.run([sys.executable, "-c", whole], env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def as_program(self) -> psycopg.Connection:
        return psycopg.connect(host=self.host, user="peersupport", dbname="peer", autocommit=True)


@pytest.fixture(scope="module")
def separated(postgresql_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Separated]:
    made = Separated(postgresql_url, tmp_path_factory.mktemp("keyring"))
    assert made.program(WORKS).endswith("[] True")
    made.separate()
    made.separate()  # harmless where it was done before
    yield made
    made.psql("postgres", "-c", "DROP DATABASE peer WITH (FORCE)", "-c", "DROP ROLE peersupport, peersupport_audit")


def test_the_program_records_and_verifies_as_before(separated: Separated) -> None:
    again = WORKS.replace("a@example.org", "b@example.org")
    assert separated.program(again) == "3 [] False peersupport_audit"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'x'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_link",
        "TRUNCATE audit_entry, audit_link",
        "TRUNCATE team_user CASCADE",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_entry_no_change ON audit_entry",
        "CREATE RULE quiet AS ON INSERT TO audit_entry DO INSTEAD NOTHING",
        "CREATE TRIGGER quiet BEFORE INSERT ON audit_entry EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "DROP FUNCTION audit_entry_refuse() CASCADE",
        "DROP TABLE audit_link",
        "DROP SCHEMA public CASCADE",
        "ALTER TABLE audit_entry OWNER TO peersupport",
        "SET ROLE peersupport_audit",
        "GRANT peersupport_audit TO peersupport",
        "SET session_replication_role = replica",
        "SELECT setval('audit_entry_id_seq', 1)",
    ],
)
def test_the_programs_role_changes_nothing(separated: Separated, statement: str) -> None:
    with separated.as_program() as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(statement)


def test_an_upgrade_needs_the_role_for_its_time(separated: Separated) -> None:
    """Without it the audit could not be put back if a step failed; with it, tables can be changed and put back."""
    script = """
from operations.upgrade import postgresql_copy
from peersupport.core.errors import Refused
try:
    postgresql_copy.check_possible()
    print("possible")
except Refused as refused:
    print(refused)
"""
    assert "GRANT peersupport_audit TO" in separated.program(script)
    separated.psql("peer", "-c", "GRANT peersupport_audit TO peersupport")
    assert separated.program(script) == "possible"
    back = "from pathlib import Path; from operations.upgrade import postgresql_copy as copy\n"
    back += f"copy.save(Path({str(separated.folder)!r})); copy.put_back(Path({str(separated.folder)!r}))"
    separated.program(back)
    separated.separate()
    again = WORKS.replace("a@example.org", "c@example.org")
    assert separated.program(again) == "3 [] False peersupport_audit"


def test_without_roles_the_program_may_change_its_file(db: None) -> None:
    assert (owner.may_change(), owner.foreign_owner()) == (True, "")
