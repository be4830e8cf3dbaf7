"""What must be true before somebody can ask for support. Pure: facts in, what is missing out."""

from dataclasses import dataclass
from enum import StrEnum

MEMBERS_NEEDED = 2  # one may decline, or be the wrong one for somebody


class Line(StrEnum):
    MEMBERS = "members"
    SCHEDULE = "schedule"
    TEXTS = "texts"
    CRISIS_LINES = "crisis_lines"


@dataclass(frozen=True)
class Facts:
    """members_ready: designated, here, with a confirmed key and a bell. is_covered: at each hour of the next two weeks.

    unapproved_texts: how many of the program's texts nobody here has approved. are_lines_confirmed: within a year.
    """

    members_ready: int
    is_covered: bool
    unapproved_texts: int
    are_lines_confirmed: bool


def missing(facts: Facts) -> tuple[Line, ...]:
    """The lines that do not hold, in the order in which somebody would see to them."""
    holds = {
        Line.MEMBERS: facts.members_ready >= MEMBERS_NEEDED,
        Line.SCHEDULE: facts.is_covered,
        Line.TEXTS: not facts.unapproved_texts,
        Line.CRISIS_LINES: facts.are_lines_confirmed,
    }
    return tuple(line for line in Line if not holds[line])
