"""Whether an error says that a disk is full, whoever met it: a file, SQLite or PostgreSQL."""

import errno

FULL = (errno.ENOSPC, errno.EDQUOT)
CODES = ("SQLITE_FULL", "53100")


def is_cause(error: BaseException | None) -> bool:
    """Of this error, or of what led to it."""
    while error is not None:
        code = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
        if code in CODES or (isinstance(error, OSError) and error.errno in FULL):
            return True
        error = error.__cause__ or error.__context__
    return False
