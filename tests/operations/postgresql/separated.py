"""A database at a server of its own, whose tables belong to one role and are used by another."""

import re
import subprocess
import sys
from pathlib import Path

import psycopg

from tests.operations.installation import clean_environment
from tests.services import PostgreSQL

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy" / "postgresql"
NAME, PROGRAM = "peer", "peersupport"
CURSOR = "from django.db import connection; connection.cursor()"
MIGRATE = "from django.core.management import call_command as call; call('migrate', verbosity=0); "
MIGRATE += "call('createcachetable', verbosity=0)"


class Separated:
    """`program` runs as its own role what `superuser` gave to the owner by deploy/postgresql/roles.sql."""

    def __init__(self, server: PostgreSQL, folder: Path, name: str = NAME) -> None:
        self.server, self.folder, self.name = server, folder, name
        if name == NAME:
            self.server.psql("-c", f"CREATE ROLE {PROGRAM} LOGIN")
        self.server.psql("-c", f"CREATE DATABASE {name} OWNER {PROGRAM}")

    def of_another_database(self, name: str) -> "Separated":
        """Nothing is in it. With a keyring of its own."""
        folder = self.folder.parent / name
        folder.mkdir()
        return Separated(self.server, folder, name)

    def superuser(self, *statements: str) -> str:
        """What each answers, outside of any transaction."""
        return self.server.psql(*(word for each in statements for word in ("-c", each)), database=self.name)

    def separate(self) -> None:
        self.server.psql("-v", f"program={PROGRAM}", "-f", str(DEPLOY / "roles.sql"), database=self.name)

    def program(self, script: str, *, user: str = PROGRAM) -> str:
        """What a piece of the program prints."""
        environment = clean_environment(
            DJANGO_SETTINGS_MODULE="peersupport.settings.demo", PEERSUPPORT_VAR=str(self.folder)
        )
        url = self.server.url(self.name, user)
        prepare = (
            "import django; from django.conf import settings; from peersupport.settings import local; "
            f"settings.DATABASES = {{'default': local.database({url!r})}}; django.setup(); "
            "settings.ALLOWED_HOSTS, settings.SITE_URL = ['testserver'], 'http://testserver'; "
            "settings.EMAIL_BACKEND = 'django.core.mail.backends.locmem.EmailBackend'; "
            "from peersupport.sealing import envelope, keyring; keyring.prepare(); envelope.PASSWORD_MEMORY_KIB = 64\n"
        )
        done = subprocess.run(
            [sys.executable, "-c", prepare + script],
            cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def as_program(self) -> psycopg.Connection:
        return psycopg.connect(host=str(self.server.folder), user=PROGRAM, dbname=self.name, autocommit=True)

    def play(self, name: str) -> str:
        return self.program(f"from tests.operations.postgresql import play; print(play.{name}() or '')")

    def files_with(self, word: str, *, is_log_over: bool = True) -> list[str]:
        """The files of the server in which the word stands as it is, in `data/` and its log.

        is_log_over: once the write-ahead log of before is over, as it is by itself after a while.
        """
        self.superuser(*(["SELECT pg_switch_wal()"] if is_log_over else []), "CHECKPOINT")
        files = [path for path in self.server.folder.rglob("*") if path.is_file()]
        return sorted(str(path.relative_to(self.server.folder)) for path in files if word.encode() in path.read_bytes())

    def tables_of(self, files: list[str]) -> set[str]:
        """What these files belong to: tables, indexes and what is stored apart."""
        numbers = ",".join(re.findall(r"base/\d+/(\d+)", " ".join(files))) or "0"
        names = self.superuser(f"SELECT relname FROM pg_class WHERE relfilenode IN ({numbers})")
        return set(names.split())
