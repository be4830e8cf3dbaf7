"""What PostgreSQL keeps of rows that are gone, looked for in every file of the server."""

import time

import psycopg
import pytest

from peersupport.core.retention import declared_for

from .play import CANARY
from .separated import CURSOR, MIGRATE, Separated

pytestmark = pytest.mark.sqlite_only  # it starts a PostgreSQL of its own
# Of columns, and of what an index computes of one.
SAMPLES = (
    "SELECT tablename || '.' || attname FROM pg_stats WHERE schemaname = 'public' "
    f"AND concat(most_common_vals::text, histogram_bounds::text) LIKE '%{CANARY}%'"
)
SAMPLED = (
    "SELECT DISTINCT relname FROM pg_statistic JOIN pg_class ON pg_class.oid = starelid JOIN pg_attribute "
    "ON attrelid = starelid AND attnum = staattnum JOIN pg_type ON pg_type.oid = atttypid "
    "WHERE relnamespace = 'public'::regnamespace AND typcategory NOT IN ('N', 'B')"
)
FILE_OF = "SELECT relname, relfilenode FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"


@pytest.fixture(scope="module")
def filled(separated: Separated) -> Separated:
    """The canary in what people typed, and in every column of words that takes it."""
    for piece in ("demo", "fill"):
        separated.play(piece)
    swept = separated.play("sweep").split()
    assert len(swept) > 100 and {"team_user.name", "training_session.place", "team_queuedmail.email"} <= set(swept)
    return separated


def test_nothing_of_what_was_erased_is_in_any_file_after_the_nights_round(filled: Separated) -> None:
    filled.superuser("ANALYZE")  # as the server does by itself
    assert filled.superuser(SAMPLES) == filled.superuser(SAMPLED) == ""
    assert any(name.startswith("data/pg_wal/") for name in filled.files_with(CANARY, is_log_over=False))
    filled.play("erase")
    filled.superuser("VACUUM")
    left = filled.tables_of(filled.files_with(CANARY))
    assert {"applications_application", "team_invitation", "team_invitation_email_key"} <= left, "vacuumed, still there"
    filled.play("rounds")
    assert filled.files_with(CANARY) == []


def test_samples_from_before_are_removed_with_the_roles(filled: Separated) -> None:
    """As in a database that was there before the server was told to take none."""
    every_one = "ALTER TABLE training_subject ALTER name SET STATISTICS -1"
    index = "ALTER INDEX subjects_are_told_apart_by_name ALTER COLUMN 1 SET STATISTICS -1"
    name = "(SELECT string_agg(name, '') FROM training_subject WHERE id = 1)"
    filled.superuser(every_one, index, f"CREATE TABLE before AS SELECT {name} AS name")
    filled.superuser(f"UPDATE training_subject SET name = '{CANARY}' WHERE id = 1", "ANALYZE training_subject")
    assert set(filled.superuser(SAMPLES).split()) == {"subjects_are_told_apart_by_name.lower", "training_subject.name"}
    filled.superuser("UPDATE training_subject SET name = before.name FROM before WHERE id = 1", "DROP TABLE before")
    assert filled.play("rewrite_tables") == "[]"
    assert "pg_statistic" in filled.tables_of(filled.files_with(CANARY)), "the program's role can't reach them"
    filled.separate()
    assert filled.files_with(CANARY) == []
    filled.superuser("ANALYZE training_subject")
    assert filled.superuser(SAMPLED) == ""


def test_every_table_is_rewritten_but_the_audit_and_what_is_only_there_sealed(filled: Separated) -> None:
    from django.apps import apps

    before = files_of_tables(filled)
    assert filled.play("rewrite_tables") == "[]"
    after = files_of_tables(filled)
    same = {table for table in before if before[table] == after[table]}
    assert same == {"audit_entry", "audit_link", "requests_app_request", "requests_app_message"}
    planes = {model._meta.db_table: declared_for(model) for model in apps.get_models()}
    assert {planes[table].plane for table in same if table.startswith("requests")} == {"support"}  # type: ignore[union-attr]


def files_of_tables(separated: Separated) -> dict[str, str]:
    return dict(line.split("|") for line in separated.superuser(FILE_OF).splitlines())


def test_a_table_that_somebody_holds_is_left_for_the_next_night(filled: Separated) -> None:
    """Nobody waits for the round for longer than half a second at a time, and the other tables are done."""
    before = files_of_tables(filled)
    with psycopg.connect(host=str(filled.server.folder), user="peersupport", dbname="peer") as reader:
        reader.execute("SELECT count(*) FROM team_user")
        began = time.monotonic()
        assert filled.play("rewrite_tables") == "['team_user']"
        assert time.monotonic() - began < 10
    after = files_of_tables(filled)
    assert before["team_user"] == after["team_user"] and before["team_invitation"] != after["team_invitation"]
    assert filled.play("rewrite_tables") == "[]"


def test_no_sample_is_taken_of_a_column_that_was_added_since(separated: Separated) -> None:
    """From the upgrade on, whose last steps look at every table, or from the superuser's file that follows it."""
    targets = (
        "SELECT relname || '.' || attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
        "JOIN pg_type ON pg_type.oid = atttypid LEFT JOIN pg_index ON indexrelid = pg_class.oid "
        "WHERE relnamespace = 'public'::regnamespace AND (relkind = 'r' OR relkind = 'i' AND indkey[attnum - 1] = 0) "
        "AND attnum > 0 AND NOT attisdropped AND typcategory NOT IN ('N', 'B') AND attstattarget <> 0"
    )
    new = separated.of_another_database("new")
    new.program(MIGRATE)
    assert "team_user.name" not in new.superuser(targets)
    added = f"{CURSOR}.execute('CREATE TABLE later (id int PRIMARY KEY, word text)')"
    new.program(f"{added}; from operations.preparation import STEPS; STEPS['no samples']()")
    assert new.superuser(targets) == ""
    new.superuser("ALTER TABLE later ADD COLUMN more text", "CREATE INDEX ON later (lower(more))")
    assert set(new.superuser(targets).split()) == {"later.more", "later_lower_idx.lower"}
    new.separate()
    assert new.superuser(targets) == ""


def test_a_longer_transaction_keeps_what_it_can_still_see_for_a_night_more(filled: Separated) -> None:
    """As a backup's that began before the row was deleted. It goes on reading what it began with."""
    word = "longer7f3a"
    filled.superuser(f"INSERT INTO team_queuedmail (kind, email, sealed) VALUES ('x', '{word}', '')")
    count = f"SELECT count(*) FROM team_queuedmail WHERE email = '{word}'"
    with psycopg.connect(host=str(filled.server.folder), user="peersupport", dbname="peer") as reader:
        reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        reader.execute("SELECT count(*) FROM team_user")
        filled.superuser(f"DELETE FROM team_queuedmail WHERE email = '{word}'")
        assert filled.play("rewrite_tables") == "['team_user']"
        assert reader.execute(count).fetchone() == (1,)
    assert "team_queuedmail" in filled.tables_of(filled.files_with(word))
    assert filled.play("rewrite_tables") == "[]"
    assert filled.files_with(word) == []
