"""The checklist on the coordinator's home: what must hold before somebody can ask, and where each line is done."""

from dataclasses import dataclass
from datetime import date

from django.contrib.humanize.templatetags.humanize import apnumber
from django.urls import reverse
from django.utils import timezone

from peersupport.program import queries as program

from ..domain.launch_checklist import MEMBERS_NEEDED, Facts, Line, missing
from . import launch_facts


@dataclass(frozen=True)
class Item:
    """One line of the checklist, as it stands now."""

    line: Line
    words: str
    more: str
    url: str
    link: str
    is_done: bool


@dataclass(frozen=True)
class GoingLive:
    """opened_on: None until the coordinator has opened the program."""

    items: tuple[Item, ...]
    opened_on: date | None

    @property
    def is_complete(self) -> bool:
        return all(item.is_done for item in self.items)

    @property
    def gaps(self) -> list[Item]:
        """What was in order once and no longer is. Hours without anybody on call stand on the home by themselves."""
        gaps = [item for item in self.items if not item.is_done and item.line != Line.SCHEDULE]
        return gaps if self.opened_on else []


def going_live() -> GoingLive:
    facts = launch_facts.facts(timezone.now())
    lacking = missing(facts)
    return GoingLive(tuple(_item(line, facts, line not in lacking) for line in Line), program.opened_on())


def _item(line: Line, facts: Facts, is_done: bool) -> Item:
    words, more, url_name, link = {
        Line.MEMBERS: (
            f"At least {apnumber(MEMBERS_NEEDED)} members who can be asked and rung",
            f"Designated, with a confirmed key and a bell on their own page: {_so_far(facts.members_ready)}",
            "team:roster",
            "See the team",
        ),
        Line.SCHEDULE: (
            "Somebody is on call at every hour of the next two weeks",
            "So that nobody who cannot wait reaches an empty room",
            "team:on_call",
            "See the schedule",
        ),
        Line.TEXTS: (
            "All words of the program are approved",
            "By the clinical director, after counsel has read them",
            "program:texts",
            "Read them",
        ),
        Line.CRISIS_LINES: (
            "Every crisis line answers",
            "Called by you, once a year",
            "program:confirm_lines",
            "Call them",
        ),
    }[line]
    return Item(line, words, more, reverse(url_name), link, is_done)


def _so_far(members: int) -> str:
    return f"{apnumber(members)} now" if members else "nobody yet"
