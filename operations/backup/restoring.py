"""Restoring a backup: everything is checked before anything is touched, and killed at any moment it can run again."""

import contextlib
import logging
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from operations import housekeeping
from operations.processes import lock_home
from operations.upgrade import installed, schema, table_owner
from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.sealing import actions as sealing
from peersupport.sealing import keyring
from peersupport.sealing.installation import OF_ONE_INSTALLATION
from peersupport.settings import home as home_settings
from peersupport.team.models import User
from requests_app.actions import sweep

from . import (
    archive,
    databases,
    empty_home,
    lasting_files,
    machine_settings,
    opening,
    put_aside,
    replacing,
    taking,
    uploads,
)
from .opening import Backup, Source
from .replacing import Replaced

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Restored:
    """secrets_back, uploads_back: how many were missing here. newer: secrets that were replaced since the backup.

    missing: uploads that rows name and that neither the backup nor this home has. is_new: nothing was in the database.
    is_copy: this home is another installation than the one of the backup, made of it.
    """

    backup: Backup
    rows: Replaced
    secrets_back: int
    newer: tuple[str, ...]
    uploads_back: int
    missing: tuple[str, ...]
    is_new: bool
    is_copy: bool

    @property
    def is_well(self) -> bool:
        return not (self.missing or self.newer or self.rows.unverified or self.rows.is_audit_cut)


def restore(home: Path, source: Source) -> Restored:
    """Raises Refused, and has touched nothing then."""
    with lock_home(home), taking.lock(home):
        backup = opening.check(source)
        _check_belongs_here(backup)
        _check_keyring()
        table_owner.refuse_foreign("after the restore")
        is_damaged = put_aside.is_needed()
        is_new, is_copy = is_damaged or _is_new(), lasting_files.is_copy_of(backup.manifest.installation)
        with databases.in_memory(backup.database) as copy:
            if not is_new:
                replacing.check_is_ours(copy, is_copy=is_copy)
            named = list(uploads.named(copy))
            _check_space(home, backup, named)
            if is_damaged:
                connections.close_all()
                put_aside.move()
            secrets_back, newer = _put_secrets_back(backup, is_copy=is_copy)
            if is_copy and is_new:
                secrets_back = _count(backup)  # they came before there were settings
            if is_new:
                _prepare()
                installed.record(home)
            uploads_back = _put_uploads_back(source, {upload.path for upload in named})
            rows = replacing.replace_rows(copy, backup.manifest.numbers, is_new=is_new)
        if not is_new:
            _sweep()
        with contextlib.suppress(ValueError):  # what was noted is damaged, which `verify_audit` says
            audit.link_new()
        missing = tuple(upload.path for upload in named if not upload.file.exists())
        return Restored(backup, rows, secrets_back, newer, uploads_back, missing, is_new, is_copy)


def _check_belongs_here(backup: Backup) -> None:
    unknown = schema.unknown(databases.applied_migrations(backup.database))
    if unknown:
        raise Refused(f"this backup is of a newer version ({backup.manifest.version}): {unknown[0]} isn't known here.")
    there = backup.manifest.installation
    if lasting_files.known_name() not in {None, there} and not lasting_files.is_copy_of(there):
        raise Refused("this backup is of another installation. Restore it into an empty home.")


def _check_keyring() -> None:
    """`shred/` is made once and never again: a volume that isn't mounted must not be covered by an empty folder."""
    try:
        keyring.shred_ids()
    except keyring.KeyringUnavailable:
        raise Refused(
            f"{settings.KEYRING}/shred isn't there. Mount its volume; if it is lost, make it with make_keyring."
        ) from None


def _is_new() -> bool:
    """Whether nobody was ever in it, tables or not: a restore that was killed may have made some of them.

    Raises Refused where it is of another version than the program.
    """
    schema.refuse_newer()
    if not databases.has_table(User._meta.db_table) or not User.objects.exists():
        return True
    schema.refuse_pending()
    return False


def _check_space(home: Path, backup: Backup, named: list[uploads.Upload]) -> None:
    to_come = {upload.path: backup.uploads.get(upload.path, 0) for upload in named if not upload.file.exists()}
    empty_home.check_room(home, backup, to_come)


def _prepare() -> None:
    """Tables and static files. The year is opened later, by the settings of the backup."""
    call_command("migrate", verbosity=0, interactive=False)
    housekeeping.take_no_samples()
    call_command("collectstatic", verbosity=0, interactive=False)


def _sweep() -> None:
    """What the round does each minute, so that whoever asked for support reads at once how it goes on."""
    try:
        sealing.check_keyring(now=timezone.now())
        sweep.run(now=timezone.now())
    except Exception:
        logger.exception("the sweep after a restore did not end; the next round of `serve` does it")


def _put_secrets_back(backup: Backup, *, is_copy: bool) -> tuple[int, tuple[str, ...]]:
    """Those that are missing. What is here stays: it may be newer, and open requests need it."""
    not_taken = OF_ONE_INSTALLATION if is_copy else ()
    there = {name: content for name, content in backup.secrets.files.items() if name not in not_taken}
    written = empty_home.write_secrets(lasting_files.folder(), there)
    here = set(lasting_files.all_by_name().values())  # a secret that was renewed is still here as an earlier one
    return written, tuple(name for name, content in sorted(there.items()) if content not in here)


def _count(backup: Backup) -> int:
    return sum(name not in (keyring.FOLDER_MARKER, *OF_ONE_INSTALLATION) for name in backup.secrets.files)


def _put_uploads_back(source: Source, named: set[str]) -> int:
    back = 0
    with archive.read(source.data, source.identity) as members:
        for member in members:
            path = member.name.removeprefix(archive.UPLOADS)
            if path in named:
                back += uploads.put_back(path, member.content)
    return back


def differing_places(home: Path, backup: Backup) -> dict[str, str]:
    """Settings of the other machine that this home doesn't have, without passwords.

    Not where it keeps its data: a home that is led there would be a second one on the same rows or keys.
    """
    here = home_settings.read(home)
    there = machine_settings.places(backup.secrets.variables)
    is_trial_mail = here.get("PEERSUPPORT_EMAIL_URL") == "files"
    return {
        name: value
        for name, value in there.items()
        if name not in machine_settings.OF_DATA
        and (name not in here or (name == "PEERSUPPORT_EMAIL_URL" and is_trial_mail and value != "files"))
    }
