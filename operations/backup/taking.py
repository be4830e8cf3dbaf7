"""Taking a backup, while the program runs."""

import secrets
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from pyrage import x25519

from operations import processes
from operations.upgrade import schema
from peersupport.core import release
from peersupport.core.errors import Refused
from peersupport.settings import home as home_settings

from . import archive, databases, keys, lasting_files, opening, pair, record, tables, uploads

PREFIX = "PEERSUPPORT_"


@dataclass(frozen=True)
class Taken:
    """rows, files: how many. missing: uploads that rows name and that are not there."""

    rows: int
    files: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class _Content:
    manifest: archive.Manifest
    database: bytes
    rows: int
    uploads: tuple[str, ...]
    secrets: opening.Secrets


def take(home: Path, file: Path) -> Taken:
    """Write both files, and read them back. Raises Refused, and leaves the backup before as it was."""
    with lock(home):
        recipient = keys.recipient(home_settings.environment().get(keys.VARIABLE, ""))
        schema.refuse_pending("Back up with the former version, or run `upgrade` first.")
        content, missing = _read(), list[str]()
        reader = x25519.Identity.generate()  # opens the two files once, and is forgotten
        try:
            pair.write(
                file,
                [recipient, reader.to_public()],
                data=lambda out: _add_data(out, content, missing),
                lasting=lambda out: _add_lasting(out, content.secrets),
                check=lambda data, lasting: _check(opening.Source(data, lasting, reader), content, missing),
            )
        except OSError as error:
            raise Refused(f"{file} can't be written: {error.strerror or error}. The backup before it stays.") from None
        record.write(Path(settings.KEYRING), at=timezone.now(), file=file)
        return Taken(content.rows, len(content.uploads) - len(missing), tuple(missing))


def _check(source: opening.Source, content: _Content, missing: Sequence[str]) -> None:
    """By the restorer's own rules, so that no backup is called done that can't be restored. Raises Refused."""
    try:
        read = opening.check(source)
    except Refused as refused:
        raise Refused(f"no backup was made: it could not be restored, for {refused} The one before stays.") from None
    uploads_written = set(content.uploads) - set(missing)
    wanted = (content.manifest, content.database, uploads_written, content.secrets)
    if (read.manifest, read.database, set(read.uploads), read.secrets) != wanted:
        raise Refused(f"no backup was made: {source.data} does not hold what was written. The one before stays.")


def lock(home: Path) -> AbstractContextManager[None]:
    """What backup and restore hold, so that neither reads what the other writes."""
    return processes.lock(home / "backup.lock", sentence=f"a backup or restore of {home} is running already.")


def _variables() -> dict[str, str]:
    """All settings of this installation, whether they stand in its file or came with the environment."""
    given = home_settings.environment()
    return {key: given[key] for key in sorted(given) if key.startswith(PREFIX) and key != home_settings.VARIABLE}


def _read() -> _Content:
    """Raises Refused where a secret was replaced while the rows were read, which may be sealed under either."""
    files = lasting_files.all_by_name()
    database, rows, paths, numbers = _read_database()
    if lasting_files.all_by_name() != files:
        raise Refused("a secret was replaced meanwhile. Run the backup again.")
    manifest = archive.Manifest(
        id=secrets.token_hex(16),
        part=archive.DATA,
        made_at=timezone.now().isoformat(timespec="seconds"),
        version=release.version(),
        installation=lasting_files.name(),
        numbers=numbers,
    )
    of_lasting = replace(manifest, part=archive.LASTING, numbers={})
    return _Content(manifest, database, rows, paths, opening.Secrets(of_lasting, files, _variables()))


def _read_database() -> tuple[bytes, int, tuple[str, ...], dict[str, int]]:
    """What a backup has, in a fresh database: nothing else can be in it, deleted rows neither.

    The database, how many rows it has, the paths of its uploads, and how far the numbers of each table have gone.
    """
    models = tables.backed_up()
    with databases.snapshot() as source, databases.in_memory() as copy:
        with transaction.atomic(using=copy):
            tables.empty(models, copy)  # what the migrations have put in
            rows = tables.copy_rows(models, source, copy)
        numbers = tables.numbers_given(tables.all_models(), source)
        return databases.serialized(copy), rows, tuple(each.path for each in uploads.named(copy)), numbers


def _add_data(out: archive.Writer, content: _Content, missing: list[str]) -> None:
    out.add_manifest(content.manifest)
    out.add(archive.DATABASE, content.database)
    for path in content.uploads:
        if not out.add_file(f"{archive.UPLOADS}{path}", uploads.Upload(path).file):
            missing.append(path)


def _add_lasting(out: archive.Writer, of_lasting: opening.Secrets) -> None:
    out.add_manifest(of_lasting.manifest)
    for name, content in of_lasting.files.items():
        out.add(f"{archive.SECRETS}{name}", content)
    lines = [f"{home_settings.line(*each)}\n" for each in of_lasting.variables.items()]
    out.add(archive.SETTINGS, "".join(lines).encode())
