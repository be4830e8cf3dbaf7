"""What a check found: a code, and how bad it is. The sentences are in ../sentences/."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

OK = "ok"


class Level(IntEnum):
    """The command's exit status."""

    WELL = 0
    SEE_TO = 1
    CANNOT_SERVE = 2


@dataclass(frozen=True)
class Finding:
    """values: what the sentence names, such as a path or a number."""

    check: str
    code: str
    level: Level
    values: Mapping[str, str | int] = field(default_factory=dict)


def well(check: str, code: str = OK, **values: str | int) -> Finding:
    return Finding(check, code, Level.WELL, values)


def see_to(check: str, code: str, **values: str | int) -> Finding:
    return Finding(check, code, Level.SEE_TO, values)


def cannot_serve(check: str, code: str, **values: str | int) -> Finding:
    return Finding(check, code, Level.CANNOT_SERVE, values)


def or_well(check: str, problems: Iterable[Finding], **values: str | int) -> list[Finding]:
    """These problems, or that there are none."""
    return list(problems) or [Finding(check, OK, Level.WELL, values)]
