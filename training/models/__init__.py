"""Training. It belongs to the team plane: fully recorded."""

# In the order in which /what-we-keep/ lists the tables.
from .imports import Import, ImportRow  # noqa: I001
from .reminders import Digest, Reminder
from .external_training import ExternalTraining
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
