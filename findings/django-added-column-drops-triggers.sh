#!/usr/bin/env bash
# Django 5.2.19 on SQLite: a migration that adds a column may drop the table's triggers, without a word.
#
# A trigger that refuses every UPDATE makes a table append-only. Whether it is still there after a later AddField depends
# on the column: one that may be NULL and is not unique is added by ALTER TABLE, and the trigger stays; one with a default,
# or a unique one, makes Django build the table anew, copy the rows and drop the old table, and the triggers go with it.
# The migration is applied, the schema is as the models say, no check and no `makemigrations` finds anything missing: the
# rows can be changed from then on. On PostgreSQL both keep the trigger. So a migration that adds a column to such a table
# has to make its triggers again, and a test has to try an UPDATE after all migrations.
#
# Exits 0 while it behaves so, 1 when that has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check django==5.2.19
cat >"$folder/run.py" <<'PYTHON'
import sys

import django
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()

from django.db import Error, connection, models
from django.db.migrations import AddField, CreateModel
from django.db.migrations.state import ProjectState

TRIGGER = "CREATE TRIGGER no_update BEFORE UPDATE ON log_entry BEGIN SELECT RAISE(ABORT, 'never changed'); END"


def applied(operation, state):
    after = state.clone()
    operation.state_forwards("log", after)
    with connection.schema_editor() as editor:
        operation.database_forwards("log", editor, state, after)
    return after


def is_refused():
    with connection.cursor() as cursor:
        try:
            cursor.execute("UPDATE log_entry SET said = 'other'")
        except Error:
            return True
    return False


fields = [("id", models.BigAutoField(primary_key=True)), ("said", models.CharField(max_length=20))]
state = applied(CreateModel("Entry", fields), ProjectState())
with connection.cursor() as cursor:
    cursor.execute(TRIGGER)
    cursor.execute("INSERT INTO log_entry (said) VALUES ('one')")
seen = [is_refused()]
state = applied(AddField("Entry", "nullable", models.IntegerField(null=True)), state)
seen.append(is_refused())
state = applied(AddField("Entry", "counted", models.IntegerField(default=0)), state)
seen.append(is_refused())
print(f"Django {django.get_version()}: UPDATE refused at first {seen[0]}, after a nullable column {seen[1]},", end=" ")
print(f"after a column with a default {seen[2]}")
sys.exit(seen != [True, True, False])
PYTHON
"$folder/venv/bin/python" "$folder/run.py"
# Seen: Django 5.2.19: UPDATE refused at first True, after a nullable column True, after a column with a default False
