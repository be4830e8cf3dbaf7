"""The migrations that have landed, each with its digest: they are in somebody's database as they are.

So are the homes that earlier versions made (make_home.py): one that is made anew is no longer of its version.

    .venv/bin/python -m tests.operations.landed_migrations

adds the new ones to landed_migrations.txt. It refuses to change or drop a line.
"""

import hashlib
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIST = Path(__file__).with_suffix(".txt")
SKIPPED = {".venv", "var", "node_modules"}


def there() -> dict[str, str]:
    """The digest of each migration and home on the disk, by its path."""
    migrations = (path for path in ROOT.rglob("migrations/0*.py") if not SKIPPED & set(path.relative_to(ROOT).parts))
    homes = (ROOT / "tests" / "operations" / "homes").iterdir()
    return {name_of(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in (*migrations, *homes)}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def landed() -> dict[str, str]:
    lines = LIST.read_text().splitlines() if LIST.exists() else []
    return {path: digest for digest, path in (line.split("  ", 1) for line in lines)}


def forget(paths: set[str]) -> None:
    """Take these off the list: they were on it too early."""
    write({path: digest for path, digest in landed().items() if path not in paths})


def write(listed: dict[str, str]) -> None:
    LIST.write_text("".join(f"{listed[path]}  {path}\n" for path in sorted(listed)))


def main() -> None:
    found = there()
    edited = [path for path, digest in landed().items() if found.get(path) != digest]
    if edited:
        sys.exit(
            f"Landed, and changed or gone since: {', '.join(edited)}. Put them back (CONTRIBUTING.md, Migrations)."
        )
    write(found)


if __name__ == "__main__":
    main()
