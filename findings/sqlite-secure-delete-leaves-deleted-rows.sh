#!/usr/bin/env bash
# SQLite 3.54.1 (apsw 3.54.1.0), PRAGMA secure_delete=ON: whole deleted rows can stay in the file.
#
# The manual says that deleted content is overwritten with zeros. The cell of the deleted row is, at its last place. But
# when SQLite rebalances neighboring pages, it copies rows from one to the other and does not clear what lies in the
# first page's free space afterward: a row that is deleted later is overwritten where it is, and its older copy stays as
# long as that page lives and the space is not used again. Nothing in the database leads to it; a search of the file
# does. VACUUM removes it; so did deleting every row. Only a few rows in a thousand are affected, so a test that deletes
# one row, or half of a table, sees nothing. SQLite 3.40.1 leaves the same.
#
# Exits 0 while it behaves so, 1 when that has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check apsw==3.54.1.0
cat >"$folder/run.py" <<'PYTHON'
import pathlib
import random
import sys

import apsw

file = pathlib.Path(sys.argv[1]) / "people.sqlite3"
database = apsw.Connection(str(file))
database.execute("PRAGMA secure_delete=ON")
(is_on,) = database.execute("PRAGMA secure_delete").fetchone()
database.execute("CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT)")
draw, here, deleted = random.Random(0), [], []
with database:
    for number in range(1, 501):  # a table of a hundred rows: each new one comes in, and a random one goes
        here.append(number)
        database.execute("INSERT INTO person VALUES (?, ?)", (number, f"<{number:078d}>"))
        if len(here) > 100:
            deleted.append(here.pop(int(draw.random() * len(here))))
            database.execute("DELETE FROM person WHERE id = ?", (deleted[-1],))


def in_file():
    return sum(f"<{number:078d}>".encode() in file.read_bytes() for number in deleted)


before = in_file()
database.execute("VACUUM")
after = in_file()
print(f"SQLite {apsw.sqlite_lib_version()}, secure_delete={is_on}: of {len(deleted)} deleted rows,", end=" ")
print(f"{before} whole in the file, {after} after VACUUM")
sys.exit((is_on, before > 0, after) != (1, True, 0))
PYTHON
"$folder/venv/bin/python" "$folder/run.py" "$folder"
# Seen: SQLite 3.54.1, secure_delete=1: of 400 deleted rows, 3 whole in the file, 0 after VACUUM
