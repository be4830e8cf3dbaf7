"""The audit chain's head, noted outside the database, so that the last entries can't be removed unnoticed.

One line for each day on which something was linked: the day, how many links there were, and the value of the last one.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings

from peersupport.core import whole_file


@dataclass(frozen=True)
class Head:
    """How many links there are, and the value of the last one in hexadecimal; empty before the first."""

    count: int
    value: str


def noted() -> dict[date, Head]:
    """What was noted, by day. Raises OSError, and ValueError for a damaged file."""
    file = Path(settings.AUDIT_HEAD)
    lines = file.read_text().splitlines() if file.exists() else []
    fields = [line.split() for line in lines]
    return {date.fromisoformat(day): Head(int(count), value) for day, count, value in fields}


def counts() -> list[int]:
    return [head.count for head in noted().values()]


def set_aside(*, day: date) -> None:
    """Keep all that was noted under another name, so that the next note begins anew. Raises OSError."""
    file = Path(settings.AUDIT_HEAD)
    names = (f"{file.name}.until-{day}" + (f"-{number}" if number > 1 else "") for number in itertools.count(1))
    file.rename(next(path for name in names if not (path := file.with_name(name)).exists()))
    whole_file.sync(file.parent)


def note(head: Head, values: Mapping[int, str], *, day: date) -> None:
    """Note the head as this day's, unless what was noted says that links were removed or made anew.

    values: of the links as they are now, by position.
    """
    heads = noted()
    if head.count == 0 or any(values.get(each.count) != each.value for each in heads.values()):
        return
    if head not in heads.values():
        _write({**heads, day: head})


def _write(heads: dict[date, Head]) -> None:
    lines = (f"{day} {head.count} {head.value}\n" for day, head in sorted(heads.items()))
    whole_file.write(Path(settings.AUDIT_HEAD), "".join(lines))
