"""Taking a backup, while the program runs."""

import secrets
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from operations import processes
from operations.upgrade import schema
from peersupport.core import release
from peersupport.core.errors import Refused
from peersupport.settings import home as home_settings

from . import archive, databases, keys, lasting_files, pair, record, tables, uploads

PREFIX = "PEERSUPPORT_"


@dataclass(frozen=True)
class Taken:
    """rows, files: how many. missing: uploads that rows name and that are not there."""

    rows: int
    files: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class _Content:
    database: bytes
    rows: int
    uploads: tuple[uploads.Upload, ...]
    numbers: dict[str, int]


def take(home: Path, file: Path) -> Taken:
    """Write both files. Raises Refused, and leaves the backup before as it was."""
    with lock(home):
        recipient = keys.recipient(home_settings.environment().get(keys.VARIABLE, ""))
        schema.refuse_pending("Back up with the former version, or run `upgrade` first.")
        secrets_before, variables = lasting_files.all_by_name(), _variables()
        content = _read_database()
        if lasting_files.all_by_name() != secrets_before:
            raise Refused("a secret was replaced meanwhile. Run the backup again.")
        manifest = _manifest(content)
        missing: list[str] = []
        try:
            pair.write(
                file,
                recipient,
                data=lambda out: _add_data(out, manifest, content, missing),
                lasting=lambda out: _add_lasting(out, manifest, secrets_before, variables),
            )
        except OSError as error:
            raise Refused(f"{file} can't be written: {error.strerror or error}. The backup before it stays.") from None
        record.write(home, at=timezone.now(), file=file)
        return Taken(content.rows, len(content.uploads) - len(missing), tuple(missing))


def lock(home: Path) -> AbstractContextManager[None]:
    """What backup and restore hold, so that neither reads what the other writes."""
    return processes.lock(home / "backup.lock", sentence=f"a backup or restore of {home} is running already.")


def _variables() -> dict[str, str]:
    """All settings of this installation, whether they stand in its file or came with the environment."""
    given = home_settings.environment()
    return {key: given[key] for key in sorted(given) if key.startswith(PREFIX) and key != home_settings.VARIABLE}


def _read_database() -> _Content:
    """What a backup has, in a fresh database: nothing else can be in it, deleted rows neither."""
    models = tables.backed_up()
    with databases.snapshot() as source, databases.in_memory() as copy:
        with transaction.atomic(using=copy):
            tables.empty(models, copy)  # what the migrations have put in
            rows = tables.copy_rows(models, source, copy)
        numbers = tables.numbers_given(tables.all_models(), source)
        return _Content(databases.serialized(copy), rows, tuple(uploads.named(copy)), numbers)


def _manifest(content: _Content) -> archive.Manifest:
    return archive.Manifest(
        id=secrets.token_hex(16),
        part=archive.DATA,
        made_at=timezone.now().isoformat(timespec="seconds"),
        version=release.version(),
        installation=lasting_files.name(),
        numbers=content.numbers,
    )


def _add_data(out: archive.Writer, manifest: archive.Manifest, content: _Content, missing: list[str]) -> None:
    out.add_manifest(manifest)
    out.add(archive.DATABASE, content.database)
    for upload in content.uploads:
        if not out.add_file(f"{archive.UPLOADS}{upload.path}", upload.file):
            missing.append(upload.path)


def _add_lasting(
    out: archive.Writer, manifest: archive.Manifest, files: dict[str, bytes], variables: dict[str, str]
) -> None:
    out.add_manifest(replace(manifest, part=archive.LASTING, numbers={}))
    for name, content in files.items():
        out.add(f"{archive.SECRETS}{name}", content)
    out.add(archive.SETTINGS, "".join(f"{home_settings.line(*each)}\n" for each in variables.items()).encode())
