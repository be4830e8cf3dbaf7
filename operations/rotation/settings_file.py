"""The secrets that stand in a home's settings file: what replaces them, and what stays beside them for a time."""

import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from peersupport.audit import actions as audit
from peersupport.core.errors import Refused
from peersupport.settings import home as home_file

from ..backup import keys

SECRET_KEY = "PEERSUPPORT_SECRET_KEY"  # noqa: S105
HOST_SECRET = "PEERSUPPORT_HOST_SECRET"  # noqa: S105
BACKUP_KEY = "PEERSUPPORT_BACKUP_KEY"
FALLBACKS = "_FALLBACKS"
REPLACED_AT = "PEERSUPPORT_SECRET_KEY_REPLACED_AT"
SECRET_KEY_OVERLAP = timedelta(days=1)  # sessions end after eight hours, links to a new password after a day


def new_secret() -> str:
    return secrets.token_urlsafe(48)


def replace(home: Path, name: str, **more: str | None) -> None:
    """Put a new secret in the place of this variable, and the old one in front of its fallbacks. Raises Refused."""
    variables = own_variables(home, name, name + FALLBACKS)
    before = [variables.get(name, ""), *variables.get(name + FALLBACKS, "").split(",")]
    if "," in before[0]:
        raise Refused(f"{name} has a comma in it, so it can't stand among {name + FALLBACKS}. See docs/settings.md.")
    home_file.write(home, {name: new_secret(), name + FALLBACKS: ",".join(filter(None, before)), **more})


def own_variables(home: Path, *names: str) -> dict[str, str]:
    """The variables of the file. Raises Refused where the environment overrides one of these."""
    for name in names:
        if name in os.environ:
            raise Refused(f"{name} is set in the environment and not in {home}: unset it there first.")
    return home_file.read(home)


def rotate_secret_key(home: Path, *, now: datetime) -> str:
    half_hour = datetime.fromtimestamp(int(now.timestamp()) // 1800 * 1800, tz=UTC)
    replace(home, SECRET_KEY, **{REPLACED_AT: half_hour.isoformat()})
    audit.record(action="secret_rotated", by=None, about="secret:secret-key")
    return (
        "secret-key: replaced. Running processes take it when `serve` gets SIGHUP or is started again. "
        "The old one goes with the first `rotate` after a day; `doctor` says when."
    )


def is_secret_key_over(home: Path, *, now: datetime) -> bool:
    """Whether a secret key of before is still there and has counted long enough."""
    replaced_at = home_file.read(home).get(REPLACED_AT)
    over_after = SECRET_KEY_OVERLAP + timedelta(minutes=30)
    return bool(replaced_at) and now >= datetime.fromisoformat(str(replaced_at)) + over_after


def is_host_secret_half_replaced(home: Path) -> bool:
    """Whether the one before is still there, which goes at the end of its replacement."""
    return bool(home_file.read(home).get(HOST_SECRET + FALLBACKS))


def end_secret_key_overlap(home: Path, *, now: datetime) -> str:
    """Take the old one out once it is old enough; the line that says so, or nothing."""
    if not is_secret_key_over(home, now=now):
        return ""
    own_variables(home, SECRET_KEY + FALLBACKS)
    home_file.write(home, {SECRET_KEY + FALLBACKS: None, REPLACED_AT: None})
    return "secret-key: the one before is taken out. Running processes forget it at SIGHUP."


def new_backup_key(home: Path) -> tuple[str, str]:
    """Private and public half. Show the private one before `keep_backup_key`: backups are sealed to it from then on."""
    own_variables(home, BACKUP_KEY)
    private, public = keys.make()
    return private, public


def keep_backup_key(home: Path, public: str) -> None:
    home_file.write(home, {BACKUP_KEY: public})
    audit.record(action="secret_rotated", by=None, about="secret:backup-key")
