"""What is on record of one member, for their page and their transcript."""

from dataclasses import dataclass
from datetime import date

from peersupport.program.queries import settings_now
from peersupport.team.models import Member

from ..domain.hours import InitialTraining, YearHours, hours_by_year, initial_training
from ..domain.standing import Standing, subjects_to_train
from ..models import Record, Subject
from . import records as records_queries
from . import subjects as subjects_queries


@dataclass(frozen=True)
class MemberTraining:
    """years: newest first; initial: None for a member without any record."""

    member: Member
    today: date
    records: list[Record]
    standings: list[tuple[Subject, Standing]]
    to_train: list[tuple[Subject, Standing]]  # what is not current, the most urgent first
    years: list[YearHours]
    initial: InitialTraining | None


def member_training(member: Member, today: date) -> MemberTraining:
    records, requirements = records_queries.records_of(member), subjects_queries.hours_requirements()
    standings = records_queries.standings_of(member, today)
    completed = [(record.completed_on, record.hours) for record in records]
    subjects = {subject.code: subject for subject in subjects_queries.subjects_in_use()}
    return MemberTraining(
        member=member,
        today=today,
        records=records,
        standings=[(subjects[code], standing) for code, standing in standings.items()],
        to_train=[(subjects[code], standing) for code, standing in subjects_to_train(standings)],
        years=hours_by_year(completed, requirements, settings_now().year_starts_month, today),
        initial=initial_training(completed, requirements),
    )


def initial_of(member: Member) -> InitialTraining | None:
    """Progress of a member's initial training; None without any record."""
    completed = [(record.completed_on, record.hours) for record in records_queries.records_of(member)]
    return initial_training(completed, subjects_queries.hours_requirements())
