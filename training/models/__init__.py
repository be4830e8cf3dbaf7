"""What members are trained in. The team plane: fully recorded."""

from .imports import Import, ImportRow
from .reminders import Digest, Reminder
from .reports import ExternalTraining
from .sessions import Enrolment, GivenSession, Session, SessionSubject
from .subjects import Record, Requirement, Subject, ValidityRule

__all__ = [
    "Digest",
    "Enrolment",
    "ExternalTraining",
    "GivenSession",
    "Import",
    "ImportRow",
    "Record",
    "Reminder",
    "Requirement",
    "Session",
    "SessionSubject",
    "Subject",
    "ValidityRule",
]
