"""What every test watches: whoever changes what processes remember of the team and the program records an act.

Processes compare the newest audit entries (peersupport/audit/remembered.py). An action that writes one of the tables
below and records nothing would leave every process with what it had read before, for up to a minute. What a test writes
by hand is forgotten at once instead.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from peersupport.audit import remembered
from peersupport.audit.models import Entry
from peersupport.incidents.models import Activation, CallOut
from peersupport.program.models import CrisisLine, Launch, ProgramSettings, ProgramText
from peersupport.team.models import Member, MemberKey, Pause, ShiftHandover, User, WeeklyHours
from requests_app.models import RequestSettings, TelephoneOnly
from requests_app.queries import outlines
from training.models import Record, Requirement, Subject, ValidityRule

__all__ = ["acts_are_recorded", "reads_anew"]

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
# Steps of actions that tests call by themselves; what calls them in the program records the act.
STEPS = {"peersupport/team/actions/keys.py:retire_key"}
REMEMBERED = (
    Activation, CallOut, CrisisLine, Launch, Member, MemberKey, Pause, ProgramSettings, ProgramText, Record,
    RequestSettings, Requirement, ShiftHandover, Subject, TelephoneOnly, User, ValidityRule, WeeklyHours,
)  # fmt: skip
# Columns that nobody remembers.
OF_NO_CONSEQUENCE = {
    "password", "session_generation", "email", "password_salt", "sealed_by_password", "recovery_salt",
    "sealed_by_recovery", "about", "notified_about_term_end", "notified_about_wording", "acknowledged_follow_up",
    "offered_to_id", "gaps_notified",
}  # fmt: skip
TABLES = {model._meta.db_table for model in REMEMBERED}
WRITE = re.compile(r'(?P<how>INSERT INTO|UPDATE|DELETE FROM|INSERT OR IGNORE INTO) "(?P<table>\w+)"')
SET = re.compile(r'"(\w+)" = ')


remembered.KEPT_IN_TRANSACTIONS = True


@pytest.fixture(autouse=True)
def acts_are_recorded() -> Iterator[None]:
    forget()
    acts: dict[str, set[str]] = defaultdict(set)

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        if sql.startswith("ROLLBACK"):
            forget()
        is_change = sql.startswith("INSERT") or context["cursor"].rowcount
        if is_change and (table := _remembered_table(sql)):
            if action := _outermost_action():
                acts[action].add(table)
            else:
                forget()
        return answer

    with connection.execute_wrapper(watch):
        yield
    silent = {action: tables for action, tables in acts.items() if Entry._meta.db_table not in tables}
    assert not silent, f"these actions wrote what processes remember, and recorded no act: {silent}"


@pytest.fixture
def reads_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look reads, as the first does: for counting statements, or changing what is read in the middle of it."""
    monkeypatch.setattr(remembered, "KEPT_IN_TRANSACTIONS", False)


def forget() -> None:
    outlines.forget()
    remembered.forget_all()


def _remembered_table(sql: str) -> str:
    """The table that a statement writes, where it matters here."""
    write = WRITE.match(sql)
    if write is None or write["table"] not in TABLES | {Entry._meta.db_table}:
        return ""
    columns = set(SET.findall(sql.partition(" WHERE ")[0])) if write["how"] == "UPDATE" else set()
    return "" if columns and columns <= OF_NO_CONSEQUENCE else write["table"]


def _outermost_action() -> str:
    """The action that a test, a view or a task called; empty where a test writes by hand."""
    frame, found = sys._getframe(2), ""
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(TESTS) and not found:
            return ""
        if path.is_relative_to(ROOT) and ("actions" in path.parts or path.name == "actions.py"):
            found = f"{path.relative_to(ROOT)}:{frame.f_code.co_qualname}"
        frame = frame.f_back
    return "" if found in STEPS else found
