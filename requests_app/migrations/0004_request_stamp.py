"""A stamp for each request, in front of the columns that are large.

SQLite reads a row up to the last column that somebody asks for, over a page for each 4 KB: behind the sealed parts, two
thousand stamps would cost as much as two thousand requests. Django appends a new column, so on SQLite the table is made
anew. PostgreSQL keeps what is large elsewhere.
"""

from django.db import migrations, models

TABLE = "requests_app_request"
MADE_ANEW = f"""
    CREATE TABLE "{TABLE}_new" (
        "id" char(32) NOT NULL PRIMARY KEY, "key_id" varchar(32) NOT NULL, "tag" BLOB NOT NULL UNIQUE,
        "stamp" BLOB NOT NULL, "routing" BLOB NOT NULL, "card" BLOB NOT NULL, "words" BLOB NOT NULL
    );
    INSERT INTO "{TABLE}_new" SELECT id, key_id, tag, x'', routing, card, words FROM "{TABLE}";
    DROP TABLE "{TABLE}";
    ALTER TABLE "{TABLE}_new" RENAME TO "{TABLE}"
"""  # nosec B608
ADDED = f"""
    ALTER TABLE "{TABLE}" ADD COLUMN "stamp" bytea NOT NULL DEFAULT '';
    ALTER TABLE "{TABLE}" ALTER COLUMN "stamp" DROP DEFAULT
"""


def add_column(apps, schema_editor):
    for statement in (MADE_ANEW if schema_editor.connection.vendor == "sqlite" else ADDED).split(";"):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0003_brake")]

    operations = [
        migrations.SeparateDatabaseAndState(
            # The state has the columns in this order too: Django makes a table of SQLite anew after it.
            state_operations=[
                *(migrations.RemoveField("request", name) for name in ("routing", "card", "words")),
                migrations.AddField("request", "stamp", models.BinaryField(max_length=16)),
                *(migrations.AddField("request", name, models.BinaryField()) for name in ("routing", "card", "words")),
            ],
        ),
        migrations.RunPython(add_column),
    ]
