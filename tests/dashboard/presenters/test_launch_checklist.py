"""The launch checklist as the coordinator reads it, from facts alone."""

from dataclasses import replace
from datetime import date

import pytest

from dashboard.domain.launch_checklist import Facts, Item
from dashboard.presenters.launch_checklist import launch_checklist
from dashboard.queries.launch import Checklist

READY = Facts(members_ready=2, is_covered=True, unapproved_texts=0, are_lines_confirmed=True)
OPENED = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("facts", "launched_on", "lead", "can_launch"),
    [
        (READY, None, "The program isn't open yet.", True),
        (replace(READY, is_covered=False), None, "The program isn't open yet.", False),
        (READY, OPENED, "The program has been open since March 1, 2026, and everything is in place.", False),
        (
            replace(READY, is_covered=False),
            OPENED,
            "The program has been open since March 1, 2026. Something is no longer in place.",
            False,
        ),
    ],
)
def test_lead_and_launch(facts: Facts, launched_on: date | None, lead: str, can_launch: bool) -> None:
    found = launch_checklist(Checklist(facts, launched_on))
    assert (found.lead, found.can_launch) == (lead, can_launch)


@pytest.mark.parametrize(
    ("members", "says"), [(0, "So far, nobody is ready."), (1, "So far, one is ready."), (12, "So far, 12 are ready.")]
)
def test_members_so_far(members: int, says: str) -> None:
    row = launch_checklist(Checklist(replace(READY, members_ready=members), None)).rows[0]
    assert row.item == Item.MEMBERS and row.detail.endswith(says)


@pytest.mark.parametrize(
    ("launched_on", "statuses"), [(None, ["done", "to do"]), (OPENED, ["in place", "not in place"])]
)
def test_badges(launched_on: date | None, statuses: list[str]) -> None:
    found = launch_checklist(Checklist(replace(READY, is_covered=False), launched_on))
    assert [row.status for row in found.rows[:2]] == statuses


def test_uncovered_hours_are_no_gap_of_the_checklist_because_the_home_has_a_row_of_its_own() -> None:
    facts = replace(READY, is_covered=False, unapproved_texts=3)
    assert launch_checklist(Checklist(facts, None)).gaps == []
    assert [row.item for row in launch_checklist(Checklist(facts, OPENED)).gaps] == [Item.TEXTS]
