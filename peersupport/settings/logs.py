"""A log that shows where something went wrong and never what somebody typed."""

import json
import logging
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from peersupport.core import plane, start

ANONYMOUS = "anonymous"


class CodesOnlyFormatter(logging.Formatter):
    """Level, logger, the message without its arguments, and for an exception its class and its lines.

    Arguments and exception texts are left out: a header or a database error can quote what a person typed.
    """

    def format(self, record: logging.LogRecord) -> str:
        parts = [record.levelname, record.name]
        if record.name == "django.request":
            parts.append(f"status={getattr(record, 'status_code', '?')} view={_view(record)}")
        else:
            parts.append(record.msg if isinstance(record.msg, str) else type(record.msg).__name__)
        if record.exc_info and record.exc_info[1] is not None:
            parts.append(self._where(record.exc_info[1]))
        return " ".join(parts)

    @staticmethod
    def _where(error: BaseException) -> str:
        frames = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)]
        return f"{type(error).__name__} at {' > '.join(frames)}"


def _view(record: logging.LogRecord) -> str:
    """Which page it was, if no officer can have been there."""
    if plane.is_anonymous():
        return ANONYMOUS
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    return match.view_name if match else "none"


class JsonFormatter(CodesOnlyFormatter):
    """The same as one JSON object a line: time, level, logger, message, where an exception came from.

    A line that an anonymous page set off bears the half hour and not the time, and ANONYMOUS: `serve` holds it back.
    `extra={"codes": {...}}` adds fields: names, numbers and codes of our own, never what somebody typed.
    """

    def format(self, record: logging.LogRecord) -> str:
        return start.mark() + json.dumps(self.fields(record))

    def fields(self, record: logging.LogRecord) -> dict[str, object]:
        moment = datetime.fromtimestamp(record.created, UTC)
        if plane.is_anonymous():
            moment = plane.half_hour_of(moment)
        fields: dict[str, object] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.msg if isinstance(record.msg, str) else type(record.msg).__name__,
        }
        if record.name == "django.request":
            fields |= {
                "message": "a page failed",
                "status": getattr(record, "status_code", 0),
                "view": _view(record),
            }
        if plane.is_anonymous():
            fields["plane"] = ANONYMOUS
        fields |= getattr(record, "codes", {})
        if record.exc_info and record.exc_info[1] is not None:
            fields["where"] = self._where(record.exc_info[1])
        return fields


def write(fields: Mapping[str, object]) -> None:
    """Write one line of the log, in a process that hands on what others logged."""
    print(json.dumps(fields), flush=True)  # noqa: T201
