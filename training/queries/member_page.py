"""What one member's page and their transcript say."""

from dataclasses import dataclass
from datetime import date

from peersupport.program.queries import settings_now
from peersupport.team.models import Member

from ..domain.coverage import Cell
from ..domain.standing import Initial, Year, initial, next_steps, years
from ..models import Record, Subject
from ..presenters.wording import hours_left_words
from . import records as records_queries
from . import subjects as subjects_queries


@dataclass(frozen=True)
class Training:
    member: Member
    today: date
    records: list[Record]
    standings: list[tuple[Subject, Cell]]
    wanting: list[tuple[Subject, Cell]]  # what is not current, the most urgent first
    years: list[Year]
    initial: Initial | None

    @property
    def in_short(self) -> str:
        if self.wanting:
            return "What is current, until when, and what comes next."
        left = hours_left_words(self.initial, self.years)
        return f"Every subject is current. {left}" if left else "Everything is current."


def training_of(member: Member, today: date) -> Training:
    records, asked, cells = (
        records_queries.records_of(member),
        subjects_queries.asked(),
        records_queries.cells_of(member, today),
    )
    worked = [(each.completed_on, each.hours) for each in records]
    subjects = {each.code: each for each in subjects_queries.subjects_in_use()}
    return Training(
        member=member,
        today=today,
        records=records,
        standings=[(subjects[code], cell) for code, cell in cells.items()],
        wanting=[(subjects[code], cell) for code, cell in next_steps(cells)],
        years=years(worked, asked, settings_now().year_starts_month, today),
        initial=initial(worked, asked),
    )


def initial_of(member: Member) -> Initial | None:
    """How far somebody's initial training is; None for who has not begun."""
    worked = [(each.completed_on, each.hours) for each in records_queries.records_of(member)]
    return initial(worked, subjects_queries.asked())
