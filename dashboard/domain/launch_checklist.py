"""What must be in place before anybody can ask for support. Facts in, missing items out."""

from dataclasses import dataclass
from enum import StrEnum

MEMBERS_NEEDED = 2  # one may decline, or be the wrong one for somebody


# Two of these lift somebody's second factor, neither its owner: so that it works for each of them too, there are three.
LIFTERS_NEEDED = 3


class Item(StrEnum):
    """In the order in which a coordinator works through them."""

    MEMBERS = "members"
    SCHEDULE = "schedule"
    TEXTS = "texts"
    CRISIS_LINES = "crisis_lines"


@dataclass(frozen=True)
class Facts:
    """members_ready: members who can serve, with a confirmed key, and can be reached by phone alert.

    is_covered: whether somebody is on call at every hour of the next two weeks. unapproved_texts: how many of the
    program's texts nobody here has approved. are_lines_confirmed: whether every crisis line was called within a year.
    """

    members_ready: int
    is_covered: bool
    unapproved_texts: int
    are_lines_confirmed: bool


def missing(facts: Facts) -> tuple[Item, ...]:
    """The items that are not in place, in the order of the checklist."""
    is_in_place = {
        Item.MEMBERS: facts.members_ready >= MEMBERS_NEEDED,
        Item.SCHEDULE: facts.is_covered,
        Item.TEXTS: not facts.unapproved_texts,
        Item.CRISIS_LINES: facts.are_lines_confirmed,
    }
    return tuple(item for item in Item if not is_in_place[item])
