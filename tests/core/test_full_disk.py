"""By which errors a full disk is known, whoever meets it. Real ones are in tests/faults/test_disk.py."""

import errno
import sqlite3

import pytest
from django.db import OperationalError

from peersupport.core import full_disk


def caused_by(cause: Exception) -> OperationalError:
    error = OperationalError("what the driver said")
    error.__cause__ = cause
    return error


def with_code(**code: str) -> Exception:
    error = sqlite3.OperationalError("what the driver said")
    for name, value in code.items():
        setattr(error, name, value)
    return error


@pytest.mark.parametrize(
    ("error", "is_full"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (OSError(errno.EACCES, "Permission denied"), False),
        (caused_by(with_code(sqlite_errorname="SQLITE_FULL")), True),
        (caused_by(with_code(sqlstate="53100")), True),
        (caused_by(with_code(sqlite_errorname="SQLITE_BUSY")), False),
        (ValueError("anything else"), False),
        (None, False),
    ],
)
def test_a_full_disk_is_told_from_everything_else(error: Exception | None, is_full: bool) -> None:
    assert full_disk.is_cause(error) is is_full
