"""The sentences of the home, from figures alone."""

from dataclasses import replace
from datetime import date

import pytest

from dashboard.domain.launch_checklist import Facts
from dashboard.presenters.home import counted_todos, home, lapse_sentence, next_session
from dashboard.queries.home import Counted, HomeFigures, Lapses
from dashboard.queries.launch import Checklist
from peersupport.core.errors import Refused
from peersupport.team.domain.states import KeyState
from requests_app.domain.wait_reasons import WaitReason, WaitReasonCode
from requests_app.queries.waiting import WaitingSummary
from stats.domain.periods import Period
from stats.queries import OpenYear
from training.counts import SubjectCount
from training.domain.standing import Status
from training.queries.sessions import NextSession

NOTHING = HomeFigures(None, Counted(), None, Lapses(), (), None, None)
NOBODY_WAITS = WaitingSummary(0, 0, 0, 0, 0, 0, 0, on_call=1, free=2, reasons=())
READY = Facts(members_ready=2, is_covered=True, unapproved_texts=0, are_lines_confirmed=True)


def texts(figures: HomeFigures) -> list[str]:
    return [todo.text for todo in home(figures).todos]


def test_empty_home_says_so() -> None:
    assert (home(NOTHING).lead, home(NOTHING).todos) == ("Nothing to do right now.", ())


def test_nobody_waiting_is_the_lead() -> None:
    found = home(replace(NOTHING, waiting=NOBODY_WAITS))
    assert (found.lead, found.todos) == ("Nobody who asked for support is waiting.", ())


@pytest.mark.parametrize(("nobody_left", "is_listed"), [(0, False), (1, True)])
def test_reason_that_can_wait_is_listed_only_while_somebody_waits(nobody_left: int, is_listed: bool) -> None:
    reasons = (WaitReason(WaitReasonCode.ALL_AT_THEIR_CAP),)
    found = home(replace(NOTHING, waiting=replace(NOBODY_WAITS, nobody_left=nobody_left, reasons=reasons)))
    assert ("Team" in [todo.action for todo in found.todos]) is is_listed
    assert bool(found.lead) is not is_listed


def test_before_the_launch_the_checklist_says_the_gaps() -> None:
    waiting = replace(NOBODY_WAITS, reasons=(WaitReason(WaitReasonCode.NOBODY_SERVES),))
    before = replace(NOTHING, waiting=waiting, checklist=Checklist(replace(READY, members_ready=0), None))
    assert home(before).is_before_launch and texts(before) == []
    after = replace(before, checklist=Checklist(replace(READY, members_ready=0), date(2026, 1, 1)))
    assert not home(after).is_before_launch
    assert "No longer in place: At least two members can take requests and get phone alerts" in texts(after)


@pytest.mark.parametrize(
    ("status", "members", "designated", "sentence"),
    [
        (Status.LAPSED, 1, 1, "Training in grief has lapsed for one of one member"),
        (Status.LAPSED, 2, 12, "Training in grief has lapsed for two of 12 members"),
        (Status.EXPIRING, 1, 3, "Training in grief lapses soon for one of three members"),
    ],
)
def test_lapse(status: Status, members: int, designated: int, sentence: str) -> None:
    assert lapse_sentence("Grief", status, members, designated) == sentence


def test_lapses_are_listed_where_there_are_any() -> None:
    standing = {Status.CURRENT: 3, Status.EXPIRING: 1, Status.LAPSED: 0, Status.MISSING: 0}
    lapses = Lapses([SubjectCount("grief", "Grief", 0, standing)], {"grief": NextSession(date(2026, 6, 22), None)})  # type: ignore[arg-type]
    (todo,) = home(replace(NOTHING, lapses=lapses)).todos
    assert (todo.text, todo.detail) == (
        "Training in grief lapses soon for one of four members",
        "Next session: June 22",
    )


@pytest.mark.parametrize(
    ("session", "sentence"),
    [
        (None, ""),
        (NextSession(date(2026, 6, 22), None), "Next session: June 22"),
        (NextSession(date(2026, 6, 22), 1), "Next session: June 22, one spot left"),
        (NextSession(date(2026, 6, 22), 4), "Next session: June 22, four spots left"),
    ],
)
def test_next_session(session: NextSession | None, sentence: str) -> None:
    assert next_session(session) == sentence


@pytest.mark.parametrize(
    ("has_ended", "problem", "found"),
    [
        (False, None, []),
        (True, None, [("2026 can be closed", "Close 2026")]),
        (True, Refused("Row %(row)s is gone.", row=3), [("Nothing can be counted for 2026 right now", "Statistics")]),
    ],
)
def test_open_years(has_ended: bool, problem: Refused | None, found: list[tuple[str, str]]) -> None:
    todos = home(replace(NOTHING, years=[OpenYear(Period(2026, 1), has_ended, problem, "")])).todos
    assert [(todo.text, todo.action) for todo in todos] == found
    assert [todo.detail for todo in todos if todo.needs_attention] == (["Row 3 is gone."] if problem else [])


def test_rail_counts_what_the_home_lists() -> None:
    counted = Counted(keys_to_confirm=dict.fromkeys([7, 8], KeyState.UNCONFIRMED))
    assert [(todo.entry, todo.count) for todo in counted_todos(counted)] == [("team:roster", 2)]
