"""The launch checklist as the coordinator reads it: a sentence for each item, and where it is dealt with."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peersupport.core.plurals import in_words

from ..domain.launch_checklist import LIFTERS_NEEDED, MEMBERS_NEEDED, Item, missing

if TYPE_CHECKING:
    from ..queries.launch import Checklist


@dataclass(frozen=True)
class ChecklistRow:
    """One item of the checklist. status: its badge. action: what the link to `url` says."""

    item: Item
    text: str
    detail: str
    url: str
    action: str
    is_done: bool
    status: str


@dataclass(frozen=True)
class PaperRow:
    """What the program can't look at: the coordinator says whether it is done.

    url: the page that has the paper, or a draft of it. button: what the press is called.
    """

    code: str
    url: str
    text: str
    detail: str
    is_done: bool
    button: str


@dataclass(frozen=True)
class LaunchChecklist:
    """launched_on: None until the coordinator has opened the program.

    papers, lifters: they keep nobody from opening it. lifters: empty if enough people can lift a second factor.
    """

    rows: tuple[ChecklistRow, ...]
    papers: tuple[PaperRow, ...]
    lifters: str
    launched_on: date | None

    @property
    def is_complete(self) -> bool:
        return all(row.is_done for row in self.rows)

    @property
    def can_launch(self) -> bool:
        return self.is_complete and self.launched_on is None

    @property
    def gaps(self) -> list[ChecklistRow]:
        """What was in place at the launch and no longer is; empty before it.

        Without the hours that nobody is on call: the home has a row of its own for them.
        """
        gaps = [row for row in self.rows if not row.is_done and row.item != Item.SCHEDULE]
        return gaps if self.launched_on else []

    @property
    def lead(self) -> str:
        if self.launched_on is None:
            return _("The program isn't open yet.")
        day = date_format(self.launched_on, "DATE_FORMAT")
        if self.is_complete:
            return _("The program has been open since %(day)s, and everything is in place.") % {"day": day}
        return _("The program has been open since %(day)s. Something is no longer in place.") % {"day": day}


def launch_checklist(found: "Checklist") -> LaunchChecklist:
    missing_items = missing(found.facts)
    is_open = found.launched_on is not None
    rows = (_row(item, found.facts.members_ready, item not in missing_items, is_open) for item in Item)
    return LaunchChecklist(tuple(rows), _papers(found), _too_few_lifters(found.lifters), found.launched_on)


def _row(item: Item, members_ready: int, is_done: bool, is_open: bool) -> ChecklistRow:
    text, detail, url_name, action = {
        Item.MEMBERS: (
            ngettext(
                "At least %(number)s member can take requests and get phone alerts",
                "At least %(number)s members can take requests and get phone alerts",
                MEMBERS_NEEDED,
            )
            % {"number": in_words(MEMBERS_NEEDED)},
            _members_so_far(members_ready),
            "team:roster",
            _("Team"),
        ),
        Item.SCHEDULE: (
            _("Someone is on call every hour of the next two weeks"),
            _("So there's a peer to alert when someone can't wait"),
            "team:on_call",
            _("On call"),
        ),
        Item.TEXTS: (
            _("All policies and texts are approved"),
            _("By the clinical director, after counsel has read them"),
            "program:texts",
            _("Policies and text"),
        ),
        Item.CRISIS_LINES: (
            _("Every crisis line answers"),
            _("You call and text each one, once a year"),
            "program:confirm_lines",
            _("Call them"),
        ),
    }[item]
    return ChecklistRow(item, text, detail, reverse(url_name), action, is_done, _status(is_done, is_open))


def _papers(found: "Checklist") -> tuple[PaperRow, ...]:
    details = {
        "counsel": (
            _("Counsel has signed"),
            _("Counsel answers the questions on the paper for them, and signs it."),
        ),
        "retention_schedule": (
            _("The retention schedule has its entry"),
            _("The agency's records officer files it. There's a draft to start from."),
        ),
        "union": (
            _("The union was told"),
            _("There's one page to hand over. Where there's no union, press it too."),
        ),
    }
    return tuple(_paper(code, *details[code], found.papers.get(code)) for code in details)


def _paper(code: str, text: str, detail: str, since: date | None) -> PaperRow:
    url = reverse("dashboard:paper", args=[code])
    if since is None:
        return PaperRow(code, url, text, detail, False, _("This is done"))
    done = _("Confirmed on %(day)s.") % {"day": date_format(since, "DATE_FORMAT")}
    return PaperRow(code, url, text, done, True, _("Take this back"))


def _too_few_lifters(lifters: int) -> str:
    if lifters >= LIFTERS_NEEDED:
        return ""
    return _(
        "If someone loses their second factor, two people among operator, coordinator and clinical director lift it "
        "together, and never the one who lost it. There are fewer than three of them now, so for one of them it "
        "can't be done."
    )


def _members_so_far(members: int) -> str:
    if not members:
        return _("Designated, with a confirmed key and phone alerts set up. So far, nobody is ready.")
    return ngettext(
        "Designated, with a confirmed key and phone alerts set up. So far, %(number)s is ready.",
        "Designated, with a confirmed key and phone alerts set up. So far, %(number)s are ready.",
        members,
    ) % {"number": in_words(members)}


def _status(is_done: bool, is_open: bool) -> str:
    """The words of an item's badge, before and after the launch."""
    if is_open:
        return _("in place") if is_done else _("not in place")
    return _("done") if is_done else _("to do")
