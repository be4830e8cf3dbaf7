"""The launch checklist as the coordinator reads it: a sentence for each item, and where it is dealt with."""

from dataclasses import dataclass
from datetime import date

from django.contrib.humanize.templatetags.humanize import apnumber
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from peersupport.program import queries as program

from ..domain.launch_checklist import MEMBERS_NEEDED, Facts, Item, missing
from ..queries import launch


@dataclass(frozen=True)
class ChecklistRow:
    """One item of the checklist. action: what the link to `url` says."""

    item: Item
    text: str
    detail: str
    url: str
    action: str
    is_done: bool


@dataclass(frozen=True)
class LaunchChecklist:
    """launched_on: None until the coordinator has opened the program."""

    rows: tuple[ChecklistRow, ...]
    launched_on: date | None

    @property
    def is_complete(self) -> bool:
        return all(row.is_done for row in self.rows)

    @property
    def gaps(self) -> list[ChecklistRow]:
        """What was in place at the launch and no longer is; empty before it.

        Without the hours that nobody is on call: the home has a row of its own for them.
        """
        gaps = [row for row in self.rows if not row.is_done and row.item != Item.SCHEDULE]
        return gaps if self.launched_on else []


def launch_checklist() -> LaunchChecklist:
    facts = launch.facts(timezone.now())
    missing_items = missing(facts)
    return LaunchChecklist(tuple(_row(item, facts, item not in missing_items) for item in Item), program.launched_on())


def _row(item: Item, facts: Facts, is_done: bool) -> ChecklistRow:
    text, detail, url_name, action = {
        Item.MEMBERS: (
            f"At least {apnumber(MEMBERS_NEEDED)} members who can be asked and rung",
            f"Designated, with a confirmed key and a bell on their own page: {_so_far(facts.members_ready)}",
            "team:roster",
            _("See the team"),
        ),
        Item.SCHEDULE: (
            _("Somebody is on call at every hour of the next two weeks"),
            _("So that nobody who cannot wait reaches an empty room"),
            "team:on_call",
            _("See the schedule"),
        ),
        Item.TEXTS: (
            _("All words of the program are approved"),
            _("By the clinical director, after counsel has read them"),
            "program:texts",
            _("Read them"),
        ),
        Item.CRISIS_LINES: (
            _("Every crisis line answers"),
            _("Called by you, once a year"),
            "program:confirm_lines",
            _("Call them"),
        ),
    }[item]
    return ChecklistRow(item, text, detail, reverse(url_name), action, is_done)


def _so_far(members: int) -> str:
    return f"{apnumber(members)} now" if members else "nobody yet"
