"""A log that shows where something went wrong and never what somebody typed."""

import logging
import traceback
from pathlib import Path


class CodesOnlyFormatter(logging.Formatter):
    """Level, logger, the message without its arguments, and for an exception its class and its lines.

    Arguments and exception texts are left out: a header or a database error can quote what a person typed.
    """

    def format(self, record: logging.LogRecord) -> str:
        parts = [record.levelname, record.name]
        if record.name == "django.request":
            parts.append(f"status={getattr(record, 'status_code', '?')} view={self._view(record)}")
        else:
            parts.append(record.msg if isinstance(record.msg, str) else type(record.msg).__name__)
        if record.exc_info and record.exc_info[1] is not None:
            parts.append(self._where(record.exc_info[1]))
        return " ".join(parts)

    @staticmethod
    def _view(record: logging.LogRecord) -> str:
        match = getattr(getattr(record, "request", None), "resolver_match", None)
        return match.view_name if match else "none"

    @staticmethod
    def _where(error: BaseException) -> str:
        frames = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
        return f"{type(error).__name__} at {' > '.join(frames)}"
