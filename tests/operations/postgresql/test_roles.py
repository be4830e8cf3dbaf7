"""On PostgreSQL the tables belong to a role that nobody signs in as: the program's own reads and writes rows."""

import pytest
from psycopg import errors

from operations.upgrade import table_owner

from .separated import CURSOR, MIGRATE, NAME, Separated

pytestmark = pytest.mark.sqlite_only  # it starts a PostgreSQL of its own
DOCTOR = """
from operations.doctor import checks
print(*(f.level.name + " " + f.code for c in checks.CHECKS if c.name == "tables" for f in c.find(None)))
"""
GRANT = "GRANT peersupport_owner TO peersupport"


def test_the_whole_program_works_as_its_role(separated: Separated) -> None:
    """Every room's actions, an officer's request from the form to its end, what is erased in time, and every round."""
    assert separated.program(DOCTOR) == "WELL ok"
    separated.play("demo")
    assert "erased" in separated.play("officer_and_peer")
    for piece in ("fill", "erase", "rounds"):
        separated.play(piece)
    kept = "from peersupport.audit import queries; print(queries.verify(), queries.head().count > 50)"
    assert separated.program(kept) == "[] True"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET action = 'x'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_link",
        "TRUNCATE audit_entry, audit_link",
        "TRUNCATE team_user CASCADE",
        "TRUNCATE notices_notice",
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_entry_no_change ON audit_entry",
        "CREATE RULE quiet AS ON INSERT TO audit_entry DO INSTEAD NOTHING",
        "CREATE TRIGGER quiet BEFORE INSERT ON team_user EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE OR REPLACE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        "CREATE OR REPLACE FUNCTION peersupport_no_words() RETURNS void LANGUAGE sql AS 'SELECT NULL'",
        "DROP FUNCTION audit_entry_refuse() CASCADE",
        "DROP TABLE audit_link",
        "DROP TABLE requests_app_request CASCADE",
        "DROP SCHEMA public CASCADE",
        f"DROP DATABASE {NAME}",
        "ALTER TABLE team_user ADD COLUMN more text",
        "ALTER TABLE team_user ALTER name SET STATISTICS 100",
        "ALTER TABLE audit_entry OWNER TO peersupport",
        "CREATE TABLE public.copy AS SELECT * FROM team_user",
        "CREATE TEMPORARY TABLE copy AS SELECT * FROM team_user",
        "CREATE SCHEMA other",
        "CREATE INDEX more ON team_user (name)",
        "CLUSTER team_user USING team_user_pkey",
        "SET ROLE peersupport_owner",
        "GRANT peersupport_owner TO peersupport",
        "SET session_replication_role = replica",
        "SELECT setval('audit_entry_id_seq', 1)",
        "COPY team_user TO '/tmp/copy'",
        "COPY team_user TO PROGRAM 'cat'",
    ],
)
def test_the_programs_role_does_nothing_else(separated: Separated, statement: str) -> None:
    with separated.as_program() as connection, pytest.raises(errors.InsufficientPrivilege):
        connection.execute(statement)


def test_what_rewrites_tables_does_not_rewrite_others(separated: Separated) -> None:
    """It runs with the owner's rights: a closed list, by names that nobody can put a table of their own before."""
    for name in ("audit_entry", "pg_class", "nowhere", "team_user; DROP TABLE team_user", "public.team_user"):
        with separated.as_program() as connection:
            assert connection.execute("SELECT peersupport_rewrite(%s)", [name]).fetchone() == (None,)
    with separated.as_program() as connection:
        connection.execute("SET search_path = pg_temp, public")
        assert connection.execute("SELECT public.peersupport_rewrite('team_user')").fetchone() == (True,)


def test_an_upgrade_and_a_restore_need_the_role_for_their_time(separated: Separated) -> None:
    """Without it what they change could not be put back; with it, tables can be changed and put back."""
    script = """
from operations.upgrade import postgresql_copy, table_owner
from peersupport.core.errors import Refused
try:
    postgresql_copy.check_possible()
    print("possible")
except Refused as refused:
    print(refused)
"""
    assert "GRANT peersupport_owner TO" in separated.program(script)
    separated.superuser(GRANT)
    assert separated.program(script) == "possible"
    assert separated.program(DOCTOR) == "SEE_TO own"
    back = "from pathlib import Path; from operations.upgrade import postgresql_copy as copy\n"
    back += f"copy.save(Path({str(separated.folder)!r})); copy.put_back(Path({str(separated.folder)!r}))"
    separated.program(back)
    separated.program(f"{CURSOR}.execute('CREATE TABLE of_an_upgrade (id int)')")
    separated.separate()
    assert separated.program(DOCTOR) == "WELL ok"
    assert "erased" in separated.play("officer_and_peer")
    separated.program(f"{CURSOR}.execute('DELETE FROM of_an_upgrade')")


def test_it_is_run_before_there_is_a_table_too(separated: Separated) -> None:
    """And tables that are made by the owner afterwards are the program's to use at once."""
    empty = separated.of_another_database("empty")
    empty.separate()
    empty.separate()
    refused = "from operations.upgrade import table_owner; table_owner.refuse_foreign('after')"
    with pytest.raises(AssertionError, match="GRANT peersupport_owner"):
        empty.program(refused)
    empty.superuser("ALTER ROLE peersupport_owner LOGIN")
    empty.program(MIGRATE, user="peersupport_owner")
    empty.superuser("ALTER ROLE peersupport_owner NOLOGIN")
    empty.play("demo")
    assert empty.play("rewrite_tables") == "[]"
    assert empty.program(DOCTOR) == "SEE_TO own", "to the audit it could do more than add"
    empty.separate()
    assert empty.program(DOCTOR) == "WELL ok"


def test_the_audits_own_role_of_before_is_taken_over(separated: Separated) -> None:
    """As the file of roles of before left a database."""
    before = separated.of_another_database("before")
    before.program(MIGRATE)
    names = ("TABLE audit_entry", "TABLE audit_link", "FUNCTION audit_entry_refuse()", "FUNCTION audit_link_refuse()")
    before.superuser("CREATE ROLE peersupport_audit NOLOGIN", "GRANT peersupport_audit TO peersupport")
    before.superuser(*(f"ALTER {name} OWNER TO peersupport_audit" for name in (f"DATABASE {before.name}", *names)))
    assert before.program(DOCTOR) == "SEE_TO own"
    before.separate()
    assert before.program(DOCTOR) == "WELL ok"
    before.superuser("DROP ROLE peersupport_audit")


def test_without_roles_the_program_may_change_its_file(db: None) -> None:
    assert table_owner.program_may_change()
    table_owner.refuse_foreign("after the upgrade")
