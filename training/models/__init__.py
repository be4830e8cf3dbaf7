"""Training. It belongs to the team plane: fully recorded."""

from .external_training import ExternalTraining
from .imports import Import, ImportRow
from .reminders import Digest, Reminder
from .sessions import Enrollment, GivenSession, Session, SessionSubject
from .subjects import Record, Requirement, Subject, ValidityRule

__all__ = [
    "Digest",
    "Enrollment",
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
